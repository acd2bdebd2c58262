"""Running the server: how it begins, what it says when it cannot, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import teahouse
from teahouse.serving import CannotServe, bind, lan_addresses
from tests.faults.server import Server
from tests.gateways.http.raw_http import Line
from tests.gateways.raw import Raw
from tests.gateways.stranger import Stranger

SOURCE = str(Path(teahouse.__file__).parents[1])
LIMIT_S = 30


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "teahouse", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT_S, check=False, env=os.environ | {"PYTHONPATH": SOURCE} | environment
    )


def told_in_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> bool:
    lines = done.stderr.splitlines()
    return done.returncode == 2 and len(lines) == 1 and lines[0].endswith(".") and all(word in lines[0] for word in words)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, which it may stop."""
    with Server(tmp_path / "data") as running:
        yield running


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = str(other.getsockname()[1])

        done = run("serve", "--port", port, "--data", str(tmp_path))

    assert told_in_one_sentence(done, port, "in use", "--port")


def test_a_host_that_is_not_of_this_machine_is_told(tmp_path: Path) -> None:
    assert told_in_one_sentence(run("serve", "--host", "192.0.2.1", "--port", "0", "--data", str(tmp_path)), "192.0.2.1", "--host")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert told_in_one_sentence(run("serve", "--port", "0", "--data", str(tmp_path / "file" / "data")), "file", "--data")


def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "teahouse.db").write_bytes(b"this is no database, however long one looks at it" * 100)

    assert told_in_one_sentence(run("serve", "--port", "0", "--data", str(tmp_path)), "teahouse.db")


def test_a_bad_setting_is_told(tmp_path: Path) -> None:
    done = run("serve", "--data", str(tmp_path), TEAHOUSE_PORT="eighty")

    assert told_in_one_sentence(done, "TEAHOUSE_PORT", "eighty")


def test_a_settings_file_is_read_and_a_mistake_in_it_told(tmp_path: Path) -> None:
    (tmp_path / "teahouse.toml").write_text("prot = 1")

    assert told_in_one_sentence(run("serve", "--config", str(tmp_path / "teahouse.toml")), "prot", "port")


def test_the_version_is_told() -> None:
    assert run("version").stdout.strip() == teahouse.__version__


def test_the_first_start_prints_the_owners_link_and_how_to_stop(own: Server) -> None:
    assert own.ready["address"] in own.log
    assert own.ready["owner_link"] in own.log
    assert own.ready["owner_link"].startswith(f"{own.address}/#owner=")
    assert str(own.data) in own.log
    assert "Ctrl-C" in own.log
    assert own.ready["invite_link"] is None, "a house on loopback is open"


def test_the_ready_file_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-m", "teahouse", "serve", "--port", "0", "--data", str(tmp_path / "data"), "--ready-file", str(ready)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": SOURCE}) as process:
        assert process.stdout is not None
        while b"Ctrl-C" not in process.stdout.readline():
            pass
        process.terminate()

    assert set(json.loads(ready.read_bytes())) == {"address", "owner_link", "invite_link"}
    assert ready.stat().st_mode & 0o777 == 0o600


def test_a_new_owners_link_voids_the_first_one(own: Server) -> None:
    fresh = run("owner-link", "--data", str(own.data)).stdout.strip()

    assert sign_in_with(own, own.ready["owner_link"], "First").status == 403
    assert sign_in_with(own, fresh, "Second").json["you"]["role"] == "owner"


def test_when_there_is_an_owner_no_link_is_printed(own: Server) -> None:
    sign_in_with(own, own.ready["owner_link"], "Owner")
    own.stop()

    own.start()

    assert own.ready["owner_link"] is None


def sign_in_with(server: Server, link: str, name: str):  # type: ignore[no-untyped-def]
    body = json.dumps({"name": name, "face": "f01", "owner_key": link.partition("#owner=")[2]}).encode()
    with Line(server.address) as line:
        return line.request("POST /api/v1/session HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(body)}", body=body)


def test_on_the_network_strangers_need_the_invite_that_is_printed_with_its_qr_code(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    command = ["serve", "--lan", "--port", "0", "--data", str(tmp_path / "data"), "--ready-file", str(ready_file)]
    with subprocess.Popen(
        [sys.executable, "-m", "teahouse", *command],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": SOURCE, "PYTHONIOENCODING": "utf-8"},
    ) as process:
        assert process.stdout is not None
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline().decode())
        process_output = "".join(lines)
        while not ready_file.exists():
            process_output += process.stdout.readline().decode()
        ready = json.loads(ready_file.read_bytes())
        stranger = sign_in_without_key(ready["address"])
        process.terminate()

    assert stranger.json["code"] == "invite_needed"
    if lan_addresses():
        assert "/#invite=" in ready["invite_link"]
        assert ready["invite_link"] in process_output
        assert "▀" in process_output or "█" in process_output
        assert lan_addresses()[0] in ready["invite_link"]


def sign_in_without_key(address: str):  # type: ignore[no-untyped-def]
    with Line(address) as line:
        body = b'{"name":"Stranger","face":"f01"}'
        return line.request("POST /api/v1/session HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(body)}", body=body)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_in_order(own: Server, number: signal.Signals) -> None:
    assert own.process is not None
    own.process.send_signal(number)

    assert own.process.wait(LIMIT_S) == 0
    assert "Traceback" not in own.log


def test_stuck_clients_do_not_hold_up_the_end(own: Server) -> None:
    head = f"POST /api/v1/session HTTP/1.1\r\nHost: {Line(own.address).host}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
    with Line(own.address) as silent, Line(own.address) as half_head, Line(own.address) as half_body:
        half_head.send(b"GET / HT")
        half_body.send(head.encode() + b"{")
        with Line(own.address) as other:
            assert other.request("GET /healthz HTTP/1.1").status == 200

        assert own.stop() == 0
        assert silent.hung_up()
    assert "Traceback" not in own.log


async def test_a_client_is_told_when_to_come_back(own: Server) -> None:
    client = await Stranger.arrive(own.address, "Regular")
    raw = await Raw.greeted(client.session)

    assert own.process is not None
    own.process.terminate()

    assert (await raw.event("bye"))["why"] == "restart"
    assert await raw.close_code() == 1012
    await raw.close()
    await client.close()
    assert own.process.wait(LIMIT_S) == 0


def test_a_bad_host_name_is_refused_in_words() -> None:
    with pytest.raises(CannotServe, match="neither an address nor a known name"):
        bind("no such host", 0)
