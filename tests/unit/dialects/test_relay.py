import pytest

from teahouse.gateways.dialects.relay import TO_ALL, TO_ONE, entrance
from teahouse.gateways.dialects.spoken import Said, Say
from teahouse.model import User

ANN = User(7, "Ann", "f01")


def test_a_frame_for_all_stays_as_it_is() -> None:
    assert TO_ALL.parse(b'{"any": "thing"}') == Say('{"any": "thing"}')
    assert TO_ALL.render(Said(ANN, '{"any": "thing"}', 1)) == b'{"any": "thing"}'
    assert not TO_ALL.echoes


def test_a_frame_for_one_keeps_its_shape_and_tells_the_true_sender() -> None:
    assert TO_ONE.parse(b'{"receiver": "Ben", "sender": "Eve", "data": "hi"}') == Say("hi", "Ben")
    assert TO_ONE.render(Said(ANN, "hi", 1, "Ben")) == b'{"receiver":"Ben","sender":"Ann","data":"hi"}'


def test_neither_hears_what_is_for_the_other() -> None:
    assert TO_ALL.render(Said(ANN, "psst", 1, "Ben")) is None
    assert TO_ONE.render(Said(ANN, "to all", 1)) is None


@pytest.mark.parametrize(
    "frame", [b"", b"{}", b"[]", b'{"receiver": "", "data": "x"}', b'{"receiver": 1, "data": "x"}', b'{"receiver": "b"}']
)
def test_what_is_not_of_this_shape_means_nothing(frame: bytes) -> None:
    assert TO_ONE.parse(frame) is None


def test_the_path_chooses() -> None:
    assert [(found.way, found.words, found.name) for path in ("/ws", "/ws/b%20c") if (found := entrance(path))] == [
        ("address", TO_ALL, ""),
        ("name", TO_ONE, "b c"),
    ]
    assert [entrance(path) for path in ("/", "/ws/", "/ws/a/b", "/wss")] == [None] * 4
