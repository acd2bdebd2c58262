"""Where a house is reached: by its own people and by others."""

import pytest

from teahouse import whereabouts
from teahouse.settings import Settings
from teahouse.storage import reached_at
from teahouse.whereabouts import Whereabouts
from tests.storage.conftest import Another
from tests.storage.house import House


@pytest.mark.parametrize(
    ("where", "address", "others"),
    [
        (Whereabouts("127.0.0.1", 9000), "http://127.0.0.1:9000", ["http://127.0.0.1:9000"]),
        (Whereabouts("0.0.0.0", 9000), "http://127.0.0.1:9000", ["http://192.0.2.7:9000"]),
        (Whereabouts("::", 9000), "http://127.0.0.1:9000", ["http://192.0.2.7:9000"]),
        (Whereabouts("::1", 9000), "http://[::1]:9000", ["http://[::1]:9000"]),
        (Whereabouts("0.0.0.0", 9000, "https://tea.example"), "https://tea.example", ["https://tea.example"]),
    ],
)
def test_others_reach_it_by_the_network_or_by_the_public_address(
    where: Whereabouts, address: str, others: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whereabouts, "lan_addresses", lambda: ["192.0.2.7"])
    assert (where.address, where.addresses_for_others()) == (address, others)


async def test_what_a_server_leaves_is_read_by_another_and_the_next_one_takes_its_place(house: House, another: Another) -> None:
    first, second = Whereabouts("::1", 9000, "https://tea.example"), Whereabouts.set_by(Settings(host="::1", port=0), 9001)
    assert await house.database.read(reached_at.of, Whereabouts) is None
    await house.committer.run(lambda tx: reached_at.note(tx, first))
    assert await (await another()).database.read(reached_at.of, Whereabouts) == first
    await house.committer.run(lambda tx: reached_at.note(tx, second))
    assert await house.database.read(reached_at.of, Whereabouts) == second == Whereabouts("::1", 9001)
