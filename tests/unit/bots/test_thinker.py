"""Thinking with a language model: what is posted in the end, whatever the model does, and what the room sees meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from teahouse.bots.conversation import Answer, hear
from teahouse.bots.thinker import AT_ONCE, MARK_BYTES, Habits, Thinker
from teahouse.bots.trouble import Trouble
from teahouse.bots.words import WHY
from teahouse.model import Entry, ReplyBegin, ReplyDelta, Signal, User
from teahouse.replies import Replies, Reply
from tests.unit.bots.house import AIKO, BEN, BIRDIE, DIRECT, LOBBY, House, until

Say = Callable[[str], bool]


class Model:
    """An endpoint in memory; `speak` is what it does."""

    def __init__(self, speak: Callable[[Say], Awaitable[None]] | None = None) -> None:
        self.asked: list[str] = []
        self.now_speaking = 0
        self.most_at_once = 0
        self.closed = False
        self._speak = speak

    async def complete(self, turns, say):
        self.asked.append(turns[-1].content)
        self.now_speaking += 1
        self.most_at_once = max(self.most_at_once, self.now_speaking)
        try:
            if self._speak is not None:
                await self._speak(say)
            else:
                say("Green tea.")
        finally:
            self.now_speaking -= 1

    async def close(self):
        self.closed = True


def saying(*pieces: str, then: Exception | None = None):
    async def speak(say: Say) -> None:
        for piece in pieces:
            await asyncio.sleep(0)
            if not say(piece):
                return
        if then is not None:
            raise then

    return Model(speak)


def lasting(*pieces: str):
    """Say the pieces and then nothing more, for ever."""

    async def speak(say: Say) -> None:
        for piece in pieces:
            say(piece)
        await asyncio.Event().wait()

    return Model(speak)


HABITS = {"persona": "A bird.", "context_messages": 5, "max_bytes": 1000, "hourly_per_user": 3, "hourly_per_room": 4, "hourly_in_all": 100}


class Desk:
    """A thinker in a house, and the reply that it speaks into."""

    def __init__(self, model: Model, **habits: object) -> None:
        self.house = House()
        self.house.open_room(LOBBY)
        self.house.open_room(DIRECT, "direct")
        self.model = model
        self.signals: list[Signal] = []
        self.replies = Replies(lambda user, room: None, lambda room, signal: self.signals.append(signal))
        self.thinker = Thinker(model, BIRDIE, Habits(**HABITS | habits), self.house.page, now=lambda: self.house.now, tell_every_s=0)
        self.reply: Reply | None = None

    async def ask(self, text: str = "tea?", by: User = AIKO, room: int = LOBBY) -> Answer | None:
        return await self.answer(self.house.say(by, room, text))

    async def answer(self, entry: Entry) -> Answer | None:
        heard = hear(entry.fact.text, entry.by.name, always=True)
        self.reply = self.replies.begin(BIRDIE, entry.log, f"re-{entry.log}-{entry.seq}", entry.by.id)
        try:
            return await self.thinker.answer(heard, entry, self.house.room(entry.log), self.reply, lambda: Answer("chirp", ("🐦",)))
        finally:
            self.reply.end()

    @property
    def shown(self) -> str:
        """What the room was shown, put together from the parts."""
        return "".join(signal.text for signal in self.signals if isinstance(signal, ReplyDelta))


async def test_what_the_model_says_is_shown_while_it_grows_and_posted_in_the_end() -> None:
    desk = Desk(saying("Green ", "tea", "."))
    assert await desk.ask() == Answer("Green tea.")
    assert desk.shown == "Green tea."
    assert len([signal for signal in desk.signals if isinstance(signal, ReplyDelta)]) > 1


async def test_the_model_sees_the_last_messages_up_to_the_question_and_no_further() -> None:
    desk = Desk(Model())
    for n in range(9):
        desk.house.say(BEN, LOBBY, f"number {n}")
    asked = desk.house.say(AIKO, LOBBY, "tea?")
    desk.house.say(BEN, LOBBY, "too late for this one")
    desk.house.say(BEN, DIRECT, "from another room")
    await desk.answer(asked)
    assert desk.model.asked == ["<Ben> number 5\n<Ben> number 6\n<Ben> number 7\n<Ben> number 8\n<Aiko> tea?"]


@pytest.mark.parametrize("kind", ["down", "slow", "busy", "locked", "broken", "rubbish", "cut", "endless"])
@pytest.mark.parametrize(("question", "language"), [("tea?", 0), ("喝茶吗？", 1)])
async def test_when_the_model_fails_the_small_mind_answers_and_says_why(kind: str, question: str, language: int) -> None:
    answer = await Desk(saying(then=Trouble(kind, "planted"))).ask(question)
    assert answer is not None
    assert WHY[kind][language].lower() in answer.text.lower()
    assert answer.text.endswith("\n\nchirp") and answer.reactions == ("🐦",)


@pytest.mark.parametrize("said", [(), ("",), (" \n", "\t"), ("\u200b\u2060",)])
async def test_a_model_that_says_nothing_visible_has_said_nothing(said: tuple[str, ...]) -> None:
    answer = await Desk(saying(*said)).ask()
    assert answer is not None and "had nothing to say" in answer.text and answer.text.endswith("chirp")


async def test_a_fault_in_a_library_is_a_model_that_cannot_be_reached_and_its_words_go_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    answer = await Desk(saying(then=ValueError("illegal header: Bearer sk-secret"))).ask()
    assert answer is not None and "cannot be reached" in answer.text
    captured = capsys.readouterr()
    assert "sk-secret" not in answer.text + captured.out + captured.err
    assert "ValueError" in captured.out + captured.err


async def test_an_answer_that_breaks_off_is_kept_and_says_so() -> None:
    answer = await Desk(saying("Once upon a time", then=Trouble("cut", "planted"))).ask()
    assert answer == Answer("Once upon a time\n\n(My language model broke off here.)")


async def test_a_slow_end_is_told_behind_what_was_said_and_outside_its_code() -> None:
    answer = await Desk(saying("```python\nprint(1)", then=Trouble("slow", "planted"))).ask("用中文回答我好吗")
    assert answer == Answer("```python\nprint(1)\n```\n\n（没说完：我的语言模型迟迟没有回答。）")


async def test_a_long_answer_is_cut_between_characters_and_says_so() -> None:
    desk = Desk(saying(*["茶" * 50] * 100))
    answer = await desk.ask()
    assert answer is not None
    text, _, mark = answer.text.partition("\n\n")
    assert "Cut here" in mark
    assert set(text) == {"茶"} and 1000 - MARK_BYTES - 3 < len(text.encode()) <= 1000 - MARK_BYTES
    assert len(answer.text.encode()) <= 1000
    assert desk.shown == text


async def test_stopped_it_keeps_what_was_said() -> None:
    desk = Desk(lasting("Once upon a time"))
    asking = asyncio.create_task(desk.ask())
    await until(lambda: desk.shown)
    desk.reply.stop()
    assert await asking == Answer("Once upon a time\n\n(Stopped.)")
    assert desk.model.now_speaking == 0


async def test_stopped_before_its_first_word_it_says_only_that() -> None:
    desk = Desk(lasting())
    asking = asyncio.create_task(desk.ask("讲个故事"))
    await until(lambda: desk.model.now_speaking)
    desk.reply.stop()
    assert await asking == Answer("（已停止。）")


async def test_cancelled_it_ends_without_an_answer_and_leaves_the_model() -> None:
    desk = Desk(lasting("Once"))
    asking = asyncio.create_task(desk.ask())
    await until(lambda: desk.shown)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await until(lambda: desk.model.now_speaking == 0)
    assert desk.replies.shown(LOBBY) == []


async def test_a_question_that_was_taken_back_is_not_sent() -> None:
    desk = Desk(Model())
    asked = desk.house.say(AIKO, LOBBY, "my password is tea")
    desk.house.removed.add((LOBBY, asked.seq))
    assert await desk.answer(asked) is None
    assert desk.model.asked == []


async def test_who_used_up_their_hour_hears_the_small_mind_and_others_are_not_disturbed() -> None:
    desk = Desk(Model())
    for _ in range(3):
        assert await desk.ask() == Answer("Green tea.")
    spent = await desk.ask()
    assert spent is not None and "used up" in spent.text and spent.text.endswith("chirp")
    assert await desk.ask(by=BEN, room=DIRECT) == Answer("Green tea.")
    desk.house.later(1201)
    assert await desk.ask(room=DIRECT) == Answer("Green tea.")


async def test_a_room_has_its_hour_too() -> None:
    desk = Desk(Model(), hourly_per_room=2)
    assert [(await desk.ask(by=User(n, f"Guest {n}", "f01"))).text == "Green tea." for n in range(3)] == [True, True, False]
    assert await desk.ask(room=DIRECT) == Answer("Green tea.")


async def test_the_house_has_its_hour_whatever_people_call_themselves() -> None:
    desk = Desk(Model(), hourly_in_all=2)
    guests = [(User(n, f"Guest {n}", "f01"), room) for n, room in enumerate((LOBBY, DIRECT, LOBBY))]
    assert [(await desk.ask(by=guest, room=room)).text == "Green tea." for guest, room in guests] == [True, True, False]


async def test_only_a_few_think_at_once_and_the_rest_show_that_they_wait() -> None:
    desk = Desk(lasting("Hm"), hourly_per_room=100)
    asking = [asyncio.create_task(desk.ask(by=User(n, f"Guest {n}", "f01"))) for n in range(AT_ONCE + 2)]
    await until(lambda: desk.model.now_speaking == AT_ONCE)
    assert desk.model.most_at_once == AT_ONCE
    assert len(desk.replies.shown(LOBBY)) == AT_ONCE + 2
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    assert desk.model.now_speaking == 0


async def test_all_that_was_said_is_told_again_now_and_then() -> None:
    desk = Desk(lasting("Once"))
    asking = asyncio.create_task(desk.ask())
    await until(lambda: [signal for signal in desk.signals if isinstance(signal, ReplyBegin) and signal.text == "Once"])
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
