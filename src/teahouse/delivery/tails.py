"""What the tails of all logs hold together: whoever fills room after room fills no more memory than one busy room takes."""

from typing import TYPE_CHECKING

from teahouse.delivery.frames import Frame

if TYPE_CHECKING:
    from teahouse.delivery.channel import Channel

TAILS_WEIGHT = 16 << 20
"""Of weight, which counts a text once: in memory there are its renderings too, one for each dialect that somebody reads."""


class Tails:
    """Keeps frames in the tails of their channels. When all hold too much, the ones that were added to longest ago are emptied.

    A reader who is a little behind in such a log reads the database.
    """

    def __init__(self, max_weight: int = TAILS_WEIGHT) -> None:
        self.weight = 0
        self._max_weight = max_weight
        self._by_use: dict[Channel, None] = {}

    def push(self, channel: "Channel", frame: Frame) -> None:
        before = channel.tail.weight
        channel.tail.push(frame)
        self.weight += channel.tail.weight - before
        self._by_use.pop(channel, None)
        self._by_use[channel] = None
        while self.weight > self._max_weight and len(self._by_use) > 1:
            self.drop(next(iter(self._by_use)))

    def drop(self, channel: "Channel") -> None:
        """Forget what the channel's tail holds."""
        if channel in self._by_use:
            del self._by_use[channel]
            self.weight -= channel.tail.weight
            channel.tail.clear()
