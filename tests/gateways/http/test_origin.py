"""The Origin rule, the names of a house, and the cookie: pure functions."""

import pytest

from teahouse.gateways.origin import allowed_host, allowed_origin, as_told, base_path, inside, is_host, is_secure

HERE = "chat.example.org:8000"


@pytest.mark.parametrize("origin", ["http://chat.example.org:8000", "HTTP://CHAT.EXAMPLE.ORG:8000"])
def test_our_own_origin_is_allowed(origin: str) -> None:
    assert allowed_origin(origin, HERE, "http", None)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://chat.example.org",
        "http://chat.example.org:80",
        "http://chat.example.org:8001",
        "https://chat.example.org:8000",
        "http://chat.example.org:8000.evil.example",
        "http://chat.example.org.evil.example:8000",
        "http://evil-chat.example.org:8000",
        "http://xchat.example.org:8000",
        "http://example.org:8000",
        "http://sub.chat.example.org:8000",
        "http://chat.example.org:8000/",
        "http://chat.example.org:8000@evil.example",
        "http://evil.example#http://chat.example.org:8000",
        "http://chat.example.org:8000 http://evil.example",
        "http://chat.example.org:8000\n",
        "chat.example.org:8000",
        "//chat.example.org:8000",
        "file://",
        "http://chat\u0435xample.org:8000",
    ],
)
def test_a_missing_origin_and_its_look_alikes_are_not_allowed(origin: str | None) -> None:
    assert not allowed_origin(origin, HERE, "http", None)


@pytest.mark.parametrize(
    ("origin", "host", "scheme"),
    [
        ("http://chat.example.org", "chat.example.org:80", "http"),
        ("http://chat.example.org:80", "chat.example.org", "http"),
        ("https://chat.example.org", "chat.example.org:443", "https"),
        ("http://[::1]:8000", "[::1]:8000", "http"),
    ],
)
def test_a_default_port_may_be_written_or_not(origin: str, host: str, scheme: str) -> None:
    assert allowed_origin(origin, host, scheme, None)


def test_behind_a_proxy_the_public_address_is_our_own_too() -> None:
    assert allowed_origin("https://chat.example.org", "127.0.0.1:8000", "http", "https://chat.example.org")
    assert not allowed_origin("http://chat.example.org", "127.0.0.1:8000", "http", "https://chat.example.org")


CALLED_PUBLIC = [
    "chat.example.org",
    "CHAT.Example.org",
    "chat.example.org:443",
    "chat.example.org:80",
    "chat.example.org.",
    "chat.example.org.:443",
]


@pytest.mark.parametrize("host", CALLED_PUBLIC)
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("path", ["", "/chat"])
def test_a_house_that_is_called_by_its_public_name_has_that_origin_alone(host: str, scheme: str, path: str) -> None:
    """A page at http://… is whatever somebody on the way writes, and the cookie of https goes along with what it asks."""
    public_url = f"https://chat.example.org{path}"

    assert allowed_origin("https://chat.example.org", host, scheme, public_url)
    for origin in (f"http://{host}", f"http://{host}".lower(), "http://chat.example.org", "http://chat.example.org:443"):
        assert not allowed_origin(origin, host, scheme, public_url)
    assert not allowed_origin("https://chat.example.org.", host, scheme, public_url), "to browsers it is another origin"
    assert is_secure(host, scheme, public_url)
    assert allowed_host(host, public_url, loopback=True)


def test_a_public_port_counts_as_well() -> None:
    public_url = "https://chat.example.org:8443"

    assert not allowed_origin("http://chat.example.org:8443", "chat.example.org:8443", "http", public_url)
    assert allowed_origin("https://chat.example.org:8443", "chat.example.org:8443", "http", public_url)
    assert not allowed_origin("https://chat.example.org", "chat.example.org:8443", "http", public_url)
    assert not is_secure("chat.example.org", "http", public_url)
    assert not allowed_host("chat.example.org", public_url, loopback=True)


