"""Tiny frames by the thousand: whoever sends them is cut off, and everyone else is served meanwhile."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest
import pytest_asyncio
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from teahouse.gateways import turns
from teahouse.gateways.connections import Connections
from teahouse.gateways.intake import SLICE_BYTES, WORK_PER_TURN
from teahouse.gateways.slots import Slot
from teahouse.gateways.websocket import Desk, WebSocketDoor
from teahouse.throttle import Throttle
from tests.faults.server import Server
from tests.gateways.house import LOBBY, Knock
from tests.gateways.raw import CONTINUATION, PING, PONG, TEXT, Raw, command, frame, upgrade
from tests.gateways.stranger import Stranger, sign_in
from tests.gateways.test_tokens import bearing, token
from tests.support.places import places

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTINGS = {
    "COMMANDS_PER_S": "1",
    "MESSAGE_RATE_PER_S": "1",
    "MESSAGE_BURST": "400",
    "MAX_TEXT_BYTES": "1024",
    "SIGN_INS_PER_MINUTE_PER_ADDRESS": "1000",
}
"""Else as it comes: 200 commands at once, and four times as many frames, which is what short messages want, too. Hardly any come back while
a test lasts, however long that is."""

BURST = 800
A_READ = 256_000
FLOODS = {
    "pings": frame(PING),
    "pongs": frame(PONG),
    "long pings": frame(PING, b"x" * 125),
    "empty texts": frame(TEXT),
    "messages in two parts": frame(TEXT, fin=False) + frame(CONTINUATION),
    "pings around fragments": frame(TEXT, b'{"type":', fin=False) + frame(PING) + frame(CONTINUATION, b'"ping"}'),
}


Enter = Callable[[], Awaitable[Raw]]


@pytest_asyncio.fixture(loop_scope="module")
async def enter(server: Server, knock: Knock, witness: Stranger) -> Enter:
    """Open a connection of somebody new, who has said hello, while the witness looks on."""

    async def enter() -> Raw:
        raw = await knock()
        await raw.greet(await sign_in(server.address, f"Flood {next(_numbers)}"))
        return raw

    return enter


_numbers = itertools.count(1)


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_flood_is_closed_and_somebody_else_is_served(enter: Enter, flood: str) -> None:
    raw = await enter()
    raw.writer.write(FLOODS[flood] * (10 * A_READ // len(FLOODS[flood])))
    assert await raw.close_code() == 4029


@pytest.mark.parametrize("flood", ["pings", "pongs", "empty texts"])
async def test_a_flood_before_hello_is_closed_as_well(server: Server, knock: Knock, witness: Stranger, flood: str) -> None:
    raw = await knock()
    assert await raw.request(upgrade(await sign_in(server.address, f"Flood {next(_numbers)}"))) == 101
    raw.writer.write(FLOODS[flood] * (10 * A_READ // len(FLOODS[flood])))
    assert await raw.close_code() == 4029


async def test_who_was_cut_off_and_comes_back_is_bound_by_the_same_rate(server: Server, knock: Knock, witness: Stranger) -> None:
    session = await sign_in(server.address, f"Flood {next(_numbers)}")
    sent = []
    for count in (2 * BURST, BURST // 2):
        raw = await knock()
        assert await raw.request(upgrade(session)) == 101
        await raw.send(frame(PONG) * count)
        sent.append(await raw.close_code())
    assert sent == [4029, 4029]


async def test_a_program_gone_mad_ends_itself_and_not_its_persons_page(server: Server, knock: Knock, witness: Stranger) -> None:
    async with await Stranger.arrive(server.address, f"Flood {next(_numbers)}") as person:
        secrets = [(await token(person, "read"))[0] for _ in range(2)]
        for secret, count in zip(secrets, (2 * BURST, BURST // 2), strict=True):  # a token more is no more frames
            raw = await knock()
            assert await raw.request(bearing(person, secret)) == 101
            await raw.send(frame(PONG) * count)
            assert await raw.close_code() == 4029
        assert (await person.ask("ping"))["type"] == "pong"
        assert person.connected


async def test_two_hundred_posts_at_once_are_no_flood(enter: Enter) -> None:
    bot = await enter()
    await bot.send(b"".join(command(type="post", id=n, room=LOBBY, text=f"{n}", client_id=f"paste-{n}") for n in range(199)))
    assert [(await bot.event("ok", "error"))["type"] for _ in range(199)] == ["ok"] * 199


async def test_a_few_hundred_pings_at_once_are_answered_all(enter: Enter) -> None:
    raw = await enter()
    await raw.send(b"".join(frame(PING, b"%d" % number) for number in range(300)))
    pongs = [frame for frame in [await raw.frame() for _ in range(300)] if frame[0] == PONG]
    assert [payload for _, payload in pongs] == [b"%d" % number for number in range(len(pongs))]
    assert len(pongs) > 290  # the rest is who else came and went


# By the turn


class Countable(WebSocketDoor):
    """Without slots, so that a test may look in."""


class Socket:
    """A door with an open WebSocket whose frames and turns can be counted."""

    def __init__(self, burst: int = 10**6, slot: Slot | None = None) -> None:
        self.transport = Mock(is_closing=Mock(return_value=False), can_write_eof=Mock(return_value=True), get_write_buffer_size=lambda: 0)
        desk = SimpleNamespace(
            connections=Connections(max_connections=9, per_user=9, per_address=9),
            max_message_bytes=65_536,
            max_fragments=64,
            frames=Throttle(1, burst),
        )
        self.door = Countable(cast(Desk, desk), set[Any](), slot or places()("192.0.2.1"))
        self.door.connection_made(self.transport)
        self.door._protocol = ServerProtocol(state=OPEN, max_size=65_536)
        self.door._open = True
        self.door.connection = Mock()
        self.door.connection.end = self.door.close
        self.taken = 0
        take = self.door._take_frame
        self.door._take_frame = self._count(take)  # type: ignore[method-assign]

    def _count(self, take: Any) -> Any:
        def counted(frame: Any) -> None:
            self.taken += 1
            take(frame)

        return counted

    @property
    def written(self) -> bytes:
        return b"".join(call.args[0] for call in self.transport.write.call_args_list)


async def test_a_turn_takes_few_frames_and_another_socket_is_heard_between() -> None:
    take = places()
    loud, other = Socket(slot=take("192.0.2.1")), Socket(slot=take("192.0.2.2"))
    loud.door.data_received(frame(PONG) * 40_000)
    most = WORK_PER_TURN + SLICE_BYTES // 6 + 1
    for turn in range(30):
        assert turn <= loud.taken <= turn * most
        other.door.data_received(frame(TEXT, b"hi"))
        assert other.taken >= turn - 1, "two turns later at most"
        await asyncio.sleep(0)
    loud.door.connection_lost(None)


async def test_a_turn_takes_few_frames_of_all_sockets_of_a_network_together() -> None:
    take = places()
    crowd, other = [Socket(slot=take("192.0.2.1")) for _ in range(50)], Socket(slot=take("192.0.2.2"))
    most = turns.WORK_PER_TURN + SLICE_BYTES // 6 + 1
    for turn in range(30):
        before = sum(one.taken for one in crowd)
        for one in crowd:
            one.door.data_received(frame(PONG) * 60)
        other.door.data_received(frame(TEXT, b"hi"))
        assert other.taken >= turn - 1, "two turns later at most"
        await asyncio.sleep(0)
        assert 0 < sum(one.taken for one in crowd) - before <= 2 * most
    for one in crowd:
        one.door.connection_lost(None)


async def test_nothing_is_taken_after_our_goodbye() -> None:
    socket = Socket()
    socket.door.data_received(frame(PONG) * 10_000)
    socket.door.close(1012, "restart")
    taken, written = socket.taken, socket.written
    for _ in range(5):
        socket.door.data_received(frame(PING) * 10_000)
        await asyncio.sleep(0)
    assert (socket.taken, socket.written) == (taken, written)
    assert socket.transport.write_eof.called


async def test_nothing_is_taken_after_the_frame_that_closes() -> None:
    socket = Socket()
    socket.door.data_received(frame(0x2, b"binary") + frame(PONG) * 100)
    assert socket.taken == 1


async def test_frames_beyond_the_rate_are_not_looked_at() -> None:
    socket = Socket(burst=100)
    socket.door.data_received(frame(TEXT, b"hi") * 120)
    assert socket.taken <= 100
    assert b"\x0f\xbd" in socket.written  # 4029


async def test_answers_to_pings_do_not_pile_up_for_who_does_not_read() -> None:
    socket = Socket()

    def fill(data: bytes) -> None:
        if len(socket.written) > 16_384:
            socket.door.pause_writing()

    socket.transport.write.side_effect = fill
    socket.door.data_received(frame(PING, b"x" * 125) * 2_000)
    for _ in range(50):
        await asyncio.sleep(0)
    assert 16_384 < len(socket.written) < 16_384 + 2 * SLICE_BYTES
    socket.door.connection_lost(None)
