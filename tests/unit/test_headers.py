"""How a request's headers are read: lists in one line or in several, weights, and which encoding suits."""

import pytest

from teahouse.gateways.headers import accepts_gzip, items, joined, media_type, preferred, values_of, weights


def test_a_header_of_several_lines_is_one_list() -> None:
    lines = [(b"connection", b"Upgrade"), (b"host", b"a"), (b"connection", b"keep-alive"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]

    assert joined(lines) == [(b"connection", b"Upgrade, keep-alive"), (b"host", b"a"), (b"cookie", b"a=1; b=2")]


def test_a_head_without_repetition_stays_as_it_is() -> None:
    lines = [(b"host", b"a"), (b"accept", b"*/*")]

    assert joined(lines) == lines


def test_of_two_origins_none_is_one() -> None:
    assert values_of(joined([(b"origin", b"http://a"), (b"origin", b"http://b")]), "Origin") == ["http://a, http://b"]


@pytest.mark.parametrize(
    ("values", "found"), [(["a,b"], ["a", "b"]), (["a", "b"], ["a", "b"]), ([" a ,, \tb,", ""], ["a", "b"]), ([], []), ([","], [])]
)
def test_items_stand_in_one_line_or_in_several(values: list[str], found: list[str]) -> None:
    assert items(values) == found


@pytest.mark.parametrize("value", ["application/json", "Application/JSON; charset=utf-8", "application/json ;x"])
def test_a_media_type_is_told_without_its_parameters(value: str) -> None:
    assert media_type(value) == "application/json"


@pytest.mark.parametrize(
    ("value", "weight"),
    [("a", 1), ("A;q=0", 0), ("a; q=0.5", 0.5), ("a ;Q=0.001", 0.001), ("a;q=1.000", 1), ("a;x=1;q=0", 0), ("a;q=", 0), ("a;q=2", 0)],
)
def test_a_weight_is_what_it_says(value: str, weight: float) -> None:
    assert weights([value]) == {"a": weight}


@pytest.mark.parametrize(
    "accepted",
    [
        ["gzip"],
        ["br, GZIP;q=0.5"],
        ["x-gzip"],
        ["br", "gzip"],
        ["*"],
        ["*;q=0.1, identity;q=0"],
        ["identity;q=0"],
        ["gzip, *;q=0"],
        ["identity;q=0.5, gzip;q=0.5"],
    ],
)
def test_gzip_is_sent_to_whom_it_suits(accepted: list[str]) -> None:
    assert accepts_gzip(accepted)


@pytest.mark.parametrize(
    "accepted",
    [
        [],
        [""],
        ["gzip;q=0"],
        ["identity, gzip;q=0"],
        ["x-gzip;q=0"],
        ["gzip;q=0", "*"],
        ["*;q=0"],
        ["br"],
        ["gzipped"],
        ["identity, gzip;q=0.5"],
        ["identity;q=0, gzip;q=0"],
        ["gzip;q=nonsense"],
    ],
)
def test_gzip_is_not_sent_to_who_refuses_it_or_says_nothing(accepted: list[str]) -> None:
    assert not accepts_gzip(accepted)


@pytest.mark.parametrize(
    ("values", "best"), [(["en-GB, zh;q=0.8"], "en-gb"), (["zh;q=0.5", "en"], "en"), (["zh, en"], "zh"), (["en;q=0"], ""), ([], "")]
)
def test_the_greatest_weight_is_preferred(values: list[str], best: str) -> None:
    assert preferred(values) == best
