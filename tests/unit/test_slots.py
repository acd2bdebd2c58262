"""Slots: who gives way when the house is full, and that no place is ever lost or counted twice."""

import random
from collections.abc import Callable

import pytest

from teahouse.gateways.address import Proxies
from teahouse.gateways.slots import MAX_CROWD, MAX_RESTING_STRANGERS, QUIET_S, SETTLED_S, TURNOVER_PER_S, Slot, Slots

PROXY = "10.0.0.1"


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(clock: Clock) -> Callable[[int], Slots]:
    return lambda limit: Slots(limit, Proxies([PROXY]), clock)


def fill(slots: Slots, address: str, count: int) -> list[Slot]:
    taken = [slots.take(address) for _ in range(count)]
    assert None not in taken
    return [slot for slot in taken if slot is not None]


def test_as_many_fit_as_there_are_places_also_of_one_address(house: Callable[[int], Slots]) -> None:
    slots = house(300)
    fill(slots, "192.0.2.1", 300)

    assert len(slots) == 300
    assert slots.displaced == {}
    assert slots.take("192.0.2.1") is None, "a crowd that comes at once does not put itself out"


def test_a_newcomer_takes_the_place_that_the_largest_sharer_used_least_lately(house: Callable[[int], Slots]) -> None:
    slots = house(10)
    small, large = fill(slots, "192.0.2.1", 3), fill(slots, "192.0.2.2", 7)
    large[0].rest()

    assert slots.take("192.0.2.3") is not None
    assert [slot.is_closed for slot in large] == [False, True, *[False] * 5]
    assert not any(slot.is_closed for slot in small)
    assert len(slots) == 10
    assert slots.displaced == {"stranger": 1}


def test_an_address_of_the_largest_share_takes_its_own_once_that_has_rested(house: Callable[[int], Slots], clock: Clock) -> None:
    slots = house(3)
    crowd = fill(slots, "192.0.2.1", 3)
    clock.now_s += SETTLED_S

    assert slots.take("192.0.2.1") is not None
    assert crowd[0].is_closed
    crowd[1].rest()
    crowd[2].rest()
    assert slots.take("192.0.2.1") is None


def test_strangers_who_rest_give_way_before_the_house_is_full_and_nobody_else_does(house: Callable[[int], Slots], clock: Clock) -> None:
    slots = house(3 * MAX_RESTING_STRANGERS)
    idle = fill(slots, "192.0.2.1", MAX_RESTING_STRANGERS)
    crowd = fill(slots, "192.0.2.2", 10)
    assert not any(slot.is_closed for slot in idle), "they have not rested yet"
    for slot in idle[:10]:
        slot.live()
    fill(slots, "192.0.2.3", 10)
    clock.now_s += SETTLED_S

    fill(slots, "192.0.2.3", 5)

    assert [slot.is_closed for slot in idle[:20]] == [False] * 10 + [True] * 5 + [False] * 5
    assert not any(slot.is_closed for slot in crowd)
    assert slots.displaced == {"stranger": 5}


def test_a_crowd_of_one_network_has_an_end_and_stops_nobody_else(house: Callable[[int], Slots]) -> None:
    slots = house(3 * MAX_CROWD)
    crowd = fill(slots, "192.0.2.1", MAX_CROWD)
    assert slots.take("192.0.2.1") is None
    assert slots.take("192.0.2.2") is not None
    assert slots.take(PROXY) is not None
    crowd[0].live()
    assert slots.take("192.0.2.1") is not None
    assert slots.displaced == {}


def test_a_network_that_replaces_its_own_resting_connections_at_a_rush_is_told_to_wait(house: Callable[[int], Slots], clock: Clock) -> None:
    slots = house(3 * MAX_RESTING_STRANGERS)
    fill(slots, "192.0.2.1", MAX_RESTING_STRANGERS)
    clock.now_s += SETTLED_S

    came = [slots.take("192.0.2.1") for _ in range(2 * TURNOVER_PER_S)]

    assert [slot is not None for slot in came] == [True] * TURNOVER_PER_S + [False] * TURNOVER_PER_S
    assert slots.take("192.0.2.2") is not None, "others are not held up"
    clock.now_s += 1
    assert slots.take("192.0.2.1") is not None


def test_one_network_of_ipv6_has_one_share(house: Callable[[int], Slots]) -> None:
    slots = house(4)
    many = [*fill(slots, "2001:db8::1", 1), *fill(slots, "2001:db8::ffff:2", 1), *fill(slots, "2001:db8:0:0:3::", 1)]
    fill(slots, "2001:db8:0:1::1", 1)

    assert slots.sharers() == (2, 3)
    assert slots.take("2001:db8:0:2::1") is not None
    assert many[0].is_closed
    assert slots.take("::ffff:192.0.2.1") is not None


def test_nobodys_live_socket_goes_and_who_is_known_goes_after_the_strangers_of_their_network(
    house: Callable[[int], Slots], clock: Clock
) -> None:
    slots = house(6)
    school = fill(slots, "192.0.2.1", 6)
    for slot in school[:3]:
        slot.live()
    for slot in school[3:5]:
        slot.know()
    clock.now_s += SETTLED_S
    school[5].begin("192.0.2.1")
    clock.now_s += SETTLED_S

    fill(slots, "192.0.2.3", 1)
    assert [slot.is_closed for slot in school] == [False] * 5 + [True], "the stranger goes, though it rested less"
    fill(slots, "192.0.2.4", 1)
    assert [slot.is_closed for slot in school] == [False] * 3 + [True, False, True]
    assert slots.displaced == {"stranger": 1, "known": 1}


