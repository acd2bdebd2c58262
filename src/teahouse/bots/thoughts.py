"""Answers of the language model that are under way: a task each, so that a slow model keeps nobody else waiting."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from teahouse.bots.conversation import Answer, Heard
from teahouse.bots.marks import Marks
from teahouse.bots.thinker import Thinker
from teahouse.bots.voice import Voice, complain
from teahouse.bots.words import instead
from teahouse.model import Entry, Room

MAX_UNDER_WAY = 16
"""Those that wait for their turn included."""

Small = Callable[[], Answer | None]
"""What the small mind would say; asked only when it has to."""


class Chat(Protocol):
    def room(self, room: int) -> Room: ...


class Thoughts:
    """Begins, and ends them all when it is stopped. A question is held in `marks` until it is answered, so that it is not lost."""

    def __init__(self, thinker: Thinker, voice: Voice, marks: Marks, chat: Chat) -> None:
        self._thinker = thinker
        self._voice = voice
        self._marks = marks
        self._chat = chat
        self._under_way: dict[asyncio.Task[None], tuple[int, int]] = {}

    def begin(self, heard: Heard, entry: Entry, small: Small, *, is_old: bool) -> Answer | None:
        """Begin to answer, or return what to say at once where too many are under way.

        One that `is_old`, from before the robot's start, may have its answer already.
        """
        if len(self._under_way) >= MAX_UNDER_WAY:
            return instead(heard, "crowded", small())
        self._marks.hold(entry.log, entry.seq)
        task = asyncio.get_running_loop().create_task(self._think(heard, entry, small, is_old))
        self._under_way[task] = (entry.log, entry.seq)
        task.add_done_callback(self._under_way.pop)
        return None

    def leave(self, room: int) -> None:
        """Think of nothing more that was asked in `room`."""
        for task, (place, _) in self._under_way.items():
            if place == room:
                task.cancel()

    def drop(self, room: int, seq: int) -> None:
        """Say nothing more to a question that was removed: what was said so far is not posted."""
        for task, asked in self._under_way.items():
            if asked == (room, seq):
                task.cancel()
                self._marks.release(room, seq)

    async def stop(self) -> None:
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._thinker.close()

    async def _think(self, heard: Heard, entry: Entry, small: Small, is_old: bool) -> None:
        """Think, speak, post. When it is cancelled the mark is still held, and the next start answers."""
        try:
            if not (is_old and await self._voice.has_answered(entry)):
                await self._think_aloud(heard, entry, small)
        except Exception as error:
            complain("robot_reply_failed", error, room=entry.log, seq=entry.seq)
        self._marks.release(entry.log, entry.seq)

    async def _think_aloud(self, heard: Heard, entry: Entry, small: Small) -> None:
        reply = self._voice.begin(entry)
        try:
            answer = await self._thinker.answer(heard, entry, self._chat.room(entry.log), reply, small)
            if answer is not None:
                await self._voice.say(answer, entry)
        finally:
            reply.end()
