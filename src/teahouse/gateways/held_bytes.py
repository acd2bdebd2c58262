"""What unfinished requests and unread answers hold in memory, all together and by network or person, and whose goes when it is too much."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class HeldBytes(Generic[T]):
    """At most `limit` bytes. Above it the network, or person, that holds most gives up what it held longest, by `give_up`, until it fits.

    `give_up` lets go of the holder, which ends in `hold(…, 0)`. The most is known to an eighth: so no step looks at all networks,
    of which whoever has an IPv6 prefix has thousands.
    """

    def __init__(self, limit: int, give_up: Callable[[T], None]) -> None:
        self.total = 0
        self._limit = limit
        self._give_up = give_up
        self._held: dict[str, dict[T, int]] = {}
        """By network: its holders, the one that began longest ago first."""
        self._by_network: dict[str, int] = {}
        self._by_rank: dict[int, dict[str, None]] = {}
        """The networks that hold about as much, the one that has for longest first."""

    def held_by(self, network: str, holder: T) -> int:
        return self._held.get(network, {}).get(holder, 0)

    def hold(self, network: str, holder: T, count: int) -> None:
        """Note that `holder`, of `network`, holds `count` bytes now."""
        held = self._held.get(network, {})
        more = count - held.get(holder, 0)
        if more == 0:
            return
        if count:
            self._held.setdefault(network, held)[holder] = count
        else:
            del held[holder]
        self.total += more
        before = self._by_network.get(network, 0)
        self._by_network[network] = before + more
        self._rank_anew(network, before, before + more)
        if not held:
            del self._held[network], self._by_network[network]
        while self.total > self._limit:
            most = next(iter(self._by_rank[max(self._by_rank)]))
            self._give_up(next(iter(self._held[most])))

    def _rank_anew(self, network: str, before: int, after: int) -> None:
        old, new = _rank(before), _rank(after)
        if old == new:
            return
        if old:
            del self._by_rank[old][network]
            if not self._by_rank[old]:
                del self._by_rank[old]
        if new:
            self._by_rank.setdefault(new, {})[network] = None


def _rank(count: int) -> int:
    """Eight ranks to a doubling, some two hundred in all; nothing has rank 0."""
    shift = max(count.bit_length() - 4, 0)
    return shift * 8 + (count >> shift)
