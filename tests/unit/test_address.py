"""Whose word about a request is taken, and what limits per address count as one address."""

import pytest

from teahouse.gateways.address import NO_PROXIES, Caller, Proxies, network
from teahouse.networks import as_network


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("fe80::1%eth0", "fe80:0::1"),
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("64:ff9b::192.0.2.7", "192.0.2.7"),
        ("64:ff9b:1::192.0.2.7", "192.0.2.7"),
        ("64:ff9b:1:a:b:c:192.0.2.7", "192.0.2.7"),
        ("64:ff9b:1:c000:2:700::", "64:ff9b:1:c000:2:800::"),
        ("fe80::1%eth0", "fe80::2%eth1"),
        ("fe80::1", "fe80:0:0:1::1"),
    ],
)
def test_one_household_counts_as_one(one: str, other: str) -> None:
    assert network(one) == network(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("192.0.2.7", "192.0.2.8"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8"),
        ("64:ff9b::192.0.2.7", "64:ff9b::192.0.2.8"),
        ("64:ff9b:1::192.0.2.7", "64:ff9b:1::192.0.2.8"),
        ("64:ff9b:1:c000:2:700::", "64:ff9b:1:d000:2:700::"),
        ("fe80::1", "fec0::1"),
        ("fe80::1", "2001:db8::1"),
    ],
)
def test_two_households_count_apart(one: str, other: str) -> None:
    assert network(one) != network(other)


def test_a_link_local_address_is_seen_alone() -> None:
    assert as_network("fe80::1%eth0") == "fe80::1"


def headers(**values: str | list[str]):
    """All values of a header by its name, `_` standing for `-`."""
    return lambda name: [*([found] if isinstance(found := values.get(name.replace("-", "_"), []), str) else found)]


def test_what_a_stranger_says_of_others_is_not_believed() -> None:
    forged = headers(x_forwarded_for="192.0.2.1", x_forwarded_proto="https", x_forwarded_host="evil.example")

    assert NO_PROXIES.caller("198.51.100.7", "http", forged) == Caller("198.51.100.7", "http")
    assert Proxies(["10.0.0.1"]).caller("198.51.100.7", "http", forged) == Caller("198.51.100.7", "http")


def test_a_trusted_proxy_tells_address_scheme_and_host() -> None:
    told = headers(x_forwarded_for="192.0.2.1", x_forwarded_proto="https", x_forwarded_host="chat.example.org")

    assert Proxies(["10.0.0.0/8"]).caller("10.1.2.3", "http", told) == Caller("192.0.2.1", "https", "chat.example.org")


def test_a_proxy_that_tells_nothing_is_the_caller_itself() -> None:
    assert Proxies(["10.0.0.1"]).caller("10.0.0.1", "http", headers()) == Caller("10.0.0.1", "http")


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (["203.0.113.9, 192.0.2.1"], "192.0.2.1"),  # the left one is the client's own invention
        (["203.0.113.9", "192.0.2.1"], "192.0.2.1"),
        (["203.0.113.9, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),  # through two of our proxies
        (["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        (["192.0.2.1, nonsense, 10.0.0.2"], "10.0.0.2"),  # what lies beyond a hop that cannot be read may be anyone's
        (["nonsense"], "10.0.0.1"),
        (["192.0.2.1:4711"], "192.0.2.1"),
        (["[2001:db8::1]:4711"], "2001:db8::1"),
        (["2001:db8::1"], "2001:db8::1"),
        (["::ffff:192.0.2.1"], "192.0.2.1"),
        ([""], "10.0.0.1"),
    ],
)
def test_the_address_is_read_from_the_right_up_to_the_first_that_is_not_ours(forwarded: list[str], address: str) -> None:
    assert Proxies(["10.0.0.0/8"]).client_address("10.0.0.1", forwarded) == address


def test_the_last_scheme_and_host_count_and_an_unknown_scheme_does_not() -> None:
    proxies = Proxies(["10.0.0.1"])

    assert proxies.caller("10.0.0.1", "http", headers(x_forwarded_proto="http, https")).scheme == "https"
    assert proxies.caller("10.0.0.1", "http", headers(x_forwarded_proto="wss")).scheme == "https"
    assert proxies.caller("10.0.0.1", "http", headers(x_forwarded_proto="gopher")).scheme == "http"
    assert proxies.caller("10.0.0.1", "http", headers(x_forwarded_host=["evil.example", "chat.example.org"])).host == "chat.example.org"


def test_an_ipv4_proxy_on_a_socket_for_both_families_is_known() -> None:
    assert Proxies(["127.0.0.1"]).trusts("::ffff:127.0.0.1")
    assert not Proxies(["127.0.0.1"]).trusts("")
