"""The places for connections: who has one, and who gives way when there is none left (docs/decisions/0019).

A connection holds a slot from `accept` to its end, whatever protocol speaks on it. While it is not live it counts for its network;
when all slots are taken, the largest of these sharers loses the connection that rested longest. Nobody's live socket goes.
"""

from collections import Counter
from collections.abc import Callable, Hashable

import structlog

from teahouse.gateways.address import Proxies, network
from teahouse.gateways.held_bytes import HeldBytes, Sharer
from teahouse.gateways.shares import Shares
from teahouse.gateways.turns import Turns
from teahouse.throttle import Throttle

SETTLED_S = 1.0
"""So long a connection has rested before one of its own network takes its place: a crowd that comes at once does not put itself out."""
MAX_RESTING_STRANGERS = 5000
"""With more connections without a session than these, one that rested gives way though there is room: each holds some 8 KiB."""
MAX_CROWD = 7000
"""With so many of one network that have not even rested, its next one is told to come later; a crowd's handshakes take no second."""
TURNOVER_PER_S = 100
"""How fast one network replaces its own resting connections; taking one in and sending one away costs ten times a refusal."""
MAX_HELD_BYTES = 16 << 20
"""What requests that are not whole and answers that nobody reads may hold together, of all who are strangers, and at old doors."""
MAX_HELD_BYTES_OF_KNOWN = 8 << 20
"""The same of those who have a session and are not live: an account of its own, so that no stranger's bytes cut their upload."""
QUIET_S = 60.0
"""A house that was not full for so long is full anew, and that is worth another line in the log."""

_log = structlog.get_logger("connections")


class Slots:
    """At most `limit` connections. The caller owns the clock, which gives seconds."""

    def __init__(self, limit: int, proxies: Proxies, now_s: Callable[[], float]) -> None:
        self.limit = limit
        self.turns = Turns()
        self.displaced: Counter[str] = Counter()
        """How many connections gave way, by what they were: `stranger`, `known`, `practice`."""
        self.now_s = now_s
        self._proxies = proxies
        self._taken = 0
        self._strangers: Shares[Slot] = Shares()
        self._known: Shares[Slot] = Shares()
        self._idle: Shares[Slot] = Shares()
        """Both of these: whoever holds most of all gives first, so that known connections keep nobody else out."""
        self.held: HeldBytes[Slot] = HeldBytes(MAX_HELD_BYTES, self._displace)
        self.held_by_known: HeldBytes[Slot] = HeldBytes(MAX_HELD_BYTES_OF_KNOWN, self._displace)
        self._turnover = Throttle(TURNOVER_PER_S, TURNOVER_PER_S)
        self._full_at = -QUIET_S

    def __len__(self) -> int:
        return self._taken

    def take(self, address: str) -> "Slot | None":
        """Return a slot for a connection that comes from `address`, None where there is no room and nobody gives way to it."""
        of = None if self._proxies.trusts(address) else network(address)
        if self._taken >= self.limit:
            self._tell()
            leaving = self._next_to_go(of)
            if leaving is None:
                return None
            self._displace(leaving)
        elif len(self._strangers) >= MAX_RESTING_STRANGERS:
            resting = self._resting_stranger(of)
            is_own = of is not None and (resting.network == of if resting else self._strangers.held_by(of) >= MAX_CROWD)
            if is_own and (resting is None or self._turnover.take(of, self.now_s())):
                return None
            if resting is not None:
                self._displace(resting)
        self._taken += 1
        return Slot(self, of)

    def sharers(self) -> tuple[int, int]:
        """Return how many networks have a connection without a session, and how many the largest has."""
        return self._strangers.networks, self._strangers.largest

    def release(self) -> None:
        self._taken -= 1

    def shares(self, slot: "Slot") -> "tuple[Shares[Slot], Shares[Slot]]":
        """Return where a connection counts: among all that do nothing, and among its own kind."""
        return self._idle, self._known if slot.is_known else self._strangers

    def _displace(self, leaving: "Slot") -> None:
        self.displaced["known" if leaving.is_known else "stranger"] += 1
        leaving.give_way()

    def _next_to_go(self, newcomer: str | None) -> "Slot | None":
        """Return who gives way: of the network that holds most, known or not, what has settled, its strangers first."""
        found = self._idle.next_to_go(newcomer)
        if found is None:
            return None
        largest, _ = found
        rested_before = self.now_s() - SETTLED_S
        for shares in (self._strangers, self._known):
            slot = shares.idlest_of(largest)
            if slot is not None and slot.since_s <= rested_before:
                return slot
        fresh = self._strangers.idlest_of(largest)
        if fresh is not None and largest != newcomer:
            return fresh
        return self._resting_stranger(newcomer)  # what is known and has not settled may wait for its answer

    def _resting_stranger(self, newcomer: str | None) -> "Slot | None":
        found = self._strangers.next_to_go(newcomer)
        return found[1] if found is not None and found[1].since_s <= self.now_s() - SETTLED_S else None

    def _tell(self) -> None:
        now = self.now_s()
        if now - self._full_at >= QUIET_S:
            networks, largest = self.sharers()
            _log.warning(
                "the house is full: connections that are not live give way, or newcomers are turned away",
                connections=self._taken,
                without_session=len(self._strangers),
                networks=networks,
                largest_share=largest,
            )
        self._full_at = now


