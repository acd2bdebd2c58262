"""The robot is tested in a house of its own, without a database."""

import pytest

from tests.unit.bots.house import DIRECT, LOBBY, House


@pytest.fixture
def house() -> House:
    house = House()
    house.open_room(LOBBY)
    house.open_room(DIRECT, "direct")
    return house
