"""Erases, and tells rooms who left, in slices, so that everybody else gets their turn between them. A restart goes on where it was."""

import time
from collections.abc import Callable

from teahouse.storage import clearings, departures
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction

SLICE_S = 0.008
"""How long one slice may hold the only writer. Its first message goes whatever it takes."""


async def clear(committer: Committer, now_s: Callable[[], float] = time.perf_counter, *, at_once: bool = False) -> bool:
    """Go on until nothing can be erased now; say whether something waits for its time. Where no server runs, `at_once` waits for none."""

    def slice_of_it(tx: Transaction) -> bool:
        began_s = now_s()
        return clearings.go_on(tx, lambda: now_s() - began_s < SLICE_S, at_once=at_once)

    while await committer.run(slice_of_it):
        pass
    return await committer.run(lambda tx: clearings.waits(tx.connection))


async def tell_departures(database: Database, committer: Committer) -> None:
    """Tell the rooms of those who have gone, until all are told."""
    if await database.read(departures.waits):
        while await committer.run(departures.go_on):
            pass
