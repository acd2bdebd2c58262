"""What an HTTP connection leaves behind when it is gone: nothing that waits for a garbage collection, which comes seldom."""

import gc
import weakref

import pytest

from teahouse.gateways.address import Proxies
from teahouse.gateways.slots import Slots
from tests.gateways.http.test_pace import GET, Server, turns


@pytest.mark.parametrize("words", [b"", GET[:9], GET, GET * 9], ids=["none", "half a request", "a request", "requests"])
@pytest.mark.parametrize("is_busy", [False, True], ids=["begun", "not begun"])
async def test_a_connection_that_is_gone_leaves_no_cycle_behind(words: bytes, is_busy: bool) -> None:
    slots = Slots(2, Proxies([]), lambda: 0.0)
    server = Server(slots.take("192.0.2.1"))
    gc.collect()
    gc.disable()
    try:
        server.protocol.data_received(words[:9])
        if is_busy:
            slots.turns.spend(1000)
        server.protocol.data_received(words[9:])
        if not is_busy:
            await turns(3)
        server.protocol.connection_lost(None)
        server.app.may_answer.set()
        protocol = weakref.ref(server.protocol)
        del server
        await turns(20)
        assert protocol() is None
    finally:
        gc.enable()
