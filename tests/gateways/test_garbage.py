"""What a socket leaves behind when it is gone: nothing that waits for a garbage collection, which comes seldom."""

import gc
import weakref
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest

from teahouse.gateways.connections import Connections
from teahouse.gateways.websocket import Desk, WebSocketDoor
from tests.support.places import places


@pytest.mark.parametrize(
    "last_words", [b"", b"GET /ws HTTP/1.1\r\nHost", b"no HTTP at all\r\n\r\n"], ids=["none", "half a request", "rubbish"]
)
async def test_a_socket_that_is_gone_leaves_no_cycle_behind(last_words: bytes) -> None:
    gc.collect()
    gc.disable()
    try:
        door = WebSocketDoor(
            cast(
                Desk,
                SimpleNamespace(
                    connections=Connections(max_connections=9, per_user=9, per_address=9),
                    max_message_bytes=1000,
                    max_fragments=9,
                    proxies=Mock(),
                ),
            ),
            set[Any](),
            places()("192.0.2.1"),
        )
        door.connection_made(Mock(get_extra_info=Mock(return_value=("127.0.0.1", 1))))
        door.data_received(last_words)
        door.eof_received()
        door.connection_lost(None)
        protocol = weakref.ref(door._protocol)
        del door
        assert protocol() is None
    finally:
        gc.enable()
