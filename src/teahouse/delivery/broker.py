"""How processes hear each other. A packet is a hint that may be lost: the database is the truth, the sweep finds what is missing."""

from collections.abc import Callable
from typing import Protocol

from teahouse.model import Entry

Receive = Callable[[int, int, Entry | None], None]


class Broker(Protocol):
    """Tells every process, this one too, what was committed. It may lose, repeat and reorder."""

    def publish(self, entries: list[Entry]) -> None: ...


class LocalBroker:
    """The whole world is this process: each entry is handed over in the same call."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    def publish(self, entries: list[Entry]) -> None:
        for entry in entries:
            self._receive(entry.log, entry.seq, entry)
