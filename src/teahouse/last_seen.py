"""Where people came from last: gathered in memory, stored now and then, forgotten after a while.

What is stored is for keepers alone. What is remembered says, too, whose doings are counted together (`pace.py`, `search.py`).
"""

from collections import OrderedDict
from collections.abc import Callable

from teahouse.networks import as_network, counted_as
from teahouse.storage import addresses
from teahouse.storage.committer import Committer

DAY_MS = 86_400_000
AGAIN_MS = 3_600_000
"""How long the same address of somebody is not stored again."""
REMEMBERED = 50_000
AT_ONCE = 500
"""People whose address is stored in one transaction."""


class LastSeen:
    """One network a person, the last. With `days` 0 nothing is stored."""

    def __init__(self, committer: Committer, clock_ms: Callable[[], int], days: int) -> None:
        self._committer = committer
        self._clock_ms = clock_ms
        self._days = days
        self._new: dict[int, tuple[str, int]] = {}
        self._heard: OrderedDict[int, tuple[str, int]] = OrderedDict()
        """What was heard last of each, as it came, so that a request that says nothing new costs a look."""

    def network_of(self, user_id: int) -> str | None:
        """Return the network from which somebody came last, since this process started; None where it is not known."""
        known = self._heard.get(user_id)
        return None if known is None else counted_as(known[0])

    def note(self, user_id: int, address: str) -> None:
        """Hear that somebody came from `address`. What is not stored before the process ends is heard again when they come back."""
        now = self._clock_ms()
        known = self._heard.get(user_id)
        if known is not None and known[0] == address and now - known[1] < AGAIN_MS:
            return
        network = as_network(address)
        if network is None:
            return
        if self._days:
            self._new[user_id] = network, now
        self._heard[user_id] = address, now
        self._heard.move_to_end(user_id)
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)

    async def store(self) -> None:
        """Store what was heard."""
        while self._new:
            some = [(user_id, *self._new.pop(user_id)) for user_id in list(self._new)[:AT_ONCE]]
            await self._committer.run(lambda tx, some=some: addresses.put(tx, some))  # type: ignore[misc]

    async def forget(self) -> None:
        """Erase what is older than it may be."""
        before = self._clock_ms() - self._days * DAY_MS
        await self._committer.run(lambda tx: addresses.forget_before(tx, before))
