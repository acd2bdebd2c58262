"""A person's programs use up nothing of the person's page, and twenty programs no more than one."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.faults.server import GENEROUS, Server
from tests.gateways.house import Arrive, Knock, knocking, rest
from tests.gateways.raw import Raw, command
from tests.gateways.stranger import Refused, Stranger
from tests.gateways.test_tokens import JSON, bearing, token

SOCKETS, SEARCHES, HELLOS, COMMANDS = 3, 4, 6, 30
SETTINGS = {
    **GENEROUS,
    "SOCKETS_PER_USER": str(SOCKETS),
    "SEARCH_BURST": str(SEARCHES),
    "SEARCH_RATE_PER_S": "0.01",
    "COMMAND_BURST": str(COMMANDS),
    "COMMANDS_PER_S": "0.01",
}
"""What is used up once stays so while a test lasts."""


@pytest.fixture
async def knock(server: Server) -> AsyncIterator[Knock]:
    """In the test's own loop, as `arrive` does."""
    async with knocking(server) as knock:
        yield knock


async def hello(knock: Knock, person: Stranger, secret: str) -> tuple[Raw, dict[str, Any]]:
    raw = await knock()
    assert await raw.request(bearing(person, secret)) == 101
    await raw.send(command(type="hello", id=1))
    return raw, await raw.event("welcome", "error")


def program(person: Stranger, secret: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=person.session.address, headers={"Authorization": f"Bearer {secret}", **JSON}, trust_env=False)


async def until_refused(http: httpx.AsyncClient, path: str, at_most: int) -> int:
    """Return how often `path` was answered before it was too much."""
    for count in range(at_most + 1):
        answer = await http.get(path)
        if answer.status_code != 200:
            assert answer.json()["code"] == "too_much"
            return count
    raise AssertionError(f"{path} was answered {at_most + 1} times")


async def ask_without_end(person: Stranger, path: str, at_most: int) -> None:
    """Let a program of somebody ask until it is refused, and see that another token of theirs gets no more."""
    first, second = (await token(person, "read"))[0], (await token(person, "read"))[0]
    async with program(person, first) as http:
        assert await until_refused(http, path, at_most) == at_most
    async with program(person, second) as http:
        assert await until_refused(http, path, at_most) == 0


async def test_a_program_that_says_hello_over_and_over_keeps_its_persons_page_in(arrive: Arrive, knock: Knock) -> None:
    person = await arrive("Hello")
    first, second = (await token(person, "read"))[0], (await token(person, "read"))[0]
    for _ in range(HELLOS):
        raw, event = await hello(knock, person, first)
        assert event["type"] == "welcome"
        await raw.close()
    for secret in (first, second):
        raw, event = await hello(knock, person, secret)
        assert event["code"] == "too_much"
        await raw.close()

    assert (await person.connect())["type"] == "welcome"
    assert (await person.ask("ping"))["type"] == "pong"


@pytest.mark.parametrize("road", ["websocket", "events", "polls"])
async def test_a_program_with_many_connections_leaves_its_persons_page_theirs(arrive: Arrive, knock: Knock, road: str) -> None:
    person = await arrive(f"Sockets {road}")
    first, second = (await token(person, "read"))[0], (await token(person, "read"))[0]
    for _ in range(SOCKETS):
        assert (await hello(knock, person, first))[1]["type"] == "welcome"
    one_more = await knock()
    assert await one_more.request(bearing(person, second)) == 101
    assert await one_more.close_code() == 1013
    async with program(person, second) as http:
        assert (await http.post("/api/v1/polls", content='{"type":"hello"}')).json()["code"] == "too_much"

    person.road = road
    assert (await person.connect())["type"] == "welcome"


async def test_a_program_that_asks_without_end_leaves_its_persons_requests_and_commands(arrive: Arrive) -> None:
    person = await arrive("Requests")
    await ask_without_end(person, "/api/v1/me", COMMANDS)

    assert (await person.ask("ping"))["type"] == "pong"
    async with rest(person) as http:
        assert (await http.get("/api/v1/tokens")).status_code == 200


async def test_a_program_that_commands_without_end_leaves_its_persons_commands(arrive: Arrive, knock: Knock) -> None:
    person = await arrive("Commands")
    first, second = (await token(person, "read"))[0], (await token(person, "read"))[0]
    raw, _ = await hello(knock, person, first)
    await raw.send(b"".join(command(type="ping", id=number) for number in range(2, COMMANDS + 2)))
    events = [await raw.event("pong", "error") for _ in range(COMMANDS)]
    assert [event["type"] for event in events] == ["pong"] * (COMMANDS - 1) + ["error"]
    assert (await hello(knock, person, second))[1]["code"] == "too_much"

    assert (await person.ask("ping"))["type"] == "pong"


async def test_a_program_that_searches_without_end_leaves_its_persons_searches(arrive: Arrive) -> None:
    person = await arrive("Searches")
    await ask_without_end(person, "/api/v1/search?q=tea", SEARCHES)

    for _ in range(SEARCHES):
        assert (await person.ask("search", query="tea"))["found"] == []
    with pytest.raises(Refused, match="too_much"):
        await person.ask("search", query="tea")
