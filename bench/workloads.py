"""The workloads P1 to P8 of docs/performance.md. Each gives runs by server; what they mean against the targets is table.py's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import world
from abuse.run import abuse_all
from generator import Result, drive
from history import page_times
from search import search_times
from servers import PEERS, REFERENCE, Peer, Skipped, peer, teahouse

READERS = 1000
SLOW_READERS = 50
CROWD = 10_000
ROOMS, MEMBERS = 1000, 10
TEXT_BYTES = 200
LONG_TEXT_BYTES = 2000
TEN_MB = 10_000_000
PAST = 1_000_000
STARTS = 5

Tell = Callable[[str], None]


@dataclass
class Measured:
    """The runs of one workload by server, and in words what could not be measured."""

    runs: dict[str, list[Result]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    def add(self, server: str, result: Result) -> None:
        self.runs.setdefault(server, []).append(result)


@dataclass(frozen=True)
class Pace:
    """How long and how often to measure."""

    rounds: int
    seconds: float
    peers: bool
    beside: Path | None = None
    attacks: tuple[str, ...] = ()


Workload = Callable[[Pace, Tell], Measured]


def fanout(inflight: int, pace: Pace, tell: Tell) -> Measured:
    """One room of 1,000 readers. Ours and the reference in turn, so that both meet the same weather; the other peers once."""
    measured = Measured()
    load = {"clients": READERS, "inflight": inflight, "seconds": pace.seconds}
    for _ in range(pace.rounds):
        tell("Teahouse")
        with teahouse(world.lobby(READERS)) as server:
            ours = drive(server, "fanout", text=TEXT_BYTES, **load)
        measured.add("Teahouse", ours)
        _drive_peer(REFERENCE, load | {"payload": ours["frame_bytes"]}, measured, tell)
    for other in PEERS if pace.peers else ():
        _drive_peer(other, load | {"payload": ours["frame_bytes"]}, measured, tell)
    return measured


def _drive_peer(which: Peer, load: dict[str, float], measured: Measured, tell: Tell) -> None:
    tell(which.title)
    try:
        with peer(which) as server:
            measured.add(which.title, drive(server, "fanout", **load | {"clients": which.readers}))
    except (Skipped, RuntimeError) as reason:
        measured.skipped[which.title] = str(reason).removeprefix(f"{which.title}: ")


def rooms(pace: Pace, tell: Tell) -> Measured:
    """1,000 rooms of 10, 100 of them at a time, every member in turn, 8 in flight per room."""
    measured = Measured()
    for _ in range(pace.rounds):
        tell("Teahouse")
        with teahouse(world.many_rooms(ROOMS, MEMBERS)) as server:
            measured.add("Teahouse", drive(server, "rooms", clients=ROOMS * MEMBERS, active=100, inflight=8, seconds=pace.seconds))
    return measured


def idle(pace: Pace, tell: Tell) -> Measured:
    """10,000 sockets that only answer pings; a minute holds two of the server's rounds of pings."""
    measured = Measured()
    tell("Teahouse")
    with teahouse(world.lobby(READERS + CROWD)) as server:
        measured.add("Teahouse", drive(server, "idle", clients=CROWD, warm=10, seconds=60))
    return measured


def storm(pace: Pace, tell: Tell) -> Measured:
    """10,000 of 11,000 readers of one room are cut at once and come back with their cursors while it goes on."""
    measured = Measured()
    for _ in range(pace.rounds):
        tell("Teahouse")
        with teahouse(world.lobby(READERS + CROWD)) as server:
            measured.add("Teahouse", drive(server, "storm", clients=READERS, cut=CROWD, rate=5, warm=3, seconds=60))
    return measured


def slow(pace: Pace, tell: Tell) -> Measured:
    """10 MB of messages to 1,000 readers, of whom 50 never read; and the same without those."""
    measured = Measured()
    load = {"clients": READERS, "inflight": 16, "text": LONG_TEXT_BYTES, "posts": TEN_MB // LONG_TEXT_BYTES, "warm": 0, "seconds": 120}
    for _ in range(pace.rounds):
        for name, mute in (("all read", 0), (f"{SLOW_READERS} never read", SLOW_READERS)):
            tell(name)
            with teahouse(world.lobby(READERS)) as server:
                measured.add(name, drive(server, "fanout", mute=mute, **load))
    return measured


def history(pace: Pace, tell: Tell) -> Measured:
    """Pages of a room of 1,000,000 messages and searches in it: as the database answers in the process, and as a client waits for pages."""
    measured = Measured()
    tell("making the room, once")
    past = world.long_past(PAST)
    tell("Teahouse")
    with teahouse(past) as server:
        for name, result in {**page_times(past, server, PAST), **search_times(past)}.items():
            measured.add(name, result)
    return measured


def start(pace: Pace, tell: Tell) -> Measured:
    """From starting the process on an empty folder until a socket is accepted and greeted; its memory then."""
    measured = Measured()
    for _ in range(STARTS):
        tell("Teahouse")
        with teahouse(None) as server:
            with open(f"/proc/{server.pid}/status") as status:
                kib = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
            measured.add("Teahouse", {"ready_s": server.ready_s, "rss_kib": kib})
    return measured


def abuse(pace: Pace, tell: Tell) -> Measured:
    """One attack after the other, each on a fresh server with its own limits; `pace.beside` is attacked in turn with ours."""
    return Measured({title: [result] for title, result in abuse_all(pace.beside, pace.attacks, tell).items()})


WORKLOADS: dict[str, Workload] = {
    "p1": partial(fanout, 16),
    "p2": partial(fanout, 1),
    "p3": rooms,
    "p4": idle,
    "p5": storm,
    "p6": slow,
    "p7": history,
    "p8": start,
    "p13": abuse,
}