def test_an_ipv6_address_is_known_however_it_is_written() -> None:
    public_url = "https://[2001:db8:0:0::1]"

    assert allowed_origin("https://[2001:db8::1]", "[2001:DB8:0::1]", "http", public_url)
    assert not allowed_origin("http://[2001:db8::1]", "[2001:db8::1]", "http", public_url)
    assert allowed_origin("http://[::ffff:7f00:1]:8000", "[::ffff:127.0.0.1]:8000", "http", None)
    assert not allowed_origin("http://[::1:8000", "[::1", "http", None)
    assert not allowed_origin("http://[:::]", "[:::]", "https", None)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "tea.localhost:8000", "[::1]:8000", "10.0.0.5:8000"])
def test_a_house_that_is_called_by_another_name_than_its_public_one_has_that_origin_too(host: str) -> None:
    """Whoever runs the house looks at it from its own machine, past the proxy."""
    assert allowed_origin(f"http://{host}", host, "http", "https://chat.example.org")
    assert allowed_origin("https://chat.example.org", host, "http", "https://chat.example.org")
    assert not allowed_origin("http://chat.example.org", host, "http", "https://chat.example.org")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "[::ffff:10.0.0.1]", "a b", ""]
)
def test_a_house_on_loopback_is_not_called_by_names_that_a_stranger_may_point_at_it(host: str) -> None:
    assert not allowed_host(host, None, loopback=True)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "localhost.:8000", "tea.localhost", "127.0.0.1:8000", "127.9.9.9", "[::1]:8000", "[::FFFF:127.0.0.1]"],
)
def test_a_house_on_loopback_is_called_by_this_machines_names(host: str) -> None:
    assert allowed_host(host, None, loopback=True)


def test_a_house_behind_a_proxy_is_called_by_its_public_name_too() -> None:
    assert allowed_host("chat.example.org", "https://chat.example.org", loopback=True)
    assert not allowed_host("example.org", "https://chat.example.org", loopback=True)


def test_a_house_on_the_network_is_called_by_any_name_that_is_one() -> None:
    assert allowed_host("tea-house.fritz.box:8000", None, loopback=False)
    assert not allowed_host("tea house", None, loopback=False)


@pytest.mark.parametrize("host", ["a\r\nb", "a;b", "a/b", "a@b", "a,b", "a:b", "a:123456", "[::1", "::1", ".a", "a..b"])
def test_what_is_no_host_is_known(host: str) -> None:
    assert not is_host(host)


def test_https_is_known_by_its_own_scheme_or_by_the_public_host_that_a_proxy_passes_on() -> None:
    assert is_secure("chat.example.org", "https", None)
    assert is_secure("chat.example.org", "http", "https://chat.example.org")
    assert not is_secure("127.0.0.1:8000", "http", "https://chat.example.org")
    assert not is_secure("chat.example.org", "http", "http://chat.example.org")


def test_a_house_below_a_path_has_the_origin_of_its_host() -> None:
    assert allowed_origin("https://example.org", "127.0.0.1:8000", "http", "https://example.org/chat")
    assert allowed_host("example.org", "https://example.org/chat", loopback=True)
    assert is_secure("example.org", "http", "https://example.org/chat")


@pytest.mark.parametrize(
    ("public_url", "base"),
    [(None, "/"), ("https://example.org", "/"), ("https://example.org/chat", "/chat/"), ("https://example.org/a/b", "/a/b/")],
)
def test_the_base_path_comes_from_the_public_address(public_url: str | None, base: str) -> None:
    assert base_path(public_url) == base


@pytest.mark.parametrize(("path", "own"), [("/chat/ws", "/ws"), ("/ws", "/ws"), ("/chat/", "/"), ("/chats/ws", "/chats/ws")])
def test_a_path_is_known_with_the_base_and_without(path: str, own: str) -> None:
    assert inside(path, "/chat/") == own


@pytest.mark.parametrize("odd", ["", "a b", "https://a.example/path?token=1", "https://a.example\n", "<b>", "https://user:word@a.example"])
def test_only_what_has_the_form_of_an_origin_or_a_name_is_repeated_in_the_log(odd: str) -> None:
    assert as_told(odd, odd) == {"origin": "(none)", "called": "(no name)"}
    assert as_told("https://A.example", "B.example:8000") == {"origin": "https://a.example:443", "called": "b.example:8000"}
    assert as_told(None, "a" * 500) == {"origin": "(none)", "called": "a" * 200}
