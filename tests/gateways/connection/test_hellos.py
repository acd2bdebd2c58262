"""A hello costs as much as its sayer has rooms, so it has a pace of its own: by person, on whatever roads and connections."""

from typing import Any

from teahouse.gateways.messages import hellos_throttle
from teahouse.throttle import Throttle
from tests.storage.house import House


async def test_whoever_says_hello_over_and_over_is_told_to_wait_and_then_may(house: House, dial: Any) -> None:
    aiko, ben = await house.guest_identity("Aiko"), await house.guest_identity("Ben")
    hellos = Throttle(1, 3)
    said = [await dial(aiko, None, hellos).hello() for _ in range(3)]
    assert [event["type"] for event in said] == ["welcome"] * 3

    late = dial(aiko, None, hellos)
    refused = await late.hello()
    assert (refused["code"], refused["retry_after_s"]) == ("too_much", 1.0)
    assert late.ear.closed is None
    assert (await dial(ben, None, hellos).hello())["type"] == "welcome", "others have their own pace"

    house.clock.ms += 1000
    assert (await late.ask(2, type="hello"))["type"] == "welcome"
    assert (await late.ask(3, type="ping"))["type"] == "pong"


def test_tabs_and_phones_that_come_back_are_far_below_it() -> None:
    hellos = hellos_throttle((50, 200))
    assert [hellos.take(1, 0.0) for _ in range(40)] == [0.0] * 40
    assert hellos.take(1, 0.0) == 1.0
