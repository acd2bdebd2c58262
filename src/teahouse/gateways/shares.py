"""Who holds how many of something that runs out, and what the largest sharer used least lately. Every step takes the same short time."""

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Shares(Generic[T]):
    """Holdings by network, in each the one that rested longest first. A holding is here once, under one network."""

    def __init__(self) -> None:
        self._held: dict[str, OrderedDict[T, None]] = {}
        self._by_size: dict[int, OrderedDict[str, None]] = {}
        """The networks that hold so many, the one that rested longest first."""
        self._largest = self._holdings = 0

    def __len__(self) -> int:
        return self._holdings

    @property
    def networks(self) -> int:
        return len(self._held)

    @property
    def largest(self) -> int:
        """How many the largest sharer holds."""
        return self._largest

    def held_by(self, network: str) -> int:
        return len(self._held.get(network, ()))

    def idlest_of(self, network: str) -> T | None:
        """Return what rested longest of all that a network holds."""
        return next(iter(self._held.get(network, ())), None)

    def add(self, network: str, holding: T) -> None:
        held = self._held.setdefault(network, OrderedDict())
        held[holding] = None
        self._resize(network, len(held) - 1, len(held))

    def touch(self, network: str, holding: T) -> None:
        """Let a holding have rested least of all."""
        held = self._held[network]
        held.move_to_end(holding)
        self._by_size[len(held)].move_to_end(network)

    def discard(self, network: str, holding: T) -> None:
        held = self._held[network]
        del held[holding]
        self._resize(network, len(held) + 1, len(held))
        if not held:
            del self._held[network]

    def next_to_go(self, newcomer: str | None) -> tuple[str, T] | None:
        """Return the holding of the largest sharer that rested longest, of the `newcomer`'s own network where none holds more."""
        if not self._largest:
            return None
        networks = self._by_size[self._largest]
        network = newcomer if newcomer is not None and newcomer in networks else next(iter(networks))
        return network, next(iter(self._held[network]))

    def _resize(self, network: str, before: int, after: int) -> None:
        self._holdings += after - before
        if before:
            networks = self._by_size[before]
            del networks[network]
            if not networks:
                del self._by_size[before]
        if after:
            self._by_size.setdefault(after, OrderedDict())[network] = None
        if after > self._largest or (before == self._largest and before not in self._by_size):
            self._largest = after  # sizes change by one: whoever was alone the largest is so still, or nobody holds anything
