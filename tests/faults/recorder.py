"""Gathers a History while clients run: sends with their answers, and what each reader saw.

Everything happens on one event loop, so nothing here is locked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.faults.checker import History, Reading, Seen, Send, Stay


@dataclass
class Recorder:
    """One run's record. `on_event` is called after each thing recorded; a fault's moment can be counted with it."""

    on_event: Callable[[], None] = lambda: None
    sends: dict[str, Send] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    readers: list["ReaderRecord"] = field(default_factory=list)

    def invoke(self, client_id: str, author: int, log: int, text: str) -> None:
        """A send is about to leave; called again for each attempt. Until it is answered its outcome is unknown."""
        send = self.sends.setdefault(client_id, Send(client_id, author, log, text))
        self.attempts[client_id] = self.attempts.get(client_id, 0) + 1
        if send.outcome == "fail":
            self.sends[client_id] = replace(send, outcome="unknown")
        self.on_event()

    def ok(self, client_id: str, seq: int) -> None:
        send = self.sends[client_id]
        self.sends[client_id] = replace(send, outcome="ok", seqs=(*send.seqs, seq))
        self.on_event()

    def fail(self, client_id: str) -> None:
        """An attempt was refused. The send has failed when all were: one that was cut off before its answer may have been stored."""
        self.refusals[client_id] = self.refusals.get(client_id, 0) + 1
        if self.refusals[client_id] == self.attempts[client_id]:
            self.sends[client_id] = replace(self.sends[client_id], outcome="fail")
        self.on_event()

    def reader(self, name: str) -> "ReaderRecord":
        record = ReaderRecord(name, self)
        self.readers.append(record)
        return record

    def history(self) -> History:
        return History(tuple(self.sends.values()), tuple(reader.reading() for reader in self.readers))

    @property
    def acknowledged(self) -> int:
        return sum(send.outcome == "ok" for send in self.sends.values())

    @property
    def resent(self) -> int:
        return sum(attempts > 1 for attempts in self.attempts.values())


@dataclass
class ReaderRecord:
    """One reader over all its connections."""

    name: str
    recorder: Recorder
    connection: int = 0
    stays: list[Stay] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def connected(self) -> None:
        self.connection += 1

    def follow(self, log: int, after: int) -> None:
        """The server said that the stream of `log` goes on after `after`; an earlier stay ends where it had come to."""
        self.unfollow(log)
        self.stays.append(Stay(log, after))

    def unfollow(self, log: int) -> None:
        """The server said that the stream of `log` ends; what had come until now is all of it."""
        for index, stay in enumerate(self.stays):
            if stay.log == log and stay.until is None:
                last = max((seen.seq for seen in self.seen if seen.log == log), default=stay.after)
                self.stays[index] = replace(stay, until=max(last, stay.after))

    def saw(self, entry: dict[str, Any]) -> None:
        """`entry` is the event as the protocol writes it."""
        fact = entry["fact"]
        posted = fact["type"] == "posted"
        self.seen.append(
            Seen(
                log=entry["log"],
                seq=entry["seq"],
                fact=fact["type"],
                by=entry["by"]["id"],
                text=fact["text"] if posted else None,
                client_id=entry.get("client_id") if posted else None,
                connection=self.connection,
            )
        )
        self.recorder.on_event()

    def reading(self) -> Reading:
        return Reading(self.name, tuple(self.stays), tuple(self.seen))
