"""What single answers mean, and what the exit code makes of it."""

import json
import os
from pathlib import Path

import pytest

from teahouse.doctor.command import examine_here
from teahouse.doctor.findings import CANNOT, FINDINGS, GREEN, Finding, State, Step, exit_code
from teahouse.doctor.flow import held_back
from teahouse.doctor.line import Answer
from teahouse.doctor.remedies import MENDS, PROXIES, mend
from teahouse.doctor.show import show
from teahouse.doctor.target import BadAddress, Target, target
from teahouse.doctor.visit import Visit
from teahouse.settings import Settings

HERE = Target("http", "127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("states", "code"),
    [(["ok"], GREEN), (["ok", "note"], FINDINGS), (["mend", "ok"], FINDINGS), (["ok", "mend", "stop"], CANNOT), ([], GREEN)],
)
def test_the_exit_code_is_that_of_the_worst_finding(states: list[State], code: int) -> None:
    assert exit_code([Step("A step", [Finding("check", state, "seen")]) for state in states]) == code


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://chat.example.org", Target("https", "chat.example.org", 443)),
        ("chat.example.org/chat", Target("https", "chat.example.org", 443, "/chat/")),
        ("127.0.0.1:8000", Target("http", "127.0.0.1", 8000)),
        ("ws://[::1]:9/ws", Target("http", "::1", 9)),
        ("wss://chat.example.org/chat/ws", Target("https", "chat.example.org", 443, "/chat/")),
    ],
)
def test_an_address_is_taken_as_people_type_it(given: str, meant: Target) -> None:
    assert target(given) == meant


@pytest.mark.parametrize("given", ["", "https://", "gopher://host", "http://host:99999"])
def test_no_address_is_refused_in_words(given: str) -> None:
    with pytest.raises(BadAddress, match="address"):
        target(given)


def test_the_host_header_leaves_a_default_port_out() -> None:
    assert target("https://chat.example.org:443").netloc == "chat.example.org"
    assert target("http://[::1]:8000").netloc == "[::1]:8000"


def stream(*arrivals: float, encoding: str = "", piece: int = 9) -> Answer:
    return Answer(200, "OK", "1.1", [("Content-Encoding", encoding)], b"", list(arrivals), [piece] * len(arrivals))


@pytest.mark.parametrize(
    ("answer", "server", "check", "state"),
    [
        (stream(0.01, 0.2, 0.4), "", "buffering", "ok"),
        (stream(0.6), "", "buffering", "mend"),
        (stream(), "", "buffering", "mend"),
        (stream(0.6, 0.6, encoding="gzip"), "", "compression", "mend"),
        (stream(0.01, 0.6, piece=30_003), "nginx/1.22.1", "buffering", "note"),
        (stream(0.01, 0.6, piece=30_003), "", "buffering", "ok"),
        (stream(0.01, 0.6, piece=4_096), "nginx/1.22.1", "buffering", "ok"),
    ],
)
def test_a_stream_is_judged_by_when_and_in_which_pieces_it_comes(answer: Answer, server: str, check: str, state: str) -> None:
    visit = Visit(HERE)
    visit.server = server

    found = held_back(visit, answer)
    assert (found.check, found.state) == (check, state)


@pytest.mark.parametrize("check", MENDS)
def test_every_mend_has_lines_for_all_proxies_or_for_the_settings(check: str) -> None:
    assert set(MENDS[check]) in ({*PROXIES}, {"settings"})


def test_a_proxy_that_gives_its_name_gets_its_own_line_only() -> None:
    assert set(mend("upgrade", "nginx/1.22.1")) == {"nginx"}
    assert set(mend("upgrade", "1.1 Caddy")) == {"Caddy"}
    assert set(mend("upgrade", "")) == {*PROXIES}


def test_every_blank_in_a_line_is_filled() -> None:
    values = {"limit": 1, "seconds": 2, "host": "h", "address": "a", "url": "u"}
    filled = [line for check in MENDS for line in mend(check, **values).values()]

    assert [line for line in filled if "<" in line] == []


def test_what_a_server_sent_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    red = "\x9b31m\x1b[31mred"

    show("a server", [Step("HTTP", [Finding("http", "stop", red, red, {"nginx": red})], [f"< Server: {red}"])], explain=True)

    assert not {"\x9b", "\x1b"} & set(capsys.readouterr().out)


def test_a_path_that_is_no_utf_8_is_shown_and_the_json_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / os.fsdecode(b"d\xff\xc3\xa4")
    examine_here(Settings(data_dir=data, port=0), explain=False, as_json=True)
    report = json.loads(capsys.readouterr().out.encode())
    assert f"{tmp_path}/d?ä will be made at the first start" in [each["seen"] for each in report["findings"]]


def test_a_long_line_goes_on_under_its_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    show("a server", [Step("HTTP", [], ["< " + "word " * 12])], explain=True)

    first, second = [line for line in capsys.readouterr().out.splitlines() if "word" in line][:2]
    assert (first.index("word"), second.index("word")) == (10, 10)
