"""The robot as a reader like any other: it follows its rooms from its own read marks, and what it missed it answers once.

An answer's client_id is made of the entry that it answers, so that a message heard twice, over a crash or a restart, is
answered with the same entry. The runner decides whether to answer; what to say is the mind's, or a language model's.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from random import Random
from typing import Protocol

from teahouse.bots import voice
from teahouse.bots.conversation import Answer, Heard, hear
from teahouse.bots.marks import Marks
from teahouse.bots.mind import reply, trick
from teahouse.bots.outlet import QueueOutlet
from teahouse.bots.patience import Patience
from teahouse.bots.thinker import Thinker
from teahouse.bots.thoughts import Thoughts
from teahouse.bots.voice import Voice, complain
from teahouse.model import Entry, Left, Posted, Removed, Reset, Signal, Standing, User

MAX_AGE_S = 600
"""Older messages are read and not answered: nobody waits for a joke from yesterday."""

MARKS_EVERY_S = 5.0
RETRY_S = 5.0
STOP_S = 2.0
Mind = Callable[[Heard, datetime, Random], Answer | None]


class Chat(voice.Chat, Protocol):
    """What the robot does in the house; the same calls that everyone's gateways make."""

    def read(self, user: User, room: int, seq: int) -> Awaitable[object]: ...

    def standings(self, user: User) -> Awaitable[list[Standing]]: ...


class Reader(Protocol):
    """The robot's `Subscriber`. It follows rooms that the robot is added to by itself, as the inbox tells."""

    def follow_inbox(self, after: int | None) -> None: ...

    def follow(self, log: int, after: int | None, since: int) -> None: ...

    def wake(self) -> None: ...

    def close(self) -> None: ...


class Runner:
    """Reads and answers as `user` from `start` to `stop`; one task reads, and no failure of one answer ends it.

    With a `thinker` each answer that takes a language model has a task of its own; without, `mind` answers on the spot.

    `subscribe` gives the subscriber that writes into the outlet it is handed. `now` must know its time zone.
    """

    def __init__(
        self,
        user: User,
        inbox: int,
        chat: Chat,
        subscribe: Callable[[QueueOutlet], Reader],
        *,
        now: Callable[[], datetime],
        random: Random,
        mind: Mind = reply,
        thinker: Thinker | None = None,
        marks_every_s: float = MARKS_EVERY_S,
        retry_s: float = RETRY_S,
    ) -> None:
        self._user = user
        self._inbox = inbox
        self._chat = chat
        self._now = now
        self._random = random
        self._mind = mind
        self._retry_s = retry_s
        self._marks = Marks(marks_every_s)
        self._voice = Voice(user, chat, retry_s)
        self._thoughts = None if thinker is None else Thoughts(thinker, self._voice, self._marks, chat)
        self._began_ms = 0
        self._with_user = Patience(burst=8, every_s=3)
        self._in_room = Patience(burst=12, every_s=2)
        self._outlet = QueueOutlet()
        self._reader = subscribe(self._outlet)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with the inbox, from its head on. Its `reset`, which comes first, is the moment to look for the rooms:
        those joined earlier are in the standings then, and those joined later come through the inbox."""
        self._began_ms = int(self._seconds() * 1000)
        self._reader.follow_inbox(None)
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """End at once, and tell how far it came; what is lost of that is only read again."""
        self._reader.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._thoughts is not None:
            await self._thoughts.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_S):
                await self._tell_marks()

    async def _run(self) -> None:
        while True:
            if self._marks.due_in(self._seconds()) == 0:
                await self._tell_marks()
            said, drained = self._outlet.take()
            if drained:
                self._reader.wake()
            if said is not None:
                await self._take_in(said)
            elif self._outlet.closed:
                return
            else:
                await self._rest()

    async def _rest(self) -> None:
        """Wait for something to read, or until the read marks want to be told."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._marks.due_in(self._seconds())):
                await self._outlet.wait()

    async def _take_in(self, said: Entry | Signal) -> None:
        if isinstance(said, Reset):
            await self._start_afresh(said)
        elif isinstance(said, Entry) and said.log != self._inbox:
            await self._read_entry(said)

    async def _start_afresh(self, reset: Reset) -> None:
        """Take a room's reset as read, for what it skips is old; the inbox's says that rooms may have come and gone."""
        if reset.log == self._inbox:
            await self._enter_rooms()
        elif reset.head is not None:
            self._marks.reached(reset.log, reset.head, self._seconds())

    async def _enter_rooms(self) -> None:
        while True:
            try:
                standings = await self._chat.standings(self._user)
                break
            except Exception as error:
                complain("robot_finds_no_rooms", error)
                await asyncio.sleep(self._retry_s)
        for standing in standings:
            self._reader.follow(standing.room.id, standing.read, standing.since)

    async def _read_entry(self, entry: Entry) -> None:
        if isinstance(entry.fact, Left) and entry.fact.user.id == self._user.id:
            self._marks.forget(entry.log)
            if self._thoughts is not None:
                self._thoughts.leave(entry.log)
            return
        if isinstance(entry.fact, Removed) and self._thoughts is not None:
            self._thoughts.drop(entry.log, entry.fact.message)
        try:
            heard = self._heard(entry)
            answer = None if heard is None else self._decide(heard, entry)
            if answer is not None:
                await self._voice.say(answer, entry)
        except Exception as error:
            complain("robot_reply_failed", error, room=entry.log, seq=entry.seq)
        self._marks.reached(entry.log, entry.seq, self._seconds())

    def _heard(self, entry: Entry) -> Heard | None:
        """Return what `entry` says to the robot; None for all that it must not answer, robots first of all."""
        fact = entry.fact
        if not isinstance(fact, Posted) or fact.removed or entry.by.role == "bot" or entry.by.id == self._user.id:
            return None
        room = self._chat.room(entry.log)
        mode = "always" if room.kind == "direct" else room.robot
        if mode == "never" or self._seconds() - entry.at / 1000 > MAX_AGE_S:
            return None
        return hear(fact.text, entry.by.name, always=mode == "always")

    def _decide(self, heard: Heard, entry: Entry) -> Answer | None:
        """Return what to say at once; None to say nothing, or nothing yet."""
        seconds = self._seconds()
        verdict = self._with_user.asked(entry.by.id, seconds)
        if verdict == "answer":
            verdict = self._in_room.asked(entry.log, seconds)
        if verdict == "say so":
            return Answer(heard.say("One at a time, please: a small bird needs to breathe.", "慢点慢点，让小鸟歇口气。"))
        if verdict == "silence":
            return None
        if self._thoughts is None:
            return self._small(heard)
        is_old = entry.at < self._began_ms
        return trick(heard, self._random) or self._thoughts.begin(heard, entry, lambda: self._small(heard), is_old=is_old)

    def _small(self, heard: Heard) -> Answer | None:
        return self._mind(heard, self._now(), self._random)

    async def _tell_marks(self) -> None:
        for room, seq in self._marks.take(self._seconds()).items():
            try:
                await self._chat.read(self._user, room, seq)
            except Exception as error:
                complain("robot_read_mark_failed", error, room=room, seq=seq)

    def _seconds(self) -> float:
        return self._now().timestamp()