class Slot:
    """One connection's place. Whatever speaks on the connection says how it goes; the last to speak closes it, once or more often."""

    __slots__ = ("_end", "_network", "_own_network", "_owner", "_shared_as", "_slots", "_state", "since_s")

    def __init__(self, slots: Slots, of: str | None) -> None:
        self.since_s = slots.now_s()
        self._slots = slots
        self._own_network = self._network = of
        self._end: Callable[[], None] | None = None
        self._owner: Hashable | None = None
        self._state = "stranger"
        self._shared_as: str | None = None
        self._share()

    @property
    def network(self) -> str:
        """Whose share the connection counts for; empty where a trusted proxy has not said yet for whom it came."""
        return self._network or ""

    @property
    def line(self) -> tuple[str, bool]:
        """In which line the connection waits for its turn: who is live not behind ten thousand of their network who come back."""
        return self.network, self.is_live

    @property
    def turns(self) -> Turns:
        """What all connections share of a turn of the loop."""
        return self._slots.turns

    @property
    def is_known(self) -> bool:
        return self._state == "known"

    @property
    def is_live(self) -> bool:
        return self._state == "live"

    @property
    def is_closed(self) -> bool:
        return self._state == "closed"

    def attach(self, end: Callable[[], None]) -> None:
        """Say how to end the connection at once; it may have lost its place while it was being opened."""
        self._end = end
        if self.is_closed:
            end()

    def begin(self, of: str) -> None:
        """A request's head has come, from the network `of`: nobody knows yet who sends it."""
        self._become("stranger", of)

    def know(self, owner: Hashable | None = None) -> None:
        """Who sends the request has a session, of the payer `owner` or of whoever it was before; what is held is theirs from here on."""
        is_news = not self.is_known or owner not in (None, self._owner)
        held = self._account.held_by(self._sharer, self) if is_news else 0
        if is_news:
            self.hold(0)
            self._owner = self._owner if owner is None else owner
        self._become("known", self._network)
        if held:
            self.hold(held)

    def live(self) -> None:
        """Somebody who is known reads here as long as they like."""
        self.hold(0)
        self._become("live", self._network)

    def rest(self) -> None:
        """The request is answered; what a proxy keeps open is nobody's in particular."""
        self._become("known" if self.is_live else self._state, self._own_network)

    def hold(self, count: int, *, also_live: bool = False) -> None:
        """Say how many bytes of unfinished requests and unread answers there are here; it may cost the connection its place.

        Who is live has bounds of their own, but at old doors, where anybody is: there it counts `also_live`.
        """
        if not self.is_closed:
            self._account.hold(self._sharer, self, count if also_live or not self.is_live else 0)

    @property
    def _account(self) -> HeldBytes["Slot"]:
        return self._slots.held_by_known if self.is_known else self._slots.held

    @property
    def _sharer(self) -> Sharer:
        """Whose the bytes are that are held here."""
        return Sharer(self.network, self._owner if self.is_known else None)

    def close(self) -> None:
        """The connection is gone."""
        self.hold(0)
        if not self.is_closed:
            self._become("closed", None)
            self._slots.release()
        self._end = None

    def give_way(self) -> None:
        """Leave the place to somebody else, at once."""
        end = self._end
        self.close()
        if end is not None:
            end()

    def _become(self, state: str, of: str | None) -> None:
        if self.is_closed:
            return
        self.since_s = self._slots.now_s()
        shares_on = (self._state, self._network) == (state, of)
        if shares_on and self._shared_as is not None:
            for shares in self._slots.shares(self):
                shares.touch(self._shared_as, self)
        elif not shares_on:
            # What is held for another network is said anew for whoever it counts for from here on.
            held = self._account.held_by(self._sharer, self) if of == self._network else 0
            self.hold(0)
            self._unshare()
            self._state, self._network = state, of
            self._share()
            self.hold(held)

    def _share(self) -> None:
        if self._network is not None and self._state in ("stranger", "known"):
            self._shared_as = self._network
            for shares in self._slots.shares(self):
                shares.add(self._shared_as, self)

    def _unshare(self) -> None:
        if self._shared_as is not None:
            for shares in self._slots.shares(self):
                shares.discard(self._shared_as, self)
            self._shared_as = None
