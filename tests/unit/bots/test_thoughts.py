"""The robot with a language model in a house: who waits for whom, what is answered once, and what a restart finds."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from teahouse.bots.runner import Runner
from teahouse.bots.thinker import Habits, Thinker
from teahouse.bots.thoughts import MAX_UNDER_WAY
from teahouse.errors import Unavailable
from teahouse.model import Left, Removed, ReplyBegin, ReplyDelta, ReplyEnd, User
from tests.unit.bots.house import AIKO, BEN, BIRDIE, DIRECT, LOBBY, House, until


class Model:
    """Answers questions with "about QUESTION" once `open` is set."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.asked: list[str] = []
        self.closed = False

    async def complete(self, turns, say):
        question = turns[-1].content.rpartition("> ")[2]
        self.asked.append(question)
        await self.open.wait()
        say(f"about {question}")

    async def close(self):
        self.closed = True


@pytest.fixture
def model() -> Model:
    return Model()


def runner_with(model: Model, house: House, **options: object) -> Runner:
    habits = Habits(persona="", context_messages=5, max_bytes=4000, hourly_per_user=100, hourly_per_room=100, hourly_in_all=100)
    return house.runner(thinker=Thinker(model, BIRDIE, habits, house.page, now=lambda: house.now, tell_every_s=0), **options)


@pytest.fixture
async def runner(house: House, model: Model) -> AsyncIterator[Runner]:
    runner = runner_with(model, house)
    runner.start()
    await until(lambda: len(house.reader.cursors) == 3)
    yield runner
    await runner.stop()


async def test_it_answers_with_the_model_and_quotes_in_a_room(house: House, model: Model, runner: Runner) -> None:
    model.open.set()
    asked = house.say(AIKO, LOBBY, "@Birdie who are you?")
    await until(lambda: house.said_by_birdie(LOBBY) == ["about @Birdie who are you?"])
    assert house.quoted_by_birdie(LOBBY) == [asked.seq]
    assert house.logs[LOBBY][-1].client_id == f"re-{LOBBY}-{asked.seq}"


async def test_the_bubble_ends_after_the_message_is_posted(house: House, model: Model, runner: Runner) -> None:
    house.stall = asyncio.Event()
    model.open.set()
    house.say(AIKO, DIRECT, "hm?")
    await until(lambda: [signal for signal in house.signals if isinstance(signal, ReplyDelta)])
    assert [signal for signal in house.signals if isinstance(signal, ReplyEnd)] == []
    house.stall.set()
    await until(lambda: isinstance(house.signals[-1], ReplyEnd))
    begin = next(signal for signal in house.signals if isinstance(signal, ReplyBegin))
    assert (begin.by, begin.asker, begin.reply_to) == (BIRDIE, AIKO.id, None)
    assert begin.client_id == house.signals[-1].client_id == house.logs[DIRECT][-1].client_id


@pytest.mark.parametrize("text", ["d1", "poll: owl, wren", "help", "抛硬币"])
async def test_dice_polls_and_help_stay_its_own(house: House, model: Model, runner: Runner, text: str) -> None:
    house.say(AIKO, DIRECT, text)
    await until(lambda: house.said_by_birdie(DIRECT))
    assert model.asked == []


async def test_a_long_talk_of_rolls_is_for_the_model(house: House, model: Model, runner: Runner) -> None:
    model.open.set()
    house.say(AIKO, DIRECT, "what is the best way to roll sushi without tearing the seaweed?")
    await until(lambda: house.said_by_birdie(DIRECT))
    assert len(model.asked) == 1


async def test_a_slow_model_keeps_nobody_else_waiting(house: House, model: Model, runner: Runner) -> None:
    house.say(AIKO, DIRECT, "think long")
    await until(lambda: model.asked)
    house.say(BEN, LOBBY, "@Birdie d1")
    await until(lambda: house.said_by_birdie(LOBBY) == ["🎲 d1 = 1"])
    assert house.said_by_birdie(DIRECT) == []


async def test_its_read_mark_waits_for_the_answer(house: House, model: Model, runner: Runner) -> None:
    asked = house.say(AIKO, DIRECT, "think long")
    await until(lambda: model.asked)
    house.say(AIKO, DIRECT, "d1")
    await until(lambda: house.said_by_birdie(DIRECT))
    await until(lambda: house.marks.get(DIRECT) == asked.seq - 1)
    model.open.set()
    await until(lambda: house.marks.get(DIRECT) == len(house.logs[DIRECT]))


