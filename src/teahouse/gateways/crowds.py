"""How many live connections one network address may have: an office is one address, and its people must fit while there is room."""

from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

from teahouse.gateways.address import network

Key = TypeVar("Key")

OWN = 2
"""Connections that each person has for themselves, such as a page and a phone, whatever others of their address have."""
PEOPLE_PER_SOCKET = 5
"""So many times as many people may be live from one address as connections beyond their own: each person takes a sign-in."""


class Crowds:
    """Counts by address. `sockets` bounds the connections beyond each person's own, and five times as many people may have these."""

    def __init__(self, sockets: int) -> None:
        self.people = PEOPLE_PER_SOCKET * sockets
        self._sockets = sockets
        self._people: Counter[str] = Counter()
        self._further: Counter[str] = Counter()
        self._of_person: Counter[tuple[str, Hashable]] = Counter()

    def excess(self, address: str, person: Hashable) -> str:
        """Return in words which limit one more connection of this person would pass, or nothing."""
        address = network(address)
        has = self._of_person[address, person]
        if not has:
            return f"{self.people} people from one address" if self._people[address] >= self.people else ""
        is_full = has >= OWN and self._further[address] >= self._sockets
        return f"{self._sockets} further connections from one address" if is_full else ""

    def add(self, address: str, person: Hashable) -> None:
        address = network(address)
        has = self._of_person[address, person]
        self._people[address] += not has
        self._further[address] += has >= OWN
        self._of_person[address, person] += 1

    def remove(self, address: str, person: Hashable) -> None:
        address = network(address)
        take(self._of_person, (address, person), 1)
        left = self._of_person[address, person]
        take(self._people, address, not left)
        take(self._further, address, left >= OWN)


def take(counter: Counter[Key], key: Key, count: int) -> None:
    """Count so many less; what is not there takes no place."""
    counter[key] -= count
    if not counter[key]:
        del counter[key]
