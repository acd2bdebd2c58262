"""What unfinished requests and unread answers hold in memory, all together and by network, and whose goes when it is too much."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class HeldBytes(Generic[T]):
    """At most `limit` bytes. Above it the network that holds most gives up what it has held longest, by `give_up`, until it fits.

    `give_up` lets go of the holder, which ends in `hold(…, 0)`.
    """

    def __init__(self, limit: int, give_up: Callable[[T], None]) -> None:
        self.total = 0
        self._limit = limit
        self._give_up = give_up
        self._held: dict[str, dict[T, int]] = {}
        """By network: its holders, the one that began longest ago first."""
        self._by_network: dict[str, int] = {}

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
        self._by_network[network] = self._by_network.get(network, 0) + more
        if not held:
            del self._held[network], self._by_network[network]
        while self.total > self._limit:
            most = max(self._by_network, key=self._by_network.__getitem__)
            self._give_up(next(iter(self._held[most])))
