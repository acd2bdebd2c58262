"""Erases, and tells rooms who left, in slices, so that everybody else gets their turn between them. A restart goes on where it was."""

import time
from collections.abc import Callable

from teahouse.storage import clearings, departures
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction

SLICE_S = 0.008
"""How long one slice may hold the only writer. Its first message goes whatever it takes."""


async def clear(committer: Committer, *, at_once: bool = False) -> bool:
    """Go on until nothing can be erased now; say whether something waits for its time. Where no server runs, `at_once` waits for none."""
    while await erase_some(committer, at_once=at_once):
        pass
    return await waits(committer)


async def erase_some(committer: Committer, now_s: Callable[[], float] = time.perf_counter, *, at_once: bool = False) -> bool:
    """Erase a slice of what can be erased now, and say whether there may be more."""

    def slice_of_it(tx: Transaction) -> bool:
        began_s = now_s()
        return clearings.go_on(tx, lambda: now_s() - began_s < SLICE_S, at_once=at_once)

    return await committer.run(slice_of_it)


async def waits(committer: Committer) -> bool:
    """Say whether anything is left to erase, now or later."""
    return await committer.run(lambda tx: clearings.waits(tx.connection))


async def tell_some(database: Database, committer: Committer) -> bool:
    """Tell a few rooms who has left them, if there are any, and say whether there may be more."""
    return await database.read(departures.waits) and await committer.run(departures.go_on)
