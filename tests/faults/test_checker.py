"""The checker finds nothing in good histories and every planted fault in bad ones."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.faults.checker import History, Reading, Seen, Send, Stay, check
from tests.faults.recorder import Recorder

NAMES = ("Aiko", "Ben", "Chen")


def message(number: int, log: int) -> Send:
    return Send(f"m{number}", author=number % 3, log=log, text=f"text {number}")


def seen(send: Send, seq: int) -> Seen:
    return Seen(send.log, seq, "posted", send.author, send.text, send.client_id)


@st.composite
def good_histories(draw: st.DrawFn) -> History:
    """Two logs of messages and of other entries; readers who come late, leave, return and reconnect; sends of every outcome."""
    logs: dict[int, list[Seen]] = {1: [], 2: []}
    sends = []
    for number in range(draw(st.integers(4, 20))):
        log = draw(st.sampled_from([1, 2]))
        send, seq = message(number, log), len(logs[log]) + 1
        kind = draw(st.sampled_from(["ok", "ok", "again", "unknown", "never", "fail", "joined"]))
        if kind == "joined":
            logs[log].append(Seen(log, seq, "joined", by=number))
            continue
        if kind not in ("never", "fail"):
            logs[log].append(seen(send, seq))
        acknowledgements = {"ok": 1, "again": 2}.get(kind, 0)
        outcome = "ok" if acknowledgements else "fail" if kind == "fail" else "unknown"
        sends.append(replace(send, outcome=outcome, seqs=(seq,) * acknowledgements))
    return History(tuple(sends), tuple(draw(readings(name, logs)) for name in NAMES))


@st.composite
def readings(draw: st.DrawFn, name: str, logs: dict[int, list[Seen]]) -> Reading:
    stays, lanes = [], []
    for log, entries in logs.items():
        marks = sorted(draw(st.lists(st.integers(0, len(entries)), min_size=1, max_size=3)))
        bounds = [*marks, None] if len(marks) % 2 else marks
        pairs = list(zip(bounds[::2], bounds[1::2], strict=True))
        stays += [Stay(log, after, until) for after, until in pairs]
        lanes.append([entry for after, until in pairs for entry in entries[after:until]])
    order = draw(st.permutations([lane for lane, entries in enumerate(lanes) for _ in entries]))
    woven = [lanes[lane].pop(0) for lane in order]
    cut = draw(st.integers(0, len(woven)))
    return Reading(name, tuple(stays), tuple(replace(entry, connection=1 + (at >= cut)) for at, entry in enumerate(woven)))


def settled() -> History:
    """Five acknowledged messages, one unknown that was stored and one that was refused; everyone saw all."""
    sends = [replace(message(number, 1), outcome="ok", seqs=(number,)) for number in range(1, 6)]
    entries = (*(seen(send, number) for number, send in enumerate(sends, 1)), seen(message(6, 1), 6))
    everyone = tuple(Reading(name, (Stay(1, 0),), entries) for name in NAMES)
    return History((*sends, message(6, 1), replace(message(7, 1), outcome="fail")), everyone)


def with_seen(history: History, reader: int, entries: list[Seen]) -> History:
    readers = list(history.readings)
    readers[reader] = replace(readers[reader], seen=tuple(entries))
    return replace(history, readings=tuple(readers))


def for_all(history: History, entries: tuple[Seen, ...]) -> History:
    return replace(history, readings=tuple(replace(reading, seen=entries) for reading in history.readings))


def finds(history: History, words: str) -> bool:
    return any(words in finding for finding in check(history))


@given(good_histories())
def test_a_good_history_has_no_findings(history: History) -> None:
    assert check(history) == []


@given(good_histories(), st.data())
def test_an_entry_lost_by_one_reader_is_found(history: History, data: st.DataObject) -> None:
    reader, at = draw_sighting(history, data)
    entries = list(history.readings[reader].seen)
    lost = entries.pop(at)
    elsewhere = [entry for other in history.readings if other.reader != NAMES[reader] for entry in other.seen]
    known_elsewhere = any((entry.log, entry.seq) == (lost.log, lost.seq) for entry in elsewhere)
    acknowledged = any(lost.client_id == send.client_id and send.seqs for send in history.sends)
    followed = any(other.log == lost.log and other.seq > lost.seq for other in entries)
    assume(known_elsewhere or acknowledged or followed)  # what nobody saw and nobody was told of leaves no trace
    assert finds(with_seen(history, reader, entries), "lost the acknowledged message" if acknowledged else "a hole")


@given(good_histories(), st.data())
def test_an_entry_that_comes_twice_is_found(history: History, data: st.DataObject) -> None:
    reader, at = draw_sighting(history, data)
    entries = list(history.readings[reader].seen)
    entries.insert(data.draw(st.integers(at + 1, len(entries))), entries[at])
    planted = with_seen(history, reader, entries)
    assert finds(planted, "came twice") or finds(planted, "while not a member")


@given(good_histories(), st.data())
def test_two_entries_of_a_log_that_change_places_are_found(history: History, data: st.DataObject) -> None:
    reader, at = draw_sighting(history, data)
    entries = list(history.readings[reader].seen)
    later = [other for other in range(at + 1, len(entries)) if entries[other].log == entries[at].log]
    assume(later)
    other = data.draw(st.sampled_from(later))
    entries[at], entries[other] = entries[other], entries[at]
    assert check(with_seen(history, reader, entries))


@given(good_histories(), st.data())
def test_a_message_that_nobody_sent_is_found(history: History, data: st.DataObject) -> None:
    reader, at = draw_sighting(history, data)
    entries = list(history.readings[reader].seen)
    entries[at] = replace(entries[at], fact="posted", text="boo", client_id="ghost")
    assert finds(with_seen(history, reader, entries), "phantom")


@given(good_histories(), st.data())
def test_a_refused_message_that_appears_is_found(history: History, data: st.DataObject) -> None:
    reader, at = draw_sighting(history, data)
    name = history.readings[reader].seen[at].client_id
    assume(name is not None)
    sends = [replace(send, outcome="fail", seqs=()) if send.client_id == name else send for send in history.sends]
    assert finds(replace(history, sends=tuple(sends)), "was refused and appeared")


def draw_sighting(history: History, data: st.DataObject) -> tuple[int, int]:
    """A random (reader, index) of something seen."""
    sightings = [(reader, at) for reader, reading in enumerate(history.readings) for at in range(len(reading.seen))]
    assume(sightings)
    return data.draw(st.sampled_from(sightings))


def test_the_settled_history_of_these_tests_is_good() -> None:
    assert check(settled()) == []


def test_an_acknowledged_message_that_nobody_ever_sees_is_found() -> None:
    history = settled()
    entries = tuple(entry for entry in history.readings[0].seen if entry.seq != 6)
    claimed = replace(message(6, 1), outcome="ok", seqs=(6,))
    planted = replace(for_all(history, entries), sends=(*history.sends[:5], claimed))
    assert [f"{name}: lost the acknowledged message m6, log 1 entry 6" for name in NAMES] == check(planted)


def test_a_number_that_is_missing_for_all_is_a_hole() -> None:
    entries = tuple(replace(entry, seq=entry.seq + (entry.seq > 3)) for entry in settled().readings[0].seen)
    unanswered = tuple(replace(send, outcome="unknown", seqs=()) for send in settled().sends)
    planted = replace(for_all(settled(), entries), sends=unanswered)
    assert finds(planted, "a gap, entry 5 came right after 3")
    assert finds(planted, "log 1 has no entry 4")


def test_a_reader_that_stopped_before_the_end_is_found() -> None:
    entries = list(settled().readings[1].seen[:4])
    assert finds(with_seen(settled(), 1, entries), "Ben: lost the acknowledged message m5")
    assert finds(with_seen(settled(), 1, entries), "Ben: a hole, log 1 has no entry 6 below 6")


def test_a_retried_message_that_is_stored_twice_is_found() -> None:
    entries = settled().readings[0].seen
    assert finds(for_all(settled(), (*entries, replace(entries[2], seq=7))), "m3 stands twice")


def test_readers_that_saw_the_same_messages_in_different_order_are_found() -> None:
    entries = list(settled().readings[2].seen)
    entries[1], entries[2] = replace(entries[2], seq=2), replace(entries[1], seq=3)
    assert finds(with_seen(settled(), 2, entries), "differs: Aiko saw")


@pytest.mark.parametrize("change", [{"text": "other words"}, {"by": 9}, {"log": 2}])
def test_a_message_that_is_not_as_it_was_sent_is_found(change: dict[str, object]) -> None:
    entries = settled().readings[0].seen
    assert finds(for_all(settled(), (replace(entries[0], **change), *entries[1:])), "was altered")


def test_an_answer_that_names_another_place_is_found() -> None:
    history = settled()
    wrong = replace(history, sends=(replace(history.sends[0], seqs=(2,)), *history.sends[1:]))
    assert finds(wrong, "m1 was acknowledged as log 1 entry 2, but m2 stands there")


def test_a_retry_that_is_answered_differently_is_found() -> None:
    history = settled()
    wrong = replace(history, sends=(replace(history.sends[0], seqs=(1, 8)), *history.sends[1:]))
    assert finds(wrong, "m1 was acknowledged at different entries of log 1: [1, 8]")


def test_an_entry_after_ones_own_leaving_is_found() -> None:
    history = settled()
    left = replace(history.readings[0], stays=(Stay(1, 0, until=4),))
    assert finds(replace(history, readings=(left, *history.readings[1:])), "entry 5 came while not a member")


def test_a_send_of_unknown_outcome_may_appear_once_or_not_at_all() -> None:
    assert check(settled()) == []
    assert check(for_all(settled(), settled().readings[0].seen[:5])) == []


def test_the_recorder_calls_a_send_failed_only_when_every_attempt_was_refused() -> None:
    recorder = Recorder()
    for attempt in ("refused", "refused again", "cut off"):
        recorder.invoke("a", 1, 1, "text")
        if attempt != "cut off":
            recorder.fail("a")
            assert recorder.sends["a"].outcome == "fail"
    recorder.invoke("a", 1, 1, "text")
    recorder.fail("a")
    assert recorder.sends["a"].outcome == "unknown"


def test_the_recorder_ends_a_stay_at_the_own_leaving_and_begins_another_at_the_return() -> None:
    recorder = Recorder()
    record = recorder.reader("Aiko")
    record.follow(1, after=4)
    record.saw({"log": 1, "seq": 5, "by": {"id": 1}, "fact": {"type": "left", "user": {"id": 1}}})
    record.unfollow(1)
    record.follow(1, after=8)
    assert record.reading().stays == (Stay(1, 4, 5), Stay(1, 8, None))
