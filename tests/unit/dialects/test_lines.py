from datetime import datetime

import pytest

from teahouse.gateways.dialects.lines import LINES, entrance
from teahouse.gateways.dialects.spoken import Came, Listing, Said, Say, Went
from teahouse.model import User

GUEST = User(7, "192.0.2.7", "f01")
AT = datetime(2026, 2, 3, 4, 5, 6)  # naive on purpose: the old room's lines are in the server's local time
AT_MS = int(AT.timestamp() * 1000)


def test_a_frame_is_what_is_said() -> None:
    assert LINES.parse(" 茶 ".encode()) == Say(" 茶 ")


def test_lines_tell_who_said_what_and_who_came_and_went() -> None:
    assert LINES.render(Said(GUEST, "茶", AT_MS)) == "[192.0.2.7]-[2026-02-03 04:05:06]-说:茶".encode()
    assert LINES.render(Came(GUEST, AT_MS)) == "[192.0.2.7]-[2026-02-03 04:05:06]-进入聊天室".encode()
    assert LINES.render(Went(GUEST, AT_MS)) == "[192.0.2.7]-[2026-02-03 04:05:06]-离开聊天室".encode()


def test_each_socket_has_its_line_also_when_others_of_its_address_are_here() -> None:
    assert LINES.render(Came(GUEST, AT_MS, first=False)) == LINES.render(Came(GUEST, AT_MS))
    assert LINES.render(Went(GUEST, AT_MS, last=False)) == LINES.render(Went(GUEST, AT_MS))


def test_there_is_no_line_for_the_rest() -> None:
    assert LINES.render(Listing([GUEST])) is None
    assert LINES.render(Said(GUEST, "psst", AT_MS, "Ben")) is None


def test_the_room_is_at_chat() -> None:
    assert entrance("/chat") is not None
    assert entrance("/") is None


def test_a_name_and_a_text_stay_in_their_place() -> None:
    forger = User(7, "192.0.2.8]-[2026]-说:hi", "f01")
    assert LINES.render(Said(forger, "a\r\n[b]", AT_MS)) == "[192.0.2.8)-(2026)-说:hi]-[2026-02-03 04:05:06]-说:a [b]".encode()
    for heard in (Came(forger, AT_MS), Went(forger, AT_MS)):
        assert (LINES.render(heard) or b"").startswith("[192.0.2.8)-(2026)-说:hi]-[".encode())


@pytest.mark.parametrize(
    "ends",
    ["]-[", "］-［", "】-【", "⟧-⟦", "〕-〔", "〛-〚", "⁆-⁅", "❳-❲", "﹈-﹇", "」-「", "⦌-⦋", "⎤-⎡", "⌝-⌜", "⊐-⊏"],
)
@pytest.mark.parametrize("begins", ["192.0.2.8", "192.0.2.8﹪", "fe80::1%", "fe80::1٪eth0", "Anna"])
def test_no_name_ends_its_brackets_whatever_it_begins_with(begins: str, ends: str) -> None:
    line = (LINES.render(Said(User(7, f"{begins}{ends}2026{ends}说:hi", "f01"), "x", AT_MS)) or b"").decode()
    assert line == f"[{begins})-(2026)-(说:hi]-[2026-02-03 04:05:06]-说:x"


@pytest.mark.parametrize("name", ["192.0.2.7", "::1", "fe80::1%eth0", "::ffff:192.0.2.7", "王小茶", "Anna-Maria :)"])
def test_other_names_are_written_as_they_are(name: str) -> None:
    assert (LINES.render(Came(User(7, name, "f01"), AT_MS)) or b"").decode().startswith(f"[{name}]-[")
