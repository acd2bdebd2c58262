"""Tiny texts of draft 76 by the thousand: few in a turn of the loop, a bound in the long run, nothing after the end."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

from teahouse.gateways.desk import Desk
from teahouse.gateways.doors.backlog import Backlog
from teahouse.gateways.doors.door import Door
from teahouse.gateways.doors.draft76_socket import Draft76Socket
from teahouse.gateways.intake import SLICE_BYTES
from teahouse.gateways.slots import Slot
from teahouse.throttle import Throttle
from tests.support.places import places

EMPTY = b"\x00\xff"
"""The least text: a slice holds 512 of them."""


def opened(burst: int, slot: Slot) -> tuple[Draft76Socket, Mock]:
    """A socket after its handshake, and the guest who is at it."""
    transport = Mock(is_closing=Mock(return_value=False))
    desk = SimpleNamespace(max_message_bytes=1000, connections=Mock(), frames=Throttle(1, burst))
    socket = Draft76Socket(cast(Desk, desk), cast(Door, Mock()), set[Any](), slot)
    socket.connection_made(transport)
    socket._admission = Mock()
    guest = Mock(backlog=Backlog(lambda: None))
    socket._guest = guest
    return socket, guest


async def test_a_turn_takes_a_slice_of_them() -> None:
    take = places()
    crowd = [opened(burst=10**6, slot=take("192.0.2.1")) for _ in range(3)]
    for socket, _ in crowd:
        socket.data_received(EMPTY * 100_000)
    for turn in range(10):
        assert sum(guest.receive.call_count for _, guest in crowd) == turn * SLICE_BYTES // len(EMPTY), "of all together"
        await asyncio.sleep(0)
    for socket, _ in crowd:
        socket.connection_lost(None)


async def test_beyond_the_rate_it_ends_and_nothing_more_is_taken() -> None:
    socket, guest = opened(burst=600, slot=places()("192.0.2.1"))
    socket.data_received(EMPTY * 100_000)
    for _ in range(5):
        await asyncio.sleep(0)
        socket.data_received(EMPTY * 1000)
    assert guest.receive.call_count == SLICE_BYTES // len(EMPTY)
    assert guest.leave.called
