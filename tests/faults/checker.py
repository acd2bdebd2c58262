"""The history checker: what clients recorded against what delivery.md promises; findings in words, none means kept.

Pure: no clock, no network, no order of recording between clients. recorder.py gathers a History while clients run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "fail", "unknown"]


@dataclass(frozen=True)
class Send:
    """One message as its author meant it, over all attempts: `ok` once any attempt was acknowledged, `fail` when all were refused."""

    client_id: str
    author: int
    log: int
    text: str
    outcome: Outcome = "unknown"
    seqs: tuple[int, ...] = ()
    """What each acknowledgement said its place in the log is; more than one when the same send was acknowledged again."""


@dataclass(frozen=True)
class Seen:
    """One entry as one reader got it. `text` and `client_id` are set where `fact` is `posted`."""

    log: int
    seq: int
    fact: str
    by: int
    text: str | None = None
    client_id: str | None = None
    connection: int = 1
    """Which of the reader's connections brought it; only the words of a finding need it."""


@dataclass(frozen=True)
class Stay:
    """A stretch of one log that a reader is owed: every entry after `after` up to and with `until`, or to the end of the run."""

    log: int
    after: int
    until: int | None = None


@dataclass(frozen=True)
class Reading:
    """All that one reader saw, in the order it came; several stays in one log lie in the order they began."""

    reader: str
    stays: tuple[Stay, ...]
    seen: tuple[Seen, ...]


@dataclass(frozen=True)
class History:
    """One run, without edits and removals, since a replayed message reads as it reads then.

    It must have come to rest: every reader that is still a member had the time to catch up.
    """

    sends: tuple[Send, ...]
    readings: tuple[Reading, ...]


def check(history: History) -> list[str]:
    """Return every broken promise of the run in words; an empty list is a proof for this run."""
    return [
        *(finding for reading in history.readings for finding in _sequence(reading)),
        *_completeness(history),
        *_agreement(history),
        *_origins(history),
        *_answers(history),
    ]


def _sequence(reading: Reading) -> Iterator[str]:
    """Within each log a reader's entries must follow one another by exactly one, over all its connections."""
    for log in sorted({seen.log for seen in reading.seen}):
        stays = [stay for stay in reading.stays if stay.log == log]
        position, taken = (stays[0].after if stays else 0), set[int]()
        for seen in (seen for seen in reading.seen if seen.log == log):
            while stays and stays[0].until is not None and position >= stays[0].until:
                stays.pop(0)
                position = stays[0].after if stays else position
            where = f"{reading.reader}, connection {seen.connection}, log {log}"
            if not stays:
                yield f"{where}: entry {seen.seq} came while not a member"
            elif seen.seq in taken:
                yield f"{where}: entry {seen.seq} came twice"
            elif seen.seq <= position:
                yield f"{where}: entry {seen.seq} came out of order, after {position}"
            elif seen.seq > position + 1:
                yield f"{where}: a gap, entry {seen.seq} came right after {position}"
            taken.add(seen.seq)
            position = max(position, seen.seq)


def _completeness(history: History) -> Iterator[str]:
    """Every stay must be filled: acknowledged messages are named, any other missing number is a hole in the log."""
    heads = _heads(history)
    acknowledged = {(send.log, seq): send.client_id for send in history.sends for seq in send.seqs}
    for reading in history.readings:
        had = {(seen.log, seen.seq) for seen in reading.seen}
        for stay in reading.stays:
            end = heads.get(stay.log, stay.after) if stay.until is None else stay.until
            for seq in range(stay.after + 1, end + 1):
                if (stay.log, seq) in had:
                    continue
                if name := acknowledged.get((stay.log, seq)):
                    yield f"{reading.reader}: lost the acknowledged message {name}, log {stay.log} entry {seq}"
                else:
                    yield f"{reading.reader}: a hole, log {stay.log} has no entry {seq} below {end}"


def _heads(history: History) -> dict[int, int]:
    """The highest number of each log that anyone saw or was told."""
    heads: dict[int, int] = {}
    told = [(send.log, seq) for send in history.sends for seq in send.seqs]
    for log, seq in told + [(seen.log, seen.seq) for reading in history.readings for seen in reading.seen]:
        heads[log] = max(heads.get(log, 0), seq)
    return heads


def _agreement(history: History) -> Iterator[str]:
    """One number is one entry: with `_sequence` this makes the order the same for all."""
    first: dict[tuple[int, int], tuple[str, tuple[object, ...]]] = {}
    for reading in history.readings:
        for seen in reading.seen:
            entry = (seen.fact, seen.by, seen.text, seen.client_id)
            other, same = first.setdefault((seen.log, seen.seq), (reading.reader, entry))
            if entry != same:
                yield f"log {seen.log} entry {seen.seq} differs: {other} saw {same}, {reading.reader} saw {entry}"


def _origins(history: History) -> Iterator[str]:
    """Every message was sent by someone, as they said it, was not refused, and stands in one place only."""
    sends = {send.client_id: send for send in history.sends}
    places: dict[str, tuple[int, int]] = {}
    told = set[tuple[int, int, str | None]]()
    for reading in history.readings:
        for seen in reading.seen:
            if seen.fact != "posted" or (seen.log, seen.seq, seen.client_id) in told:
                continue
            told.add((seen.log, seen.seq, seen.client_id))
            where = f"log {seen.log} entry {seen.seq}, {reading.reader}"
            send = sends.get(seen.client_id or "")
            if send is None or seen.client_id is None:
                yield f"{where}: a phantom message that nobody sent: {seen.client_id} {seen.text!r}"
                continue
            if (send.log, send.author, send.text) != (seen.log, seen.by, seen.text):
                yield f"{where}: {send.client_id} was altered: sent {send}, seen {seen}"
            if send.outcome == "fail":
                yield f"{where}: {send.client_id} was refused and appeared all the same"
            place = places.setdefault(send.client_id, (seen.log, seen.seq))
            if place != (seen.log, seen.seq):
                yield f"{where}: {send.client_id} stands twice, also at log {place[0]} entry {place[1]}"


def _answers(history: History) -> Iterator[str]:
    """An acknowledgement says where the message stands; sent again, it says the same for ever."""
    stands = {(seen.log, seen.seq): seen.client_id for reading in history.readings for seen in reading.seen}
    for send in history.sends:
        if len(set(send.seqs)) > 1:
            yield f"{send.client_id} was acknowledged at different entries of log {send.log}: {sorted(set(send.seqs))}"
        for seq in sorted(set(send.seqs)):
            if (send.log, seq) in stands and stands[send.log, seq] != send.client_id:
                yield f"{send.client_id} was acknowledged as log {send.log} entry {seq}, but {stands[send.log, seq]} stands there"