async def test_an_answer_ends_unsaid_with_its_question(house: House, model: Model, runner: Runner) -> None:
    asked, other = house.say(AIKO, DIRECT, "say abuse"), house.say(AIKO, DIRECT, "say hello")
    await until(lambda: len(model.asked) == 2)
    house.append(DIRECT, AIKO, Removed(asked.seq))
    await until(lambda: len(house.replies.shown(DIRECT)) == 1)
    model.open.set()
    await until(lambda: house.marks.get(DIRECT) == len(house.logs[DIRECT]))
    assert house.said_by_birdie(DIRECT) == ["about say hello"]
    assert house.replies.shown(DIRECT) == [] and other.seq < house.marks[DIRECT]


async def test_stopped_in_the_middle_nothing_half_stays_and_the_next_start_answers_once(house: House, model: Model) -> None:
    first = runner_with(model, house)
    first.start()
    house.say(AIKO, DIRECT, "think long")
    house.say(AIKO, DIRECT, "d1")
    await until(lambda: model.asked and house.said_by_birdie(DIRECT))
    await first.stop()
    assert model.closed
    assert house.said_by_birdie(DIRECT) == ["🎲 d1 = 1"]
    assert house.replies.shown(DIRECT) == []

    house.later(5)
    model.open.set()
    second = runner_with(model, house)
    second.start()
    await until(lambda: house.marks.get(DIRECT) == len(house.logs[DIRECT]))
    await second.stop()
    assert house.said_by_birdie(DIRECT) == ["🎲 d1 = 1", "about think long"]


async def test_what_has_its_answer_is_not_thought_of_again(house: House, model: Model) -> None:
    model.open.set()
    house.say(AIKO, DIRECT, "one?")
    for _ in range(2):
        runner = runner_with(model, house)
        runner.start()
        await until(lambda: house.marks.get(DIRECT) == len(house.logs[DIRECT]))
        await runner.stop()
        house.marks.clear()  # as if it had died before it told how far it had read
        house.later(1)
    assert model.asked == ["one?"]
    assert house.said_by_birdie(DIRECT) == ["about one?"]


async def test_when_too_many_ask_the_small_mind_answers_and_says_so(house: House, model: Model, runner: Runner) -> None:
    for room in range(10, 10 + MAX_UNDER_WAY):
        house.open_room(room, "direct")
        house.say(User(room, f"Guest {room}", "f01"), room, "a story, please")
    house.say(AIKO, DIRECT, "me too")
    await until(lambda: house.said_by_birdie(DIRECT))
    assert "too many" in house.said_by_birdie(DIRECT)[0].lower()
    model.open.set()
    await until(lambda: all(house.said_by_birdie(room) for room in range(10, 10 + MAX_UNDER_WAY)))


async def test_an_answer_that_cannot_be_stored_now_is_stored_a_little_later(house: House, model: Model, runner: Runner) -> None:
    model.open.set()
    house.trouble["post"] = Unavailable("the disk is full")
    house.say(AIKO, DIRECT, "well?")
    await until(lambda: house.said_by_birdie(DIRECT) == ["about well?"])
    assert len(model.asked) == 1


async def test_a_fault_in_one_answer_leaves_no_bubble_and_the_next_is_given(house: House, model: Model, runner: Runner) -> None:
    model.open.set()
    house.trouble["page"] = RuntimeError("planted")
    house.say(AIKO, DIRECT, "one?")
    await until(lambda: [signal for signal in house.signals if isinstance(signal, ReplyEnd)])
    house.say(AIKO, DIRECT, "two?")
    await until(lambda: house.said_by_birdie(DIRECT) == ["about two?"])
    await until(lambda: house.marks.get(DIRECT) == len(house.logs[DIRECT]))


async def test_put_out_of_a_room_it_thinks_no_more_for_it(house: House, model: Model, runner: Runner) -> None:
    house.say(AIKO, LOBBY, "@Birdie think")
    await until(lambda: model.asked)
    house.append(LOBBY, AIKO, Left(BIRDIE))
    await until(lambda: [signal for signal in house.signals if isinstance(signal, ReplyEnd)])
    model.open.set()
    house.say(AIKO, DIRECT, "still there?")
    await until(lambda: house.said_by_birdie(DIRECT))
    assert house.said_by_birdie(LOBBY) == []
