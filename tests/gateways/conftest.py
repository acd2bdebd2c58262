"""A real server for each file of tests, people who arrive at it, a rascal, and a witness that nothing of his touches."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.faults.server import GENEROUS, Server
from tests.gateways.house import LOBBY, Arrive, Knock, arriving, knocking, say
from tests.gateways.raw import Raw
from tests.gateways.stranger import Session, Stranger, sign_in


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for the whole file, with the file's own SETTINGS if it has any."""
    settings = getattr(request.module, "SETTINGS", GENEROUS)
    with Server(tmp_path_factory.mktemp("house") / "data", settings) as running:
        yield running


@pytest.fixture
async def arrive(server: Server) -> AsyncIterator[Arrive]:
    async with arriving(server) as arrive:
        yield arrive


@pytest.fixture(scope="module")
def owner_key(server: Server) -> str:
    return str(server.ready["owner_link"]).partition("#owner=")[2]


@pytest.fixture(scope="module")
def sessions() -> dict[str, Session]:
    return {}


@pytest.fixture
async def olga(server: Server, owner_key: str, sessions: dict[str, Session]) -> AsyncIterator[Stranger]:
    """The house's owner, the same in every test of the file."""
    if "owner" not in sessions:
        sessions["owner"] = await sign_in(server.address, "Olga", owner_key=owner_key)
    async with Stranger(sessions["owner"]) as client:
        await client.connect()
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lasting_witness(server: Server) -> AsyncIterator[Stranger]:
    async with await Stranger.arrive(server.address, "Witness") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def witness(lasting_witness: Stranger) -> AsyncIterator[Stranger]:
    """Someone whose one connection outlives every test of the file, and who is heard after each."""
    yield lasting_witness
    assert lasting_witness.connected
    seq = await say(lasting_witness, LOBBY, f"still here after {lasting_witness.seen[LOBBY]}")
    assert lasting_witness.entries[-1]["seq"] == seq
    assert lasting_witness.faults == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(server: Server) -> Session:
    """The rascal's session."""
    return await sign_in(server.address, "Rascal")


@pytest_asyncio.fixture(loop_scope="module")
async def knock(server: Server) -> AsyncIterator[Knock]:
    async with knocking(server) as knock:
        yield knock


@pytest_asyncio.fixture(loop_scope="module")
async def rascal(session: Session, knock: Knock, witness: Stranger) -> Raw:
    """A connection after hello, about to misbehave while the witness looks on."""
    raw = await knock()
    await raw.greet(session)
    return raw
