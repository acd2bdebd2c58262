"""Erases what keepers want erased, in slices, so that everybody else gets their turn between them. A restart goes on where it was."""

import time
from collections.abc import Callable

from teahouse.storage import clearings
from teahouse.storage.committer import Committer
from teahouse.storage.log import Transaction

SLICE_S = 0.008
"""How long one slice may hold the only writer. Its first message goes whatever it takes."""


async def clear(committer: Committer, now_s: Callable[[], float] = time.perf_counter) -> None:
    """Go on until nothing is left to erase."""

    def slice_of_it(tx: Transaction) -> bool:
        began_s = now_s()
        return clearings.go_on(tx, lambda: now_s() - began_s < SLICE_S)

    while await committer.run(slice_of_it):
        pass
