"""Replies that are being spoken: shown to a room while they grow, never stored. What stays is the message posted at their end.

A reply is known by the client_id of that message, so that whoever sees the message knows that the reply is over.
"""

from collections.abc import Callable

from msgspec import structs

from teahouse import policy
from teahouse.errors import NotFound
from teahouse.model import ReplyBegin, ReplyDelta, ReplyEnd, Signal, User
from teahouse.roster import Seat


class Reply:
    """One reply while it grows. Its speaker adds to it, tells the room now and then, and ends it whatever happened."""

    def __init__(self, begin: ReplyBegin, signal: Callable[[int, Signal], None], forget: Callable[["Reply"], None]) -> None:
        self.text = ""
        self.stopped = False
        self.on_stop: Callable[[], object] = _nothing
        """Called when someone stops it; the speaker then comes to an end."""
        self._shown = begin
        self._signal = signal
        self._forget = forget

    @property
    def room(self) -> int:
        return self._shown.room

    @property
    def client_id(self) -> str:
        return self._shown.client_id

    @property
    def asker(self) -> int:
        return self._shown.asker

    @property
    def shown(self) -> ReplyBegin:
        """What the room was told so far, as one signal for someone who comes now."""
        return self._shown

    def add(self, text: str) -> None:
        self.text += text

    def tell(self) -> None:
        """Tell the room what was added since the last time."""
        said = self.text[len(self._shown.text) :]
        if said:
            part = self._shown.part + 1
            self._shown = structs.replace(self._shown, part=part, text=self.text)
            self._signal(self.room, ReplyDelta(self.room, self.client_id, part, said))

    def remind(self) -> None:
        """Tell the room all so far: it heals what a congested reader missed, and shows that the speaker is alive."""
        self._signal(self.room, self._shown)

    def stop(self) -> None:
        self.stopped = True
        self.on_stop()

    def end(self) -> None:
        self._forget(self)
        self._signal(self.room, ReplyEnd(self.room, self.client_id))


class Replies:
    """Every reply that is being spoken in this process."""

    def __init__(self, require: Callable[[int, int], Seat], signal: Callable[[int, Signal], None]) -> None:
        self._require = require
        self._signal = signal
        self._growing: dict[int, dict[str, Reply]] = {}

    def begin(self, by: User, room: int, client_id: str, asker: int, reply_to: int | None = None) -> Reply:
        """Show the room that `by` is about to answer `asker`, with the message that will carry `client_id`."""
        begin = ReplyBegin(room, by, client_id, asker, 0, "", reply_to)
        reply = Reply(begin, self._signal, self._forget)
        self._growing.setdefault(room, {})[client_id] = reply
        self._signal(room, begin)
        return reply

    def shown(self, room: int) -> list[ReplyBegin]:
        """Return what someone who comes to the room now has missed of the replies there."""
        return [reply.shown for reply in self._growing[room].values()] if room in self._growing else []

    def stop(self, user: User, room: int, client_id: str) -> None:
        """Let a reply end with what was said so far: for whoever asked, and for those who manage the room."""
        seat = self._require(user.id, room)
        reply = self._growing.get(room, {}).get(client_id)
        if reply is None:
            raise NotFound("that reply has ended")
        policy.check_stop(user, seat.role, reply.asker)
        reply.stop()

    def _forget(self, reply: Reply) -> None:
        growing = self._growing.get(reply.room, {})
        growing.pop(reply.client_id, None)
        if not growing:
            self._growing.pop(reply.room, None)


def _nothing() -> None:
    pass
