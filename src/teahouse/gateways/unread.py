"""What live connections keep for readers who do not take it: one bound for all together, and whose connection ends above it.

`held_bytes.py` says whose that is, as it does of requests that are not whole. The accounts are two, since a page of long messages is
fifty times as much as an upload: readers on slow lines would put out each other, and whoever uploads beside them (docs/decisions/0019).
"""

import asyncio
from collections.abc import Callable, Hashable

from teahouse.gateways.address import network
from teahouse.gateways.held_bytes import HeldBytes, Sharer

MAX_UNREAD_BYTES = 32 << 20
NEWS_BYTES = 64 << 10
"""What is new in a room goes to all its readers in one turn and is read by most in the next: so much counts only once it is late."""
LATE_TICKS = 2
"""What was there at so many ticks, and nothing of it taken between them, is late."""


class UnreadBytes:
    """At most `limit` bytes of all readers together, those not late that are no more than news left out."""

    def __init__(self, limit: int) -> None:
        self.given_up = 0
        """How many readers lost their connection."""
        self.held: HeldBytes[Unread] = HeldBytes(limit, self._give_up)

    def _give_up(self, unread: "Unread") -> None:
        self.given_up += 1
        unread.end()
        # Whoever holds most may be who is being written to just now.
        asyncio.get_running_loop().call_soon(unread.cut)


class Unread:
    """What one reader has not taken. Its owner says how much that is, ticks it and ends it; `cut` ends the connection."""

    __slots__ = ("_all", "_count", "_is_over", "_sharer", "_ticks", "cut")

    def __init__(self, all_unread: UnreadBytes, address: str, person: Hashable, cut: Callable[[], None]) -> None:
        self.cut = cut
        self._all = all_unread
        self._sharer = Sharer(network(address), person)
        self._count = self._ticks = 0
        self._is_over = False

    def hold(self, count: int) -> None:
        """Note that `count` bytes are kept now."""
        if not self._is_over:
            self._count = count
            self._all.held.hold(self._sharer, self, count if self._ticks >= LATE_TICKS else max(count - NEWS_BYTES, 0))

    def arrived(self, left: int) -> None:
        """Note that the reader took something, after which `left` bytes are kept."""
        self._ticks = 0
        self.hold(left)

    def tick(self) -> None:
        self._ticks = self._ticks + 1 if self._count else 0
        self.hold(self._count)

    def end(self) -> None:
        """Nothing is kept, from here on."""
        self.hold(0)
        self._is_over = True
