"""What the cursors of a client that comes back are worth.

A cursor above its log's head counts entries that never happened in this life of the database: a backup was restored, or a copy of the
folder was put back. Then no cursor means anything, for below the heads too other entries may stand now.
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse import wire

if TYPE_CHECKING:
    from teahouse.gateways.connection import House


@dataclass(frozen=True)
class Worth:
    """`inbox_head` is None where the stream cannot be resumed."""

    inbox_head: int | None = None
    other_life: bool = False


async def worth(hello: wire.Hello, house: "House", inbox: int, rooms: Container[int]) -> Worth:
    """Judge the cursors of a hello whose sayer reads `rooms` and their own `inbox`. Raise Unavailable.

    Other logs' heads are nobody's business, so their cursors prove nothing. What the hub has heard of is committed; whatever is above
    is asked of the database, for this server may lag behind another one.
    """
    if hello.epoch is None:
        return Worth()
    if hello.epoch != house.epoch:
        return Worth(other_life=True)
    mine = {log: seen for log, seen in hello.cursors.items() if log in rooms or log == inbox}
    doubtful = [log for log, seen in mine.items() if seen > (house.hub.head(log) or 0)]
    heads = await house.chat.heads([inbox, *doubtful])
    if any(mine[log] > heads[log] for log in doubtful):
        return Worth(other_life=True)
    seen = mine.get(inbox)
    return Worth(heads[inbox] if seen is not None and heads[inbox] - seen <= house.resume_limit else None)
