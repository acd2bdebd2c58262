"""Places for connections, for tests that make a protocol object without a server."""

from collections.abc import Callable

from teahouse.gateways.address import Proxies
from teahouse.gateways.slots import Slot, Slots


def places() -> Callable[[str], Slot]:
    """Return how one who comes from an address gets a place in one house, which has enough of them."""
    slots = Slots(1000, Proxies([]), lambda: 0.0)

    def take(address: str) -> Slot:
        slot = slots.take(address)
        assert slot is not None
        return slot

    return take
