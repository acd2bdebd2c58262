"""What all sockets of one old door share: its room, its rules, and the ways into the rest of the house."""

import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from teahouse.auth import Identity, Proof
from teahouse.chat import Chat
from teahouse.delivery.hub import Hub
from teahouse.doorkeeper import Doorkeeper
from teahouse.errors import Conflict
from teahouse.gateways.connections import Connections
from teahouse.gateways.dialects.spoken import FindEntrance, Words
from teahouse.gateways.doors.foreign_pages import ForeignPages
from teahouse.gateways.doors.given_up import GivenUp
from teahouse.gateways.doors.marks import Marks
from teahouse.gateways.doors.porch import Porch
from teahouse.gateways.doors.rendering import Frame, Rendering
from teahouse.throttle import Throttle

Identify = Callable[[str | None, int], Awaitable[Identity]]
"""(token, room) -> the guest who signed in at a door to that room; NotSignedIn for nobody."""


@dataclass(frozen=True, kw_only=True)
class Lodge:
    """What the doors of a house have in common."""

    chat: Chat
    hub: Hub
    keeper: Doorkeeper
    connections: Connections
    identify: Identify
    prove: Callable[[Proof], Awaitable[Identity]]
    marks: Marks
    letters: Throttle
    """How often one person may write to names that nobody has come by yet."""
    clock_ms: Callable[[], int]
    per_address: int
    names: dict[str, Callable[[], None]] = field(default_factory=dict)
    """Folded names that someone at a door has now, each with how to ask whether they are still there."""
    addresses: Counter[str] = field(default_factory=Counter)
    given_up: GivenUp = field(default_factory=GivenUp)
    foreign_pages: ForeignPages = field(default_factory=ForeignPages)

    def take_place(self, network: str) -> bool:
        """Count one more socket from a network, if there may be one; nobody needs to be known for that yet."""
        if self.addresses[network] >= self.per_address:
            self.connections.turned_away(f"{self.per_address} sockets at old doors from one address")
            return False
        self.addresses[network] += 1
        return True

    def take_name(self, key: str, challenge: Callable[[], None]) -> None:
        """Note that somebody has a folded name now, and how to ask whether they are still there. Whoever has it is asked, with Conflict."""
        asked = self.names.get(key)
        if asked is not None:
            asked()
            raise Conflict("someone by that name is here now; if that was you, come again in a moment", code="name_taken")
        self.names[key] = challenge

    def give_place(self, network: str) -> None:
        self.addresses[network] -= 1
        if not self.addresses[network]:
            del self.addresses[network]


@dataclass(frozen=True, kw_only=True)
class Door:
    """One configured door. `prefix` is what comes before its own paths where it shares the house's port."""

    dialect: str
    house: str
    room: int
    prefix: str
    entrance: FindEntrance
    origins: tuple[str, ...]
    needs_token: bool
    public_url: str | None
    on_loopback: bool
    draft76: bool
    lodge: Lodge
    porch: Porch
    _renderings: dict[tuple[Words, Frame], Rendering] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def has_inside(self, people: Iterable[int]) -> bool:
        """Say whether all of these are in the room that this door leads to."""
        return all(self.lodge.hub.member_since(each, self.room) is not None for each in people)

    def rendering(self, words: Words, frame: Frame) -> Rendering:
        """Return the one object by which delivery knows this dialect here."""
        known = self._renderings.get((words, frame))
        if known is None:
            known = Rendering(words, self.room, frame, self.lodge.chat.peer, lambda: next(self._numbers))
            self._renderings[words, frame] = known
        return known
