"""The cookie of the door `signin`: on https under a name that no neighbour can plant."""

from typing import Any
from unittest.mock import Mock

import pytest

from teahouse.gateways.address import Caller
from teahouse.gateways.doors.cookie import door_token, forget, keep
from teahouse.gateways.handshake import Asked, asked


@pytest.mark.parametrize(
    ("scheme", "prefix", "public_url", "cookie", "path"),
    [
        ("http", "", None, "teahouse_door", "/"),
        ("http", "/doors/signin", None, "teahouse_door", "/doors/signin/"),
        ("https", "", None, "__Host-teahouse_door", "/"),
        ("https", "/doors/signin", None, "__Secure-teahouse_door", "/doors/signin/"),
        ("http", "/doors/signin", "https://tea.example/chat", "__Secure-teahouse_door", "/chat/doors/signin/"),
        ("http", "", "https://tea.example/chat", "__Host-teahouse_door", "/"),
    ],
)
def test_its_name_and_path(scheme: str, prefix: str, public_url: str | None, cookie: str, path: str) -> None:
    door: Any = Mock(prefix=prefix, public_url=public_url, house="a1")
    for set_cookie in (keep("secret", door, request(scheme), max_days=1), forget(door, request(scheme))):
        assert set_cookie.startswith(f"{cookie}_a1=") and f"Path={path};" in set_cookie
        assert "HttpOnly; SameSite=Lax" in set_cookie and ("; Secure" in set_cookie) is cookie.startswith("__")
    assert door_token(door, request(scheme, f"a=b; {cookie}=secret; c=d")) == "secret", "of an older version"
    assert door_token(door, request(scheme, f"{cookie}=of-a-neighbour; {cookie}_a1=secret")) == "secret"


def test_on_https_a_name_that_anybody_could_plant_is_not_read() -> None:
    door: Any = Mock(prefix="", public_url=None, house="a1")
    for planted in ("teahouse_door=planted", "teahouse_door_a1=planted", "__Secure-teahouse_door=planted", ""):
        assert door_token(door, request("https", planted)) is None


def request(scheme: str, cookie: str = "") -> Asked:
    headers = {"Host": ["tea.example"], "Cookie": [cookie]}
    caller = Caller("192.0.2.7", scheme, None)
    return asked("/", caller, lambda name: headers.get(name, []))
