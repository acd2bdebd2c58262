"""How many live connections one network address may have: an office is one address, and its people must fit while there is room."""

from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

Key = TypeVar("Key")

PEOPLE_PER_SOCKET = 5
"""So many times as many people may be live from one address as connections beyond their first ones: each person takes a sign-in."""


class Crowds:
    """Counts by address. `sockets` bounds the connections beyond each person's first, and five times as many people may have one."""

    def __init__(self, sockets: int) -> None:
        self.people = PEOPLE_PER_SOCKET * sockets
        self._sockets = sockets
        self._people: Counter[str] = Counter()
        self._further: Counter[str] = Counter()
        self._of_person: Counter[tuple[str, Hashable]] = Counter()

    def excess(self, address: str, person: Hashable) -> str:
        """Return in words which limit one more connection of this person would pass, or nothing."""
        if self._of_person[address, person]:
            return f"{self._sockets} further connections from one address" if self._further[address] >= self._sockets else ""
        return f"{self.people} people from one address" if self._people[address] >= self.people else ""

    def add(self, address: str, person: Hashable) -> None:
        counter = self._further if self._of_person[address, person] else self._people
        counter[address] += 1
        self._of_person[address, person] += 1

    def remove(self, address: str, person: Hashable) -> None:
        take_one(self._of_person, (address, person))
        take_one(self._further if self._of_person[address, person] else self._people, address)


def take_one(counter: Counter[Key], key: Key) -> None:
    """Count one less; what is not there takes no place."""
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
