"""What is not whole, and what nobody reads, has one bound for all connections together, and goes where most of it is."""

from collections import Counter
from collections.abc import Callable
from unittest.mock import AsyncMock, Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.access import Access
from teahouse.auth import Identity
from teahouse.gateways.address import Proxies
from teahouse.gateways.held_bytes import HeldBytes, Sharer
from teahouse.gateways.http.identity import prove
from teahouse.gateways.http.server_protocol import SLOT
from teahouse.gateways.slots import Slots
from teahouse.model import User
from tests.gateways.http.test_pace import Server

LIMIT = 10_000
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n"

Open = Callable[[str], Server]


@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> Slots:
    monkeypatch.setattr("teahouse.gateways.slots.MAX_HELD_BYTES", LIMIT)
    monkeypatch.setattr("teahouse.gateways.slots.MAX_HELD_BYTES_OF_KNOWN", LIMIT)
    return Slots(1000, Proxies([]), lambda: 0.0)


@pytest.fixture
def visit(slots: Slots) -> Open:
    def visit(address: str) -> Server:
        slot = slots.take(address)
        assert slot is not None
        server = Server(slot)
        slot.attach(server.pipe.abort)
        server.protocol.client = (address, 1)
        return server

    return visit


async def test_unfinished_bodies_of_the_largest_sharer_give_way_the_oldest_first(visit: Open, slots: Slots) -> None:
    honest = visit("192.0.2.2")
    await honest.send(HEAD + b"x" * 2000)
    many = [visit("192.0.2.1") for _ in range(4)]
    for each in many:
        await each.send(HEAD + b"x" * 3000)

    assert [each.pipe.closed for each in many] == [True, True, False, False]
    assert not honest.pipe.closed
    assert slots.held.total <= LIMIT


@pytest.mark.parametrize(
    "unfinished", [b"GET /" + b"a" * 3900, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * 30], ids=["a long line", "many"]
)
async def test_unfinished_heads_count_with_what_their_headers_weigh(visit: Open, slots: Slots, unfinished: bytes) -> None:
    first, second = visit("192.0.2.1"), visit("192.0.2.1")
    await first.send(unfinished)
    assert slots.held.total > 3800
    await second.send(unfinished)
    third = visit("192.0.2.1")
    await third.send(unfinished)
    assert (first.pipe.closed, third.pipe.closed) == (True, False)


async def test_answers_that_nobody_reads_count(visit: Open, slots: Slots) -> None:
    server = visit("192.0.2.1")
    server.pipe.is_drained = False
    await server.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await server.until_answered(1)
    assert slots.held.total == len(server.pipe.written) > 0
    server.pipe.is_drained = True
    server.protocol.resume_writing()
    assert slots.held.total == 0


async def test_requests_that_wait_behind_others_count(visit: Open, slots: Slots) -> None:
    server = visit("192.0.2.1")
    await server.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 150)
    assert slots.held.total > 3000


async def test_a_request_in_line_counts_with_all_that_it_takes(visit: Open, slots: Slots) -> None:
    server = visit("192.0.2.1")
    await server.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
    assert slots.held.total > 2000
    server.app.may_answer.set()
    await server.until_answered(2)
    assert slots.held.total == 0


async def test_no_stranger_cuts_who_is_known_however_much_they_hold(visit: Open, slots: Slots) -> None:
    upload = visit("192.0.2.2")
    await upload.send(HEAD + b"x" * 4500)
    upload.slot.know()
    assert (slots.held.total, slots.held_by_known.total > 4500) == (0, True)
    strangers = [visit(f"192.0.2.{number}") for number in range(3, 13)]
    for each in strangers:
        await each.send(HEAD + b"x" * 3000)

    assert not upload.pipe.closed
    assert slots.displaced.keys() == {"stranger"}
    await upload.send(b"x" * 500)
    await upload.until_answered(1)
    assert slots.held_by_known.total == 0


async def test_those_who_are_known_have_a_bound_as_well(visit: Open, slots: Slots) -> None:
    for _ in range(4):
        server = visit("192.0.2.2")
        await server.send(HEAD + b"x" * 4000)
        server.slot.know()
    assert slots.held_by_known.total <= LIMIT
    assert slots.displaced == {"known": 2}


async def test_nobody_cuts_a_colleague_of_the_same_address(visit: Open, slots: Slots) -> None:
    """Among equals what was held longest goes: theirs, if the bytes were their network's."""
    ada, pests = visit("192.0.2.2"), [visit("192.0.2.2") for _ in range(8)]
    await ada.send(HEAD + b"x" * 2000)
    ada.slot.know(1)
    for pest in pests:
        await pest.send(HEAD + b"x" * 3000)
        pest.slot.know(2)

    assert not ada.pipe.closed and pests[0].pipe.closed
    assert slots.displaced == {"known": sum(pest.pipe.closed for pest in pests)}
    await ada.send(b"x" * 3000)
    await ada.until_answered(1)


