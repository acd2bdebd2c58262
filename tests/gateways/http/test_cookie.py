"""The session cookie: its attributes, its two names, and houses that share a host."""

from http.cookies import SimpleCookie

import pytest

from teahouse.gateways.cookie import SessionCookie

OURS, THEIRS = SessionCookie("a1", 2), SessionCookie("b2", 2)
BELOW = SessionCookie("a1", 2, "/chat/")


def test_a_cookie_is_for_http_only_for_this_site_and_on_https_for_this_very_host() -> None:
    assert OURS.keep("t0", secure=False) == [
        "teahouse_session=t0; Max-Age=172800; Path=/; HttpOnly; SameSite=Lax",
        "teahouse_session_a1=t0; Max-Age=172800; Path=/; HttpOnly; SameSite=Lax",
    ]
    assert OURS.keep("t0", secure=True) == [
        "__Host-teahouse_session=t0; Max-Age=172800; Path=/; HttpOnly; SameSite=Lax; Secure",
        "__Host-teahouse_session_a1=t0; Max-Age=172800; Path=/; HttpOnly; SameSite=Lax; Secure",
    ]


def test_below_a_path_the_cookie_stays_there() -> None:
    assert all("; Path=/chat/;" in cookie for cookie in BELOW.keep("t0", secure=False))
    assert all(cookie.startswith("__Secure-teahouse_session") for cookie in BELOW.keep("t0", secure=True))
    assert BELOW.tokens("__Secure-teahouse_session=t1", secure=True) == ["t1"]
    assert BELOW.tokens("__Host-teahouse_session=of-the-host", secure=True) == []


def test_a_token_is_found_among_other_cookies_the_houses_own_first() -> None:
    assert OURS.tokens("a=b; teahouse_session=t0; c=d", secure=False) == ["t0"]
    assert OURS.tokens("teahouse_session=t0; teahouse_session_b2=t2; teahouse_session_a1=t1", secure=False) == ["t1", "t0"]
    assert OURS.tokens("__Host-teahouse_session=t1; teahouse_session=t0", secure=True) == ["t1"]
    assert OURS.tokens("teahouse_session_a1=of-the-path; teahouse_session_a1=of-the-host", secure=False) == ["of-the-path"]


@pytest.mark.parametrize("header", [None, "", "a=b", "xteahouse_session=t0", "teahouse_session", "; ;=", "teahouse_session_b2=t0"])
def test_where_there_is_no_token_none_is_found(header: str | None) -> None:
    assert OURS.tokens(header, secure=False) == []


def test_on_https_a_cookie_that_a_neighbour_could_have_planted_is_not_taken() -> None:
    assert OURS.tokens("teahouse_session_a1=planted; teahouse_session=planted", secure=True) == []


@pytest.mark.parametrize("secure", [False, True])
def test_two_houses_on_one_host_keep_their_cookies_apart(secure: bool) -> None:
    jar: SimpleCookie = SimpleCookie()
    for house, token in ((OURS, "ours"), (THEIRS, "theirs")):
        for cookie in house.keep(token, secure=secure):
            jar.load(cookie)
    sent = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
    assert OURS.tokens(sent, secure=secure)[0] == "ours"
    assert THEIRS.tokens(sent, secure=secure) == ["theirs", "theirs"]
    [forgotten] = OURS.forget(sent, secure=secure)
    assert "teahouse_session_a1=;" in forgotten, "the common name is the neighbour's now"
    assert len(THEIRS.forget(sent, secure=secure)) == 2


def test_who_came_by_the_common_name_alone_is_forgotten_under_both() -> None:
    assert OURS.forget("teahouse_session=t0", secure=False) == [
        "teahouse_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
        "teahouse_session_a1=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
    ]
