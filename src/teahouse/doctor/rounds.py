"""The steps of an examination in their order."""

from collections.abc import Callable, Iterator

from teahouse.doctor.findings import Step
from teahouse.doctor.flow import body, clock, cookie, cost, stream
from teahouse.doctor.handshake import frames, handshake, idle, origin
from teahouse.doctor.passing import passing
from teahouse.doctor.road import connection, house, name, tls
from teahouse.doctor.target import Target
from teahouse.doctor.visit import Visit

STEPS: tuple[Callable[[Visit], Step], ...] = (
    name,
    connection,
    tls,
    house,
    passing,
    handshake,
    frames,
    origin,
    stream,
    cost,
    body,
    cookie,
    clock,
)
NEED_A_SOCKET = (frames, origin)


def examine(target: Target, idle_s: float = 0) -> Iterator[Step]:
    """Yield each step as soon as it is done, up to the first after which nothing can be seen."""
    visit = Visit(target)
    for step in STEPS:
        if step in NEED_A_SOCKET and not visit.upgrades:
            continue
        done = step(visit)
        yield done
        if done.stops:
            return
    if idle_s and visit.upgrades:
        yield idle(visit, idle_s)
