"""How the robot says something: posts answers under a client_id made of what they answer, so that none is said twice."""

import asyncio
from collections.abc import Awaitable
from typing import Protocol

import structlog

from teahouse.answers import answer_id
from teahouse.bots.conversation import Answer
from teahouse.errors import Damaged, TeahouseError, Unavailable
from teahouse.model import Entry, Page, Room, User
from teahouse.replies import Replies, Reply

TRIES = 3
"""How often an answer is tried that could not be stored at the moment; its client_id makes it one answer all the same."""

LOOK_AHEAD = 200
"""Messages after a question among which its answer is looked for."""

_log = structlog.get_logger(__name__)


class Chat(Protocol):
    """What the voice needs of the house."""

    def post(self, user: User, room: int, text: str, client_id: str, reply_to: int | None = None) -> Awaitable[Entry]: ...

    def react(self, user: User, room: int, message: int, emoji: str, on: bool = True) -> Awaitable[object]: ...

    def page(self, user: User, room: int, *, before: int | None = None, after: int | None = None, limit: int = 50) -> Awaitable[Page]: ...

    def room(self, room: int) -> Room: ...

    @property
    def replies(self) -> Replies: ...


class Voice:
    """Speaks as `user`."""

    def __init__(self, user: User, chat: Chat, retry_s: float) -> None:
        self._user = user
        self._chat = chat
        self._retry_s = retry_s

    async def say(self, answer: Answer, entry: Entry) -> None:
        """Post the answer to `entry`; one that cannot be stored now is tried again."""
        for tries_left in range(TRIES - 1, -1, -1):
            try:
                said = await self._chat.post(self._user, entry.log, answer.text, _client_id(entry), self._quoted(entry))
                for emoji in answer.reactions:
                    await self._chat.react(self._user, entry.log, said.seq, emoji)
                return
            except TeahouseError as refusal:
                if not refusal.retry or not tries_left:
                    raise
                complain("robot_reply_waits", refusal, room=entry.log, seq=entry.seq)
                await asyncio.sleep(self._retry_s)

    def begin(self, entry: Entry) -> Reply:
        """Show that the answer to `entry` is on its way."""
        return self._chat.replies.begin(self._user, entry.log, _client_id(entry), entry.by.id, self._quoted(entry))

    async def has_answered(self, entry: Entry) -> bool:
        after = await self._chat.page(self._user, entry.log, after=entry.seq, limit=LOOK_AHEAD)
        return any(message.client_id == _client_id(entry) and message.by.id == self._user.id for message in after.messages)

    def _quoted(self, entry: Entry) -> int | None:
        """Return what an answer quotes: in a room several may be talking to the robot at once, and the quote says who is meant."""
        return None if self._chat.room(entry.log).kind == "direct" else entry.seq


def complain(event: str, error: Exception, **about: int) -> None:
    """Log without the message's text; a refusal has its code, anything else is a fault and brings its traceback."""
    if isinstance(error, (Unavailable, Damaged)):
        _log.debug(event, code=error.code, **about)  # the database: that was told where it arose
    elif isinstance(error, TeahouseError):
        _log.warning(event, code=error.code, **about)
    else:
        _log.error(event, exc_info=error, **about)


def _client_id(entry: Entry) -> str:
    return answer_id(entry.log, entry.seq)
