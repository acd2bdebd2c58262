"""Answers with a language model, streamed into a reply; whatever goes wrong becomes words, and the small mind speaks instead."""

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

import structlog
from msgspec import Struct

from teahouse.bots import words
from teahouse.bots.conversation import Answer, Heard
from teahouse.bots.mouth import Mouth
from teahouse.bots.patience import Patience
from teahouse.bots.prompt import Turn, turns
from teahouse.bots.trouble import Trouble
from teahouse.model import Entry, Page, Room, User
from teahouse.replies import Reply

AT_ONCE = 4
"""Answers that are thought of at the same time; others wait, and show that they do."""

TELL_EVERY_S = 0.1
REMIND_EACH = 50
"""Of so many tellings one tells all that was said so far."""

MARK_BYTES = 200
"""Room for the words that end an answer early."""

_log = structlog.get_logger(__name__)


class Endpoint(Protocol):
    """A language model. It calls `say` with each piece until that returns False, and raises Trouble when it cannot go on."""

    def complete(self, turns: Sequence[Turn], say: Callable[[str], bool]) -> Awaitable[None]: ...

    def close(self) -> Awaitable[None]: ...


class ReadPage(Protocol):
    """`Chat.page`."""

    def __call__(self, user: User, room: int, *, before: int, limit: int) -> Awaitable[Page]: ...


class Habits(Struct, frozen=True, kw_only=True):
    """How the robot thinks; `hourly_…` are answers of the model per hour."""

    persona: str
    context_messages: int
    max_bytes: int
    hourly_per_user: int
    hourly_per_room: int
    hourly_in_all: int


class Thinker:
    """Thinks as `me`. Close it when nobody asks any more."""

    def __init__(
        self,
        endpoint: Endpoint,
        me: User,
        habits: Habits,
        page: ReadPage,
        *,
        now: Callable[[], datetime],
        tell_every_s: float = TELL_EVERY_S,
    ) -> None:
        self._endpoint = endpoint
        self._me = me
        self._habits = habits
        self._page = page
        self._now = now
        self._tell_every_s = tell_every_s
        self._with_user = Patience(burst=habits.hourly_per_user, every_s=3600 / habits.hourly_per_user)
        self._in_room = Patience(burst=habits.hourly_per_room, every_s=3600 / habits.hourly_per_room)
        self._in_house = Patience(burst=habits.hourly_in_all, every_s=3600 / habits.hourly_in_all)
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def answer(self, heard: Heard, entry: Entry, room: Room, reply: Reply, small: Callable[[], Answer | None]) -> Answer | None:
        """Return what to post: what the model said into `reply`, or what `small`, which needs no model, answers, and why it does.

        None when the question was taken back meanwhile.
        """
        if not self._may_think(entry):
            return words.instead(heard, "spent", small())
        thinking = asyncio.create_task(self._think(entry, room, reply))
        reply.on_stop = thinking.cancel
        if reply.stopped:
            thinking.cancel()
        try:
            why = await thinking
        except asyncio.CancelledError:
            if not reply.stopped:
                thinking.cancel()
                raise
            why = "stopped"
        reply.tell()
        if why == "taken back":
            return None
        return self._conclude(heard, reply.text.strip(), why, small)

    async def close(self) -> None:
        await self._endpoint.close()

    def _may_think(self, entry: Entry) -> bool:
        now = self._now().timestamp()
        budgets = [(self._with_user, entry.by.id), (self._in_room, entry.log), (self._in_house, 0)]
        return all(budget.asked(key, now) == "answer" for budget, key in budgets)

    async def _think(self, entry: Entry, room: Room, reply: Reply) -> str:
        """Speak into `reply` and return why it ended: "" when the model had finished."""
        teller = asyncio.create_task(self._tell(reply))
        try:
            async with self._slots:
                page = await self._page(self._me, entry.log, before=entry.seq + 1, limit=self._habits.context_messages)
                if not any(message.seq == entry.seq and not message.removed for message in page.messages):
                    return "taken back"
                said = turns(self._habits.persona, room, page.messages, self._me, entry.by, self._now())
                return await self._hear_out(said, reply)
        finally:
            teller.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await teller

    async def _hear_out(self, said: Sequence[Turn], reply: Reply) -> str:
        mouth = Mouth(reply, self._habits.max_bytes - MARK_BYTES)
        try:
            await self._endpoint.complete(said, mouth.say)
        except Trouble as trouble:
            _log.warning("robot_model_failed", why=trouble.kind, words=str(trouble))
            return trouble.kind
        except Exception as error:
            # The words of a library may quote what was sent, the key among it: only their kind is told.
            _log.error("robot_model_failed", why="down", words=type(error).__name__)
            return "down"
        return "too long" if mouth.is_full else ""

    async def _tell(self, reply: Reply) -> None:
        """Show what was said ten times a second at most, and all of it now and then."""
        for telling in itertools.count(1):
            await asyncio.sleep(self._tell_every_s)
            reply.tell()
            if telling % REMIND_EACH == 0:
                reply.remind()

    def _conclude(self, heard: Heard, text: str, why: str, small: Callable[[], Answer | None]) -> Answer:
        if why == "stopped":
            return Answer(_with_mark(text, words.stopped(heard)))
        if not any(character.isprintable() and not character.isspace() for character in text):
            return words.instead(heard, why or "empty", small())
        if why == "too long":
            return Answer(_with_mark(text, words.too_long(heard)))
        return Answer(_with_mark(text, words.broken_off(heard, why)) if why else text)


def _with_mark(text: str, mark: str) -> str:
    if not text:
        return mark
    fence = "\n```" if text.count("```") % 2 else ""
    return f"{text}{fence}\n\n{mark}"
