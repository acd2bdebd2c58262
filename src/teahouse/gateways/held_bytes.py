"""What unfinished requests and unread answers hold in memory, by network and person, and whose goes when it is too much together."""

from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key")
T = TypeVar("T")


class Sharer(NamedTuple):
    """Whose bytes they are: a person's, or their programs', within their network, where one is known. Strangers of one network are one."""

    network: str
    person: Hashable | None = None


class HeldBytes(Generic[T]):
    """At most `limit` bytes. Above it somebody gives up what they held longest, by `give_up`, until it fits.

    It is the person who holds most within the network that holds most: so a crowd of one network cuts nobody elsewhere, and one
    person no colleague. `give_up` lets go of the holder, which ends in `hold(…, 0)`.
    """

    def __init__(self, limit: int, give_up: Callable[[T], None]) -> None:
        self.total = 0
        self._limit = limit
        self._give_up = give_up
        self._held: dict[Sharer, dict[T, int]] = {}
        """The holders of each sharer, the one that began longest ago first."""
        self._by_network: _Counts[str] = _Counts()
        self._by_person: dict[str, _Counts[Sharer]] = {}
        """By network."""

    def held_by(self, sharer: Sharer, holder: T) -> int:
        return self._held.get(sharer, {}).get(holder, 0)

    def hold(self, sharer: Sharer, holder: T, count: int) -> None:
        """Note that `holder`, of `sharer`, holds `count` bytes now."""
        held = self._held.get(sharer, {})
        more = count - held.get(holder, 0)
        if more == 0:
            return
        if count:
            self._held.setdefault(sharer, held)[holder] = count
        else:
            del held[holder]
        if not held:
            del self._held[sharer]
        self.total += more
        self._by_network.add(sharer.network, more)
        people = self._by_person.setdefault(sharer.network, _Counts())
        people.add(sharer, more)
        if not people:
            del self._by_person[sharer.network]
        while self.total > self._limit:
            most = self._by_person[self._by_network.largest()].largest()
            self._give_up(next(iter(self._held[most])))


class _Counts(Generic[Key]):
    """Sums by key, of which the largest is known to an eighth.

    So no step looks at all keys: of networks, whoever has an IPv6 prefix has thousands.
    """

    def __init__(self) -> None:
        self._sums: dict[Key, int] = {}
        self._by_rank: dict[int, dict[Key, None]] = {}
        """The keys with about as much, the one that has had it for longest first."""

    def __len__(self) -> int:
        return len(self._sums)

    def largest(self) -> Key:
        return next(iter(self._by_rank[max(self._by_rank)]))

    def add(self, key: Key, more: int) -> None:
        before = self._sums.get(key, 0)
        after = before + more
        old, new = _rank(before), _rank(after)
        if after:
            self._sums[key] = after
        else:
            del self._sums[key]
        if old == new:
            return
        if old:
            del self._by_rank[old][key]
            if not self._by_rank[old]:
                del self._by_rank[old]
        if new:
            self._by_rank.setdefault(new, {})[key] = None


def _rank(count: int) -> int:
    """Eight ranks to a doubling, some two hundred in all; nothing has rank 0."""
    shift = max(count.bit_length() - 4, 0)
    return shift * 8 + (count >> shift)