@pytest.mark.parametrize("age_s", [0.0, SETTLED_S])
def test_known_connections_that_fill_the_house_go_before_a_stranger_of_a_smaller_sharer(
    house: Callable[[int], Slots], clock: Clock, age_s: float
) -> None:
    slots = house(12)
    hoard = fill(slots, "192.0.2.1", 10)
    for slot in hoard:
        slot.know()
    clock.now_s += SETTLED_S
    honest = fill(slots, "192.0.2.2", 2)
    clock.now_s += age_s

    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.3", "192.0.2.2", "192.0.2.1"):
        [newcomer] = fill(slots, address, 1)
        newcomer.know()

    assert not any(slot.is_closed for slot in honest)
    assert [slot.is_closed for slot in hoard] == [True] * 5 + [False] * 5
    assert slots.displaced == {"known": 5}


def test_where_the_largest_sharer_waits_for_answers_only_a_settled_stranger_goes(house: Callable[[int], Slots], clock: Clock) -> None:
    slots = house(7)
    [stranger] = fill(slots, "192.0.2.2", 1)
    clock.now_s += SETTLED_S
    for slot in fill(slots, "192.0.2.1", 6):
        slot.know()

    [late] = fill(slots, "192.0.2.1", 1)
    assert stranger.is_closed
    late.know()
    assert slots.take("192.0.2.3") is None


def test_a_hoard_that_is_renewed_all_the_time_gives_its_own_strangers(house: Callable[[int], Slots]) -> None:
    slots = house(6)
    [honest] = fill(slots, "192.0.2.2", 1)
    hoard = fill(slots, "192.0.2.1", 5)
    for slot in hoard[:4]:
        slot.know()

    fill(slots, "192.0.2.3", 1)
    assert hoard[4].is_closed and not honest.is_closed


def test_known_connections_that_rest_give_way_where_nobody_is_a_stranger(house: Callable[[int], Slots], clock: Clock) -> None:
    slots = house(3)
    live, busy, resting = fill(slots, "192.0.2.1", 3)
    live.live()
    resting.know()
    clock.now_s += SETTLED_S
    busy.know()

    [newcomer] = fill(slots, "192.0.2.2", 1)
    assert (live.is_closed, busy.is_closed, resting.is_closed) == (False, False, True)
    newcomer.live()
    assert slots.take("192.0.2.2") is None, "a request under way is answered"
    assert slots.displaced == {"known": 1}


def test_behind_a_trusted_proxy_each_request_counts_for_whom_it_comes_from(house: Callable[[int], Slots], clock: Clock) -> None:
    slots = house(4)
    proxied = fill(slots, PROXY, 4)
    clock.now_s += 10 * SETTLED_S
    assert slots.take("192.0.2.9") is None, "what the proxy keeps open is its own affair"
    for slot in proxied[:3]:
        slot.begin("192.0.2.1")
    proxied[3].begin("192.0.2.2")

    assert slots.take(PROXY) is not None
    assert proxied[0].is_closed
    proxied[1].rest()
    assert slots.sharers() == (2, 1)


def test_a_place_that_is_taken_away_while_it_is_being_opened_ends_when_it_is(house: Callable[[int], Slots]) -> None:
    slots, ended = house(1), list[str]()
    [early] = fill(slots, "192.0.2.1", 1)
    [late] = fill(slots, "192.0.2.2", 1)
    early.attach(lambda: ended.append("early"))
    late.attach(lambda: ended.append("late"))

    assert ended == ["early"]
    late.give_way()
    late.close()
    assert ended == ["early", "late"]
    assert len(slots) == 0


def test_a_full_house_is_told_once_per_spell(
    house: Callable[[int], Slots], clock: Clock, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    slots, told = house(2), list[int]()
    for _ in range(3):
        for number in range(50):
            clock.now_s += QUIET_S / 60
            slots.take(f"192.0.2.{number}")
        told.append(capsys.readouterr().out.count("the house is full"))
        clock.now_s += QUIET_S

    assert told == [1, 1, 1]


@pytest.mark.parametrize("seed", range(30))
def test_whatever_comes_and_goes_the_counts_are_right_and_come_back_to_nothing(
    seed: int, house: Callable[[int], Slots], clock: Clock
) -> None:
    dice, slots = random.Random(seed), house(12)
    addresses = [PROXY, *(f"192.0.2.{number}" for number in range(seed % 5 + 1))]
    here: list[Slot] = []
    lost: list[Slot] = []
    """Those whose end was asked for and has not come."""

    def end(slot: Slot) -> None:
        here.remove(slot)
        lost.append(slot)

    for _ in range(1_000):
        clock.now_s += dice.random()
        was_live = [slot for slot in here if slot.is_live]
        if dice.random() < 0.5:
            slot = slots.take(dice.choice(addresses))
            if slot is not None:
                here.append(slot)
                slot.attach(lambda slot=slot: end(slot))  # type: ignore[misc]
        elif here:
            slot = dice.choice(here)
            step = dice.choice(["begin", "know", "live", "rest", "rest", "close"])
            if step == "close":
                here.remove(slot)
                was_live = [each for each in was_live if each is not slot]
                slot.close()
                slot.close()
            elif step == "begin":
                was_live = [each for each in was_live if each is not slot]
                slot.begin(dice.choice(addresses))
            else:
                getattr(slot, step)()
        while lost and dice.random() < 0.5:
            lost.pop().close()
        assert len(slots) == len(here) <= slots.limit
        assert not any(slot.is_closed for slot in was_live), "nobody's live socket gives way"
        shared = [slot for slot in here if not slot.is_live and slot.network]
        assert len(slots._strangers) + len(slots._known) == len(slots._idle) == len(shared)
    for slot in (*here, *lost):
        slot.close()
    assert (len(slots), len(slots._strangers), len(slots._known), len(slots._idle)) == (0, 0, 0, 0)
