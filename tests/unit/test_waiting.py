"""A request whose asker is gone: what was begun for it ends."""

import asyncio
from typing import Any

import pytest

from teahouse.errors import Unavailable
from teahouse.gateways.http.waiting import while_asked
from tests.storage.held import settle


class Asker:
    """A request of somebody who hangs up when the test says so."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.told = 0

    async def receive(self) -> Any:
        self.told += 1
        if self.told == 1:
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}


class Work:
    def __init__(self) -> None:
        self.end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.is_cancelled = False

    async def __call__(self) -> str:
        try:
            return await self.end
        except asyncio.CancelledError:
            self.is_cancelled = True
            raise


async def test_what_the_work_returns_is_the_answer() -> None:
    asker: Any = Asker()
    work = Work()
    answer = asyncio.ensure_future(while_asked(asker, work()))
    await settle()
    work.end.set_result("tea")
    assert await answer == "tea"


async def test_what_the_work_raises_is_raised() -> None:
    asker: Any = Asker()
    work = Work()
    work.end.set_exception(OSError("the disk is gone"))
    with pytest.raises(OSError, match="gone"):
        await while_asked(asker, work())


async def test_when_the_asker_is_gone_the_work_is_cancelled() -> None:
    asker: Any = Asker()
    work = Work()
    answer = asyncio.ensure_future(while_asked(asker, work()))
    await settle()
    asker.gone.set()
    with pytest.raises(Unavailable):
        await answer
    await settle()
    assert work.is_cancelled


async def test_when_the_request_is_cancelled_so_is_the_work() -> None:
    asker: Any = Asker()
    work = Work()
    answer = asyncio.ensure_future(while_asked(asker, work()))
    await settle()
    answer.cancel()
    await settle()
    assert work.is_cancelled and answer.cancelled()
