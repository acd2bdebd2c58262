"""Running the server: how it begins, what it says when it cannot, and how it ends."""

import json
import os
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import teahouse
from teahouse.listening import CannotServe, bind
from teahouse.storage.invites import START_INVITES_KEPT
from teahouse.whereabouts import lan_addresses
from tests.faults.server import Server
from tests.gateways.http.raw_http import Answer, Line
from tests.gateways.raw import Raw
from tests.gateways.stranger import sign_in as sign_in_guest
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port

SOURCE = str(Path(teahouse.__file__).parents[1])


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "teahouse", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=os.environ | {"PYTHONPATH": SOURCE} | environment
    )


def told_in_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> bool:
    lines = done.stderr.splitlines()
    return done.returncode == 2 and len(lines) == 1 and lines[0].endswith((".", "?")) and all(word in lines[0] for word in words)


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

    assert told_in_one_sentence(run("serve", "--port", "0", "--data", str(tmp_path / "file" / "data")), "file", "teahouse doctor")


def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "teahouse.db").write_bytes(b"this is no database, however long one looks at it" * 100)

    assert told_in_one_sentence(run("serve", "--port", "0", "--data", str(tmp_path)), "teahouse.db")


def test_a_database_of_a_newer_version_is_told(own: Server) -> None:
    own.stop()
    with closing(sqlite3.connect(own.data / "teahouse.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 'from the future'")

    assert told_in_one_sentence(run("serve", "--port", "0", "--data", str(own.data)), "newer Teahouse")


def test_a_ready_file_in_no_folder_is_told(tmp_path: Path) -> None:
    assert told_in_one_sentence(run("serve", "--data", str(tmp_path), "--ready-file", str(tmp_path / "nowhere" / "ready")), "nowhere")


@pytest.mark.parametrize("what", ["pipe", "link", "folder"])
def test_a_ready_file_in_the_place_of_something_else_is_told_before_the_house_opens(tmp_path: Path, what: str) -> None:
    """No device itself: where this fails it would be gone, for all of the machine."""
    path = tmp_path / what
    {"pipe": os.mkfifo, "link": lambda _: path.symlink_to(os.devnull), "folder": os.mkdir}[what](path)
    before = path.lstat()

    done = run("serve", "--port", "0", "--data", str(tmp_path / "data"), "--ready-file", str(path))

    assert told_in_one_sentence(done, str(path), "ready file")
    assert os.path.samestat(before, path.lstat()) and not (tmp_path / "data").exists()


def test_a_bad_setting_is_told(tmp_path: Path) -> None:
    done = run("serve", "--data", str(tmp_path), TEAHOUSE_PORT="eighty")

    assert told_in_one_sentence(done, "TEAHOUSE_PORT", "eighty")


def test_a_settings_file_is_read_and_a_mistake_in_it_told(tmp_path: Path) -> None:
    (tmp_path / "teahouse.toml").write_text("prot = 1")

    assert told_in_one_sentence(run("serve", "--config", str(tmp_path / "teahouse.toml")), "prot", "port")


def test_the_version_is_told() -> None:
    assert run("version").stdout.strip() == teahouse.__version__


def test_the_first_start_prints_where_the_house_is_and_how_to_stop(own: Server) -> None:
    assert own.ready["address"] in own.log
    assert own.ready["owner_link"].startswith(f"{own.address}/#owner=")
    assert str(own.data) in own.log
    assert "Ctrl-C" in own.log
    assert own.ready["invite_link"] is None, "a house on loopback is open"


def test_on_a_terminal_the_first_start_prints_the_owners_link(tmp_path: Path) -> None:
    theirs, ours = os.openpty()
    command = [sys.executable, "-m", "teahouse", "serve", "--port", "0", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=ours, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": SOURCE}) as process:
        os.close(ours)
        with open(theirs, encoding="utf-8") as terminal:
            rows = list(iter(terminal.readline, "  Stop        Ctrl-C\n"))
            [link] = [row.split()[1] for row in rows if row.startswith("  Yours ")]
            [address] = [row.split()[1] for row in rows if row.startswith("  Open ")]
            owner = sign_in(address.removesuffix("/"), "Owner", owner_key=link.partition("#owner=")[2])
            process.terminate()

    assert owner.json["you"]["role"] == "owner"


def test_elsewhere_it_prints_no_key_but_the_command_that_makes_one(own: Server) -> None:
    """What a service prints is kept in a journal, and read by others for years."""
    assert "#owner=" not in own.log
    [words] = [row for row in own.log.splitlines() if row.startswith("  Yours ")]
    program, *arguments = shlex.split(words.removeprefix("  Yours ").partition("   (")[0])
    assert program == "teahouse"

    link = run(*arguments).stdout.strip()

    assert sign_in_as_owner(own, link, "Owner").json["you"]["role"] == "owner"


def test_the_ready_file_is_for_its_owners_eyes_only(own: Server) -> None:
    [file] = own.data.parent.glob("*ready*")

    assert set(own.ready) == {"address", "doors", "owner_link", "invite_link"}
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_new_owners_link_names_the_address_that_the_house_has_and_voids_the_first_one(own: Server) -> None:
    fresh = run("owner-link", "--data", str(own.data))

    assert fresh.stdout.startswith(f"{own.address}/#owner=") and fresh.stderr == ""
    assert sign_in_as_owner(own, own.ready["owner_link"], "First").status == 403
    assert sign_in_as_owner(own, fresh.stdout.strip(), "Second").json["you"]["role"] == "owner"


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_the_link_of_a_house_that_does_not_run_names_its_last_address_and_says_so(own: Server, end: str) -> None:
    sign_in_as_owner(own, own.ready["owner_link"], "First")
    {"stopped": own.stop, "killed": own.kill}[end]()
    told = run("owner-link", "--data", str(own.data))
    assert told.stdout.startswith(f"{own.address}/#owner=") and "not running" in told.stderr and "void" not in told.stderr
    own.start()
    assert sign_in_as_owner(own, told.stdout.strip(), "Olga").json["you"]["role"] == "owner"


def test_a_link_that_the_next_start_makes_void_is_said_to_be_one(own: Server) -> None:
    own.stop()
    told = run("owner-link", "--data", str(own.data))
    assert "its next start makes a link of its own, and this one is void then" in told.stderr
    own.start()
    assert sign_in_as_owner(own, told.stdout.strip(), "Olga").status == 403
    assert sign_in_as_owner(own, own.ready["owner_link"], "Olga").json["you"]["role"] == "owner"


def test_the_link_names_the_public_address_of_a_house_that_has_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Server(tmp_path / "data", {"PUBLIC_URL": "https://tea.example/chat"}, port=port) as server:
        told = [run(command, "--data", str(server.data)).stdout for command in ("owner-link", "invite")]
    assert told[0].startswith("https://tea.example/chat/#owner=") and told[1].startswith("https://tea.example/chat/#invite=")


def test_there_is_no_link_to_a_house_that_was_never_opened(tmp_path: Path) -> None:
    for command in ("owner-link", "invite"):
        assert told_in_one_sentence(run(command, "--data", str(tmp_path / "typo")), "typo", "never opened")
    assert not (tmp_path / "typo").exists()


def test_starts_leave_no_invites_behind_that_nobody_holds(tmp_path: Path) -> None:
    server, links = Server(tmp_path / "data", {"OPEN": "false"}), []
    for _ in range(START_INVITES_KEPT + 2):
        server.start()
        links.append(server.ready["invite_link"])
        server.kill()
    server.start()
    try:
        listed = run("invites", "--data", str(server.data)).stdout.splitlines()
        assert len(listed) == START_INVITES_KEPT and all("at a start" in line for line in listed)
        assert sign_in(server.address, "Early", invite=links[0].partition("#invite=")[2]).status == 403
        assert sign_in(server.address, "Last", invite=links[-1].partition("#invite=")[2]).status == 201
    finally:
        server.kill()


def test_when_there_is_an_owner_no_link_is_printed(own: Server) -> None:
    sign_in_as_owner(own, own.ready["owner_link"], "Owner")
    own.stop()

    own.start()

    assert own.ready["owner_link"] is None


def test_on_the_network_strangers_need_the_invite_that_is_printed_with_its_qr_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "teahouse", "serve", "--lan", "--port", "0", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=os.environ | {"PYTHONPATH": SOURCE}) as process:
        assert process.stdout is not None
        rows = list(iter(process.stdout.readline, "  Stop        Ctrl-C\n"))
        told = dict(row.split(maxsplit=1) for row in rows if row.startswith("  ") and "For guests" not in row)
        links = [row.split()[-1] for row in rows if "For guests" in row]
        stranger = sign_in(told["Open"].strip(), "Stranger")
        guest = sign_in(told["Open"].strip(), "Guest", invite=links[0].partition("#invite=")[2]) if links else None
        process.terminate()
        rest = process.stdout.read()

    assert stranger.json["code"] == "invite_needed"
    assert [link.partition("://")[2].partition(":")[0] for link in links] == lan_addresses()
    assert guest is None or guest.status == 201
    assert not links or "▀" in rest


def test_arguments_that_exclude_each_other_are_told() -> None:
    done = run("serve", "--lan", "--host", "127.0.0.1")

    assert done.returncode == 2
    assert "not allowed with" in done.stderr


@pytest.mark.parametrize("command", ["doctor", "owner-link", "new-epoch"])
def test_a_folder_without_a_name_is_told(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unset variable in a script would mean the folder that it runs in."""
    monkeypatch.chdir(tmp_path)
    done = run(command, "--data", "")

    assert done.returncode == 2
    assert done.stderr.endswith("argument --data: expected a folder, got nothing; a variable may be unset\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_in_order(own: Server, number: signal.Signals) -> None:
    assert own.process is not None
    own.process.send_signal(number)

    assert own.process.wait(PATIENCE_S) == 0
    assert "Traceback" not in own.log


def test_stuck_clients_do_not_hold_up_the_end(own: Server) -> None:
    with Line(own.address) as silent, Line(own.address) as half_head, Line(own.address) as half_body:
        half_head.send(b"GET / HT")
        half_body.send(f"POST /api/v1/session HTTP/1.1\r\nHost: {half_body.host}\r\nContent-Length: 9\r\n\r\n{{".encode())
        with Line(own.address) as other:
            assert other.request("GET /healthz HTTP/1.1").status == 200

        assert own.stop() == 0
        assert silent.hung_up()
    assert "Traceback" not in own.log


def test_a_request_under_way_is_answered_before_the_end(own: Server) -> None:
    body = b'{"name":"Late","face":"f01"}'
    with Line(own.address) as line, Line(own.address) as other:
        line.send(f"POST /api/v1/session HTTP/1.1\r\nHost: {line.host}\r\nContent-Type: application/json\r\n".encode())
        line.send(f"Content-Length: {len(body)}\r\n\r\n".encode())
        assert other.request("GET /healthz HTTP/1.1").status == 200
        assert own.process is not None
        own.process.terminate()
        assert other.hung_up()
        line.send(body)
        assert line.answer().status == 201
    assert own.process.wait(PATIENCE_S) == 0


async def test_a_client_is_told_when_to_come_back(own: Server) -> None:
    async with await Raw.connect(own.address) as raw:
        await raw.greet(await sign_in_guest(own.address, "Regular"))

        assert own.process is not None
        own.process.terminate()

        assert (await raw.event("bye"))["why"] == "restart"
        assert await raw.close_code() == 1012
    assert own.process.wait(PATIENCE_S) == 0


def test_a_bad_host_name_is_refused_in_words() -> None:
    with pytest.raises(CannotServe, match="neither an address nor a known name"):
        bind("no such host", 0)


def test_a_name_of_this_machine_that_means_an_address_of_the_network_is_not_listened_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house is open on localhost, because nobody else reaches it there; /etc/hosts may say otherwise."""
    elsewhere = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("192.0.2.7", 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_how: [elsewhere])

    with pytest.raises(CannotServe, match="which others can reach"):
        bind("localhost", 0)


def test_behind_a_proxy_strangers_need_the_invite_that_the_start_prints(tmp_path: Path) -> None:
    port = free_port()
    behind = {"PUBLIC_URL": "http://127.0.0.1:1", "TRUSTED_PROXIES": "127.0.0.1", "DOORS": "shout"}
    with Server(tmp_path / "data", behind, port=port) as server:
        address = f"http://127.0.0.1:{port}"
        stranger = sign_in(address, "Stranger")
        guest = sign_in(address, "Guest", invite=server.ready["invite_link"].partition("#invite=")[2])

    assert (stranger.status, stranger.json["code"]) == (403, "invite_needed")
    assert guest.status == 201
    assert "Strangers   need an invite" in server.log
    assert "Strangers   may come in at the door shout" in server.log


def test_the_start_says_that_a_house_on_this_machine_is_open_to_it(own: Server) -> None:
    assert "Strangers   may come in without an invite: whoever is on this machine" in own.log


def sign_in_as_owner(server: Server, link: str, name: str) -> Answer:
    return sign_in(server.address, name, owner_key=link.partition("#owner=")[2])


def sign_in(address: str, name: str, **keys: str) -> Answer:
    body = json.dumps({"name": name, "face": "f01", **keys}).encode()
    with Line(address) as line:
        headers = ("Content-Type: application/json", f"Content-Length: {len(body)}")
        return line.request("POST /api/v1/session HTTP/1.1", *headers, body=body)
