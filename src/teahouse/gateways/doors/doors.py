"""All old doors of a house: made from what is configured, told who comes and goes, closed at the end."""

from teahouse.delivery.presence import Presence
from teahouse.gateways.dialects.doors import DIALECTS
from teahouse.gateways.doors.door import Door, Lodge
from teahouse.gateways.doors.porch import Porch
from teahouse.model import Here

PREFIX = "/doors/"
"""Where doors lie that have no port of their own."""


class Doors:
    """Doors that lead to the same room share its porch, so that people at one see those at another come and go."""

    def __init__(self, lodge: Lodge, presence: Presence) -> None:
        self.all: list[Door] = []
        self.lodge = lodge
        self._presence = presence
        self._porches: dict[int, Porch] = {}

    def add(
        self,
        dialect: str,
        room: int,
        *,
        house: str,
        own_port: bool,
        on_loopback: bool,
        origins: tuple[str, ...],
        needs_token: bool,
        public_url: str | None,
        draft76: bool = False,
    ) -> Door:
        """Make a door; whoever serves it asks `door_protocol` for its sockets."""
        if room not in self._porches:
            self._porches[room] = Porch(lambda: self._presence.here(room), self.lodge.clock_ms)
        door = Door(
            dialect=dialect,
            house=house,
            room=room,
            prefix="" if own_port else f"{PREFIX}{dialect}",
            entrance=DIALECTS[dialect],
            origins=origins,
            needs_token=needs_token,
            public_url=public_url,
            on_loopback=on_loopback,
            draft76=draft76,
            lodge=self.lodge,
            porch=self._porches[room],
        )
        self.all.append(door)
        return door

    def note(self, here: Here) -> None:
        """Hear who came to and went from a room."""
        porch = self._porches.get(here.room)
        if porch is not None:
            porch.note(here)

    async def close(self) -> None:
        """Store what is known of how far everyone has read."""
        await self.lodge.marks.close()