async def test_a_program_cuts_no_upload_of_its_person(visit: Open, slots: Slots) -> None:
    person = Identity(1, User(1, "Ada", "f01"), 2)
    ada, programs = visit("192.0.2.2"), [visit("192.0.2.2") for _ in range(8)]
    await ada.send(HEAD + b"x" * 2000)
    await come(ada, person)
    for session, each in enumerate(programs, 2):
        await each.send(HEAD + b"x" * 3000)
        await come(each, Identity(session, person.user, 2, Access("read")))

    assert not ada.pipe.closed
    assert slots.displaced == {"known": sum(each.pipe.closed for each in programs)}


async def come(server: Server, identity: Identity) -> None:
    """Let the house find out who sends the request that `server` holds."""
    scope = {"extensions": {SLOT: server.slot}}
    parts = Mock(**{"auth.prove": AsyncMock(return_value=identity)})
    assert await prove(Mock(headers={"authorization": "Bearer tea_"}, scope=scope), parts) == identity


async def test_a_crowd_of_one_network_cuts_nobody_elsewhere(visit: Open, slots: Slots) -> None:
    ada, crowd = visit("192.0.2.3"), [visit("192.0.2.2") for _ in range(8)]
    await ada.send(HEAD + b"x" * 3000)
    ada.slot.know(1)
    for person, each in enumerate(crowd, 2):
        await each.send(HEAD + b"x" * 1500)
        each.slot.know(person)

    assert not ada.pipe.closed
    assert slots.displaced == {"known": sum(each.pipe.closed for each in crowd)}
    await ada.send(b"x" * 2000)
    await ada.until_answered(1)


async def test_bytes_follow_who_is_known_on_a_connection(visit: Open, slots: Slots) -> None:
    server = visit("192.0.2.2")
    slot = server.slot
    await server.send(HEAD + b"x" * 2000)
    for owner in (1, 2):
        slot.know(owner)
        assert slots.held_by_known.held_by(Sharer("192.0.2.2", owner), slot) > 2000
    slot.know()
    total = slots.held_by_known.total
    assert total == slots.held_by_known.held_by(Sharer("192.0.2.2", 2), slot)
    slot.close()
    assert (slots.held.total, slots.held_by_known.total) == (0, 0)


async def test_what_is_whole_or_gone_counts_no_longer(visit: Open, slots: Slots) -> None:
    whole, gone = visit("192.0.2.1"), visit("192.0.2.1")
    await whole.send(HEAD + b"x" * 5000)
    await gone.send(HEAD + b"x" * 100)
    await whole.until_answered(1)
    gone.protocol.connection_lost(None)
    assert slots.held.total == 0
    assert slots.displaced == {}


def test_the_network_that_holds_most_gives_up_what_it_held_longest() -> None:
    gone: list[str] = []

    def give_up(holder: str) -> None:
        gone.append(holder)
        held.hold(Sharer(holder[0]), holder, 0)

    held: HeldBytes[str] = HeldBytes(100, give_up)
    for holder, count in [("a1", 30), ("b1", 40), ("a2", 20), ("a1", 35), ("b1", 10), ("a3", 40)]:
        held.hold(Sharer(holder[0]), holder, count)
    assert gone == ["a1"]
    assert held.total == 70
    held.hold(Sharer("b"), "b2", 101)
    assert gone == ["a1", "b1", "b2"]
    assert held.total == 60


def test_the_network_that_holds_most_is_found_without_looking_at_all() -> None:
    gone: list[str] = []

    def give_up(holder: str) -> None:
        gone.append(holder)
        held.hold(Sharer(holder), holder, 0)

    held: HeldBytes[str] = HeldBytes(100_000_000, give_up)
    for number in range(1, 2001):
        held.hold(Sharer(f"n{number}"), f"n{number}", number * 49)
    assert len(held._by_network._by_rank) < 200
    held.hold(Sharer("n1"), "n1", 3_000_000)
    held.hold(Sharer("n2"), "n2", 2_900_000)
    assert gone == ["n1", "n2"]
    held.hold(Sharer("n3"), "n3", 50_000)
    held.hold(Sharer("n4"), "n4", 1_980_000)
    held.hold(Sharer("n5"), "n5", 50_000)
    assert gone[2:] == ["n4"]


Steps = list[tuple[str, int, int, int]]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.integers(0, 2), st.integers(0, 60)), max_size=60))
def test_what_is_held_always_fits_and_who_holds_most_where_most_is_held_gives(steps: Steps) -> None:
    kept: dict[tuple[Sharer, int], int] = {}

    def sums(keys: Callable[[Sharer], object]) -> Counter[object]:
        found: Counter[object] = Counter()
        for (sharer, _), count in kept.items():
            found[keys(sharer)] += count
        return found

    def give_up(holder: tuple[Sharer, int]) -> None:
        sharer = holder[0]
        networks, people = sums(lambda each: each.network), sums(lambda each: each)
        assert 8 * max(networks.values()) <= 9 * networks[sharer.network]
        assert 8 * max(count for each, count in people.items() if each.network == sharer.network) <= 9 * people[sharer]
        del kept[holder]
        held.hold(sharer, holder, 0)

    held: HeldBytes[tuple[Sharer, int]] = HeldBytes(100, give_up)
    for network, person, number, count in steps:
        sharer = Sharer(network, person)
        kept[sharer, number] = count
        held.hold(sharer, (sharer, number), count)
        assert held.total == sum(kept.values()) <= 100
        assert held._held.keys() == {sharer for (sharer, _), count in kept.items() if count}
