"""Work that ends when whoever asked for it is gone: an HTTP server tells of that only who listens."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from litestar import Request
from litestar.types import Receive

from teahouse.errors import Unavailable

T = TypeVar("T")


async def while_asked(request: Request[Any, Any, Any], work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns; when the connection closes first, it is cancelled. For requests without a body.

    Raise Unavailable then, which nobody reads.
    """
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(_gone(request.receive))
    try:
        await asyncio.wait([task, watch], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Unavailable("whoever asked is gone")
        return task.result()
    finally:
        watch.cancel()
        task.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
