"""What one network address may have: room for an office, a bound for one person's sockets, and a word for whoever runs the house."""

from structlog.testing import capture_logs

from teahouse.gateways.connections import Connections
from teahouse.gateways.crowds import OWN, PEOPLE_PER_SOCKET, Crowds

OFFICE = "192.0.2.7"


def test_three_hundred_people_of_an_office_fit_with_the_default() -> None:
    crowds = Crowds(200)
    for person in range(300):
        assert not crowds.excess(OFFICE, person)
        crowds.add(OFFICE, person)


def test_further_sockets_of_one_address_are_bounded_whoever_opens_them() -> None:
    crowds = Crowds(3)
    for person in (1, 1, 1, 1, 2, 2, 2):
        assert not crowds.excess(OFFICE, person)
        crowds.add(OFFICE, person)
    assert "3 further connections" in crowds.excess(OFFICE, 1) and "3 further connections" in crowds.excess(OFFICE, 2)
    assert not crowds.excess("192.0.2.8", 1)
    for _ in range(OWN):
        assert not crowds.excess(OFFICE, 3), "a page and a phone"
        crowds.add(OFFICE, 3)
    assert "3 further connections" in crowds.excess(OFFICE, 3)
    crowds.remove(OFFICE, 2)
    assert not crowds.excess(OFFICE, 1)


def test_people_of_one_address_are_bounded_too() -> None:
    crowds = Crowds(2)
    for person in range(PEOPLE_PER_SOCKET * 2):
        crowds.add(OFFICE, person)
    assert "10 people" in crowds.excess(OFFICE, "another")
    assert not crowds.excess(OFFICE, 0), "who is here opens another tab"
    crowds.remove(OFFICE, 0)
    assert not crowds.excess(OFFICE, "another")


def test_the_people_of_one_cable_are_one_crowd() -> None:
    crowds = Crowds(2)
    for person in range(PEOPLE_PER_SOCKET * 2):
        crowds.add(f"fe80::{person}%eth0", person)
    assert "10 people" in crowds.excess("fe80::ffff%eth0", "another")
    crowds.remove("fe80::0%eth0", 0)
    assert not crowds.excess("fe80::ffff%eth0", "another")


def test_nothing_is_kept_of_who_has_gone() -> None:
    crowds = Crowds(2)
    for _ in range(2 * OWN):
        crowds.add(OFFICE, 1)
    for _ in range(2 * OWN):
        crowds.remove(OFFICE, 1)
    assert not any(vars(crowds)[name] for name in ("_people", "_further", "_of_person"))


def test_refusals_are_counted_and_told_once_a_minute() -> None:
    connections = Connections(max_connections=10, per_user=0, per_address=10)
    with capture_logs() as lines:
        assert all(connections.too_many(1, OFFICE) == "0 connections of one user" for _ in range(50))
    assert connections.refused["1013"] == 50
    assert [(line["event"], line["refused_so_far"]) for line in lines] == [("connections are refused", 1)]
