"""The robot in a house: whom it answers, once, and what never stops it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from teahouse.bots.conversation import Answer
from teahouse.bots.outlet import MAX_WAITING
from teahouse.bots.runner import MAX_AGE_S, Runner
from teahouse.errors import NotAllowed, Unavailable
from teahouse.model import Edited, Left, Posted, RobotSet, User
from tests.unit.bots.house import AIKO, BEN, BIRDIE, DIRECT, LOBBY, House, until


@pytest.fixture
async def runner(house: House) -> AsyncIterator[Runner]:
    runner = house.runner()
    runner.start()
    await until(lambda: len(house.reader.cursors) == 3)
    yield runner
    await runner.stop()


async def read_up(house: House) -> None:
    """Wait until the robot has read everything, its own answers too, and told so."""
    await until(lambda: all(house.marks.get(room) == len(house.logs[room]) for room in house.rooms))


async def test_it_answers_a_mention_in_a_room_with_a_quote(house, runner):
    asked = house.say(AIKO, LOBBY, "@Birdie d1")
    await read_up(house)
    answered = house.logs[LOBBY][-1]
    assert (answered.by, answered.fact.text, answered.client_id) == (BIRDIE, "🎲 d1 = 1", f"re-{LOBBY}-{asked.seq}")


async def test_it_answers_everything_in_its_direct_room(house, runner):
    house.say(AIKO, DIRECT, "d1")
    await read_up(house)
    assert house.said_by_birdie(DIRECT) == ["🎲 d1 = 1"]


async def test_it_keeps_out_of_what_is_not_said_to_it(house, runner):
    house.say(AIKO, LOBBY, "d1, anyone?")
    await read_up(house)
    assert house.said_by_birdie(LOBBY) == []


async def test_in_a_room_that_wants_it_always_it_answers_every_message_with_a_quote(house, runner):
    house.append(LOBBY, AIKO, RobotSet("always"))
    asked = [house.say(AIKO, LOBBY, "d1"), house.say(BEN, LOBBY, "2d1")]
    await read_up(house)
    assert house.said_by_birdie(LOBBY) == ["🎲 d1 = 1", "🎲 2d1 = 1 + 1 = 2"]
    assert house.quoted_by_birdie(LOBBY) == [entry.seq for entry in asked]


async def test_in_a_room_that_never_wants_it_it_keeps_silent_even_when_it_is_called(house, runner):
    house.append(LOBBY, AIKO, RobotSet("never"))
    house.say(AIKO, LOBBY, "@Birdie d1")
    await read_up(house)
    assert house.said_by_birdie(LOBBY) == []


async def test_its_direct_room_it_answers_whatever_the_room_says(house):
    house.open_room(4, "direct", "never")
    runner = house.runner()
    runner.start()
    house.say(AIKO, 4, "d1")
    await read_up(house)
    await runner.stop()
    assert house.said_by_birdie(4) == ["🎲 d1 = 1"]
    assert house.quoted_by_birdie(4) == [0]


async def test_it_never_answers_itself_another_robot_or_a_removed_message(house, runner):
    house.say(User(101, "Hal", "f03", "bot"), LOBBY, "@Birdie d1")
    house.say(BIRDIE, LOBBY, "@Birdie d1")
    house.say(AIKO, LOBBY, "", removed=True)
    house.say(AIKO, DIRECT, "", removed=True)
    house.append(LOBBY, AIKO, Edited(2, "@Birdie d1"))
    await read_up(house)
    assert house.said_by_birdie(LOBBY) == ["@Birdie d1"]
    assert house.said_by_birdie(DIRECT) == []


async def test_what_was_said_while_it_was_away_is_answered_unless_it_is_old(house):
    house.say(AIKO, DIRECT, "d1", ago_s=MAX_AGE_S + 1)
    house.say(AIKO, DIRECT, "2d1", ago_s=MAX_AGE_S - 1)
    runner = house.runner()
    runner.start()
    await read_up(house)
    await runner.stop()
    assert house.said_by_birdie(DIRECT) == ["🎲 2d1 = 1 + 1 = 2"]


async def test_a_message_heard_twice_is_answered_once_for_ever(house):
    house.say(AIKO, DIRECT, "2d6")
    for _ in range(3):
        runner = house.runner()
        runner.start()
        await read_up(house)
        await runner.stop()
        house.marks.clear()  # as if it had died before it told how far it had read
    assert len(house.said_by_birdie(DIRECT)) == 1


async def test_it_begins_where_it_had_read_up_to(house):
    house.say(AIKO, DIRECT, "d1")
    house.marks[DIRECT] = len(house.logs[DIRECT])
    runner = house.runner()
    runner.start()
    house.say(AIKO, DIRECT, "2d1")
    await read_up(house)
    await runner.stop()
    assert house.said_by_birdie(DIRECT) == ["🎲 2d1 = 1 + 1 = 2"]


async def test_a_direct_room_opened_while_it_runs_is_answered_from_its_first_message(house, runner):
    house.open_room(3, "direct")
    house.say(BEN, 3, "d1")
    await read_up(house)
    assert house.said_by_birdie(3) == ["🎲 d1 = 1"]


async def test_a_poll_gets_its_numbers_as_reactions(house, runner):
    house.say(AIKO, LOBBY, "@Birdie poll: Lunch? noodles, rice")
    await until(lambda: len(house.reactions) == 2)
    poll = next(entry for entry in house.logs[LOBBY] if entry.by == BIRDIE and isinstance(entry.fact, Posted))
    assert house.reactions == [(LOBBY, poll.seq, "1️⃣"), (LOBBY, poll.seq, "2️⃣")]


async def test_someone_who_asks_too_much_is_told_once_and_answered_again_after_a_rest(house, runner):
    for _ in range(20):
        house.say(AIKO, DIRECT, "d1")
    await read_up(house)
    said = house.said_by_birdie(DIRECT)
    assert len(said) == 9
    assert said[8] == "One at a time, please: a small bird needs to breathe."
    house.later(60)
    house.say(AIKO, DIRECT, "d1")
    await read_up(house)
    assert house.said_by_birdie(DIRECT)[9:] == ["🎲 d1 = 1"]


async def test_a_crowd_in_one_room_is_told_once_and_another_room_is_not_disturbed(house, runner):
    for guest in range(20):
        house.say(User(guest + 10, f"Guest {guest}", "f01"), LOBBY, "@Birdie d1")
    house.say(AIKO, DIRECT, "d1")
    await read_up(house)
    assert len(house.said_by_birdie(LOBBY)) == 13
    assert house.said_by_birdie(DIRECT) == ["🎲 d1 = 1"]


async def test_an_answer_that_cannot_be_stored_now_is_given_a_little_later(house, runner):
    house.trouble["post"] = Unavailable("the disk is full")
    house.say(AIKO, DIRECT, "d1")
    await read_up(house)
    assert house.said_by_birdie(DIRECT) == ["🎲 d1 = 1"]


async def test_an_answer_that_is_refused_is_passed_over_and_the_next_is_given(house, runner):
    house.trouble["post"] = NotAllowed("not here")
    house.say(AIKO, DIRECT, "d1")
    house.say(AIKO, DIRECT, "2d1")
    await read_up(house)
    assert house.said_by_birdie(DIRECT) == ["🎲 2d1 = 1 + 1 = 2"]


async def test_a_mind_that_breaks_does_not_stop_it(house):
    def mind(heard, now, random):
        if heard.text == "break":
            raise ZeroDivisionError("a mind of glass")
        return Answer("still here") if heard.text == "hello" else None

    runner = house.runner(mind=mind)
    runner.start()
    for text in ("break", "nothing to say", "hello"):
        house.say(AIKO, DIRECT, text)
    await read_up(house)
    await runner.stop()
    assert house.said_by_birdie(DIRECT) == ["still here"]


@pytest.mark.parametrize("call", ["react", "read"])
async def test_a_reaction_or_read_mark_that_fails_does_not_stop_it(house, runner, call):
    await read_up(house)
    house.trouble[call] = RuntimeError("planted")
    house.say(AIKO, DIRECT, "poll: owl, wren")
    house.say(AIKO, DIRECT, "d1")
    await read_up(house)
    assert house.said_by_birdie(DIRECT)[-1] == "🎲 d1 = 1"


async def test_when_its_rooms_cannot_be_read_it_asks_again(house):
    house.trouble["standings"] = Unavailable("the database is busy")
    house.say(AIKO, DIRECT, "d1")
    runner = house.runner()
    runner.start()
    await read_up(house)
    await runner.stop()
    assert house.said_by_birdie(DIRECT) == ["🎲 d1 = 1"]


async def test_a_flood_waits_in_the_log_and_not_in_memory(house, runner):
    house.stall = asyncio.Event()
    house.say(BEN, LOBBY, "@Birdie d1")
    await until(lambda: not house.reader.outlet._waiting)
    for number in range(4 * MAX_WAITING):
        house.say(BEN, LOBBY, f"number {number}")
    assert house.reader.outlet.congested
    assert house.most_waiting <= MAX_WAITING
    house.stall.set()
    await read_up(house)
    assert house.said_by_birdie(LOBBY) == ["🎲 d1 = 1"]


async def test_put_out_of_a_room_it_tells_no_read_mark_there(house):
    runner = house.runner(marks_every_s=3600)
    runner.start()
    house.append(LOBBY, AIKO, Left(BIRDIE))
    house.say(AIKO, DIRECT, "d1")
    await until(lambda: house.said_by_birdie(DIRECT))
    await runner.stop()
    assert set(house.marks) == {DIRECT}


async def test_read_marks_are_gathered_and_told_at_the_end_at_the_latest(house):
    runner = house.runner(marks_every_s=3600)
    runner.start()
    house.say(AIKO, DIRECT, "d1")
    await until(lambda: house.said_by_birdie(DIRECT))
    assert house.marks == {}
    await runner.stop()
    assert set(house.marks) == {LOBBY, DIRECT}


async def test_stopping_amid_an_answer_ends_its_task_and_the_answer_is_given_next_time(house):
    house.stall = asyncio.Event()
    asked = house.say(AIKO, DIRECT, "d1")
    runner = house.runner()
    runner.start()
    await until(lambda: not house.reader.outlet._waiting and len(house.reader.cursors) == 3)
    await runner.stop()
    assert house.marks.get(DIRECT, 0) < asked.seq
    house.stall = None
    again = house.runner()
    again.start()
    await read_up(house)
    await again.stop()
    assert house.said_by_birdie(DIRECT) == ["🎲 d1 = 1"]


async def test_a_runner_that_was_never_started_stops_as_well(house):
    await house.runner().stop()
