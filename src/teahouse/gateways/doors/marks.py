"""How far the people at old doors have been given their direct messages: their read marks, moved on proof.

Their dialects acknowledge nothing. But frames arrive in order, so a WebSocket that answers a ping has taken every message
written before it (RFC 6455 5.5.3). Whatever was not proven so is written again at the next login.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from teahouse.errors import TeahouseError
from teahouse.model import User

Read = Callable[[User, int, int], Awaitable[object]]

_log = structlog.get_logger("doors")


class Marks:
    """Moves read marks, of one user at a time those that came in meanwhile together."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._waiting: dict[int, dict[int, int]] = {}
        self._moving: dict[int, asyncio.Task[None]] = {}

    def move(self, user: User, marks: dict[int, int]) -> None:
        """Begin to note that `user` has got each log up to its seq."""
        self._waiting.setdefault(user.id, {}).update(marks)
        if user.id not in self._moving:
            self._moving[user.id] = asyncio.get_running_loop().create_task(self._move(user))

    async def settle(self, user_id: int) -> None:
        """Return once every mark of this user that was begun is stored: their next visit starts there."""
        moving = self._moving.get(user_id)
        if moving is not None:
            await asyncio.wait([moving])

    async def close(self) -> None:
        await asyncio.gather(*self._moving.values())

    async def _move(self, user: User) -> None:
        try:
            while marks := self._waiting.pop(user.id, None):
                for log, seq in marks.items():
                    await self._note(user, log, seq)
        finally:
            del self._moving[user.id]

    async def _note(self, user: User, log: int, seq: int) -> None:
        try:
            await self._read(user, log, seq)
        except TeahouseError as error:  # not stored, or no longer theirs: the next visit begins a little earlier
            _log.warning("a door's mark was not stored", code=error.code, room=log, seq=seq)
