"""Keeping the peace from the command line: on a house that runs it holds at once, and on one that does not as well."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.faults.server import GENEROUS, Server
from tests.gateways.house import LOBBY, Arrive, say
from tests.gateways.stranger import Refused, Stranger, sign_in
from tests.support.patience import LONG_PATIENCE_S, PATIENCE_S

SETTINGS = GENEROUS


async def teahouse(server: Server, *arguments: str, code: int = 0) -> str:
    """Run a command beside the server; return what it printed."""
    command = [sys.executable, "-m", "teahouse", *arguments, "--data", str(server.data)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=LONG_PATIENCE_S, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def visitor(server: Server, client: Stranger) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.address, cookies={"teahouse_session": client.session.cookie}, trust_env=False)


async def test_a_ban_from_the_command_line_holds_on_a_running_house(server: Server, arrive: Arrive) -> None:
    pest, witness = await arrive("Pest"), await arrive("Onlooker")
    seq = await say(pest, LOBBY, "buy now")
    assert "Pest" in await teahouse(server, "ban", "pest", "--for", "2h", "--reason", "advertising", "--remove-since", "1h")
    await pest.until(lambda: pest.close_code is not None)
    assert pest.close_code == 4004
    await witness.until(lambda: any(entry["fact"] == {"type": "removed", "message": seq, "author": pest.id} for entry in witness.entries))
    assert "advertising" in await teahouse(server, "bans")
    await teahouse(server, "unban", "Pest")
    async with asyncio.timeout(PATIENCE_S), visitor(server, pest) as http:
        while (await http.get("/api/v1/me")).status_code != 200:
            pass  # the server takes it up within a moment
    listed = await teahouse(server, "log")
    assert listed.count("the command line: ") == 3 and "banned Pest" in listed and "unbanned Pest" in listed


async def test_sessions_end_and_words_go_from_the_command_line(server: Server, arrive: Arrive) -> None:
    pest, witness = await arrive("Rude"), await arrive("Witness")
    seq = await say(pest, LOBBY, "buy now")
    assert "Rude" in await teahouse(server, "remove-messages", "rude", "--since", "1h", "--reason", "advertising")
    await witness.until(lambda: any(entry["fact"] == {"type": "removed", "message": seq, "author": pest.id} for entry in witness.entries))
    assert "Ended 1 of Rude" in await teahouse(server, "end-sessions", "Rude")
    await pest.until(lambda: pest.close_code is not None)
    assert "Nobody here is called 'Rude'" in await teahouse(server, "end-sessions", "Rude", code=2)
    listed = await teahouse(server, "log")
    assert "cleared Rude" in listed and "advertising" in listed and "signed_off Rude" in listed


async def test_a_ban_is_lifted_by_its_number_the_persons_id_or_their_name_and_nobodys_name_diverts_it(
    server: Server, arrive: Arrive
) -> None:
    await arrive("Bob")
    number, bob = re.findall(r"([0-9]+)  Bob \((#[0-9]+)\)", await teahouse(server, "ban", "Bob"))[0]
    await arrive(number)
    [other] = re.findall(r"\((#[0-9]+)\)", await teahouse(server, "ban", number))
    await teahouse(server, "unban", number)
    left = await teahouse(server, "bans")
    assert f"({bob})" not in left and f"({other})" in left, "the ban with that number, not whoever is called so"
    await teahouse(server, "unban", other)
    await arrive("203.0.113.0-24")
    await teahouse(server, "ban", "203.0.113.0-24")
    await teahouse(server, "ban", "--network", "203.0.113.0/24", "--for", "1h")
    await teahouse(server, "unban", "203.0.113.9/24")
    left = await teahouse(server, "bans")
    assert len(left.splitlines()) == 1 and "203.0.113.0-24" in left
    await teahouse(server, "unban", "203.0.113.0-24")


async def test_a_folder_without_a_house_is_left_as_it_is(tmp_path: Path) -> None:
    server = Server(tmp_path / "typo", SETTINGS)
    for command in (["bans"], ["log"], ["unban", "1"]):
        assert "There is no house in" in await teahouse(server, *command, code=2)
    assert not (tmp_path / "typo").exists()


async def test_what_cannot_be_done_is_said_in_a_sentence(server: Server) -> None:
    for odd in ("#99999999999999999999999", "#²"):
        assert "Nobody here is called" in await teahouse(server, "ban", odd, code=2)
    assert "Nobody here is called 'Someone'" in await teahouse(server, "ban", "Someone", code=2)
    assert "this machine itself" in await teahouse(server, "ban", "--network", "127.0.0.1", "--for", "1h", code=2)
    assert "expected a time" in await teahouse(server, "ban", "Someone", "--for", "soon", code=2)
    assert "no ban" in await teahouse(server, "unban", "Someone", code=2)


async def test_a_house_that_is_stopped_is_kept_too(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", SETTINGS)
    assert "never opened" in await teahouse(server, "newcomers", "off", code=2)
    with server:
        async with Stranger(await sign_in(server.address, "Pest")) as pest:
            await pest.connect()
            await say(pest, LOBBY, "buy now")
    await teahouse(server, "ban", "Pest", "--remove-since", "all")
    await teahouse(server, "newcomers", "off", "--reason", "a wave")
    with server:
        async with visitor(server, pest) as http:
            assert (await http.get("/api/v1/me")).json()["code"] == "banned"
        with pytest.raises(Refused) as refused:
            await sign_in(server.address, "New")
        assert refused.value.code == "house_closed"
        await teahouse(server, "newcomers", "on")
        async with Stranger(await sign_in(server.address, "Onlooker")) as witness:
            await witness.connect()
            assert [message.get("removed") for message in (await witness.ask("page", room=LOBBY))["messages"]] == [True]
