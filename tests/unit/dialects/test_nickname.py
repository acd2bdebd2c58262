import json

import pytest

from teahouse.gateways.dialects.nickname import ECHOING, NICKNAME, entrance
from teahouse.gateways.dialects.spoken import Echo, Said, Say
from teahouse.model import User

ANN = User(7, "Ann", "f01")


@pytest.mark.parametrize(
    ("frame", "meant"),
    [
        ({"from_user": "a", "to_user": "b", "message": "hi"}, Say("hi", "b")),
        ({"from_user": "a", "to_user": "", "message": "hi"}, Say("hi")),
        ({"to_user": None, "message": "hi"}, Say("hi")),
        ({"message": "hi"}, Say("hi")),
        ({"to_user": 3, "message": "hi"}, None),
        ({"to_user": "b", "message": 3}, None),
        ({"to_user": "b"}, None),
        ([], None),
    ],
)
def test_a_frame_speaks_to_one_or_to_all(frame: object, meant: object) -> None:
    assert NICKNAME.parse(json.dumps(frame).encode()) == meant


def test_what_arrives_has_the_same_three_keys() -> None:
    assert NICKNAME.render(Said(ANN, "茶", 1)) == '{"from_user":"Ann","to_user":"","message":"茶"}'.encode()
    assert NICKNAME.render(Said(ANN, "hi", 1, "Ben")) == b'{"from_user":"Ann","to_user":"Ben","message":"hi"}'


def test_the_other_path_gives_back_what_it_gets() -> None:
    assert ECHOING.parse(b"\x00anything") == Echo(b"\x00anything")


def test_the_nick_is_the_end_of_the_path_percent_encoded() -> None:
    found = entrance("/conn/ws/%E5%B0%8F%E8%8C%B6")
    assert found is not None
    assert (found.way, found.name) == ("name", "小茶")


@pytest.mark.parametrize("path", ["/", "/conn/ws/", "/conn/ws", "/conn/ws/a/b", "/conn/ws/%ff", "/conn_ws/"])
def test_other_paths_lead_nowhere(path: str) -> None:
    assert entrance(path) is None
