"""Who gets through the WebSocket handshake and hello, over raw sockets (safety.md, "WebSocket and stream")."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.faults.server import GENEROUS, Server
from tests.gateways.house import Knock, knocking
from tests.gateways.raw import Raw, command, upgrade
from tests.gateways.stranger import Session, sign_in

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("witness")]

SETTINGS = GENEROUS | {"SOCKETS_PER_USER": "5"}
HASTY = GENEROUS | {"HANDSHAKE_TIMEOUT_S": "2", "HEADER_TIMEOUT_S": "2", "HELLO_TIMEOUT_S": "2", "SWEEP_INTERVAL_S": "0.5"}


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A house that waits for nobody, for those who keep it waiting; a good client on a busy machine may be as slow."""
    with Server(tmp_path_factory.mktemp("hasty") / "data", HASTY) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def hurried(hasty: Server) -> AsyncIterator[tuple[Raw, Session]]:
    """A connection to it, and a session that is good there."""
    session = await sign_in(hasty.address, f"Slow {uuid4().hex[:8]}")
    async with knocking(hasty) as knock:
        yield await knock(), session


async def status(knock: Knock, session: Session, **changes: str | None) -> int:
    """The answer to a handshake that differs from a good one by `changes`."""
    return await (await knock()).request(upgrade(session, **changes))


async def test_a_good_handshake_is_let_in(knock: Knock, session: Session) -> None:
    assert await status(knock, session) == 101


@pytest.mark.parametrize(
    "changes",
    [
        {"Connection": "Upgrade\r\nConnection: keep-alive"},
        {"Connection": "keep-alive\r\nConnection: Upgrade"},
        {"Connection": "keep-alive, Upgrade"},
        {"Upgrade": "h2c\r\nUpgrade: websocket"},
        {"Upgrade": "websocket, h2c"},
    ],
)
async def test_headers_in_several_lines_or_with_other_offers_are_let_in(knock: Knock, session: Session, changes: dict[str, str]) -> None:
    assert await status(knock, session, **changes) == 101


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://{host}:{port}",
        "http://{host}:1",
        "http://{host}",
        "http://{host}.evil.example:{port}",
        "http://{host}:{port}.evil.example",
        "http://evil.example/{host}:{port}",
        "http://evil@{host}:{port}",
        "http://{host}:{port}@evil.example",
        "http://{host}:{port}/",
        "http://{host}:{port}, http://evil.example",
        "http://{host}:{port} http://evil.example",
        "http://localhost:{port}",
        "file://",
        "chrome-extension://{host}:{port}",
        "",
    ],
)
async def test_a_page_of_another_origin_is_refused(knock: Knock, session: Session, origin: str) -> None:
    parts = urlsplit(session.address)
    assert await status(knock, session, Origin=origin.format(host=parts.hostname, port=parts.port)) == 403


async def test_a_cookie_without_an_origin_is_refused(knock: Knock, session: Session) -> None:
    assert await status(knock, session, Origin=None) == 403


async def test_two_origins_are_refused_though_one_is_right(knock: Knock, session: Session) -> None:
    evil_first = f"http://evil.example\r\nOrigin: {session.address}"
    own_first = f"{session.address}\r\nOrigin: http://evil.example"
    assert await status(knock, session, Origin=evil_first) in (400, 403)
    assert await status(knock, session, Origin=own_first) in (400, 403)


@pytest.mark.parametrize("cookie", [None, "", "teahouse_session=", "teahouse_session=made-up", "other=1", "\x80\xff=;;;"])
async def test_without_a_session_the_handshake_is_refused(knock: Knock, session: Session, cookie: str | None) -> None:
    assert await status(knock, session, Cookie=cookie) == 401


async def test_a_token_in_the_address_is_no_session(knock: Knock, session: Session) -> None:
    raw = await knock()
    request = upgrade(session, Cookie=None).replace(b"GET /ws ", f"GET /ws?teahouse_session={session.cookie} ".encode())
    assert await raw.request(request) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"Sec_WebSocket_Version": "7"},
        {"Sec_WebSocket_Version": None},
        {"Sec_WebSocket_Key": None},
        {"Sec_WebSocket_Key": "short"},
        {"Sec_WebSocket_Protocol": "chat, superchat"},
    ],
)
async def test_a_malformed_handshake_is_refused(knock: Knock, session: Session, changes: dict[str, str | None]) -> None:
    assert await status(knock, session, **changes) in (400, 426)


async def test_half_a_handshake_is_hung_up_on_in_time(hurried: tuple[Raw, Session]) -> None:
    raw, session = hurried
    request = upgrade(session)
    await raw.send(request[: len(request) // 2])
    assert b" 101 " not in await raw.hung_up()


async def test_silence_instead_of_hello_is_closed_in_time(hurried: tuple[Raw, Session]) -> None:
    raw, session = hurried
    assert await raw.request(upgrade(session)) == 101
    assert await raw.close_code() == 4002


async def test_half_a_hello_is_closed_in_time(hurried: tuple[Raw, Session]) -> None:
    raw, session = hurried
    assert await raw.request(upgrade(session)) == 101
    await raw.send(command(type="hello", id=1)[:9])
    assert await raw.close_code() == 4002


async def test_a_word_that_nobody_knows_is_no_hello(hurried: tuple[Raw, Session]) -> None:
    raw, session = hurried
    assert await raw.request(upgrade(session)) == 101
    await raw.send(command(type="dance"))
    assert await raw.close_code() == 4002


@pytest.mark.parametrize("first", [{"type": "ping"}, {"type": "post", "room": 1, "text": "hi", "client_id": "a"}])
async def test_something_else_than_hello_first_is_closed(knock: Knock, session: Session, first: dict[str, object]) -> None:
    raw = await knock()
    assert await raw.request(upgrade(session)) == 101
    await raw.send(command(**first))
    assert await raw.close_code() == 4002


async def test_one_user_opens_only_so_many_sockets_and_those_inside_stay(knock: Knock, session: Session) -> None:
    crowd = await sign_in(session.address, "Crowd")
    inside = [await knock() for _ in range(5)]
    for raw in inside:
        await raw.greet(crowd)
    late = await knock()
    assert await late.request(upgrade(crowd)) == 101
    assert await late.close_code() == 1013
    for raw in inside:
        assert (await raw.answer(command(type="ping", id=5)))["type"] == "pong"
    await late.hung_up()  # though it does not answer the close: else it would hold a socket beyond the limit for ever
