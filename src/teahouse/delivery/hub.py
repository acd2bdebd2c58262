"""Logs to subscribers in this process: receive, flush, fill, sweep. The only place where an entry is written live.

The readers of a log that miss nothing share one cursor, the channel's position, so that writing an entry to a thousand
of them is a thousand writes and nothing else. Whoever cannot take a write leaves that group with a cursor of their own.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable

from teahouse.delivery.channel import Channel
from teahouse.delivery.frames import Frame, shows_edits
from teahouse.delivery.presence import Presence
from teahouse.delivery.subscriber import Subscriber
from teahouse.delivery.turns import CatchUpTurns
from teahouse.model import Entry, Signal, Stretch

PAGE_ENTRIES = 200
HEADS_AT_ONCE = 500
WRITES_PER_TURN = 2000
"""About ten milliseconds: what a room of ten thousand may hold up the others, and the answers to what people send."""
EVERYTHING = sys.maxsize

ReadAfter = Callable[[int, int, int, int], Awaitable[list[Entry]]]
"""(log, after, upto, limit) -> the entries after+1 … upto in order, at most `limit` of them; for the channel, not for a reader."""

ReadAsMember = Callable[[int, int, int, int, int, int], Awaitable[Stretch]]
"""(user, since, room, after, upto, limit) -> what the membership that began at `since` may read of the same entries."""

MemberSince = Callable[[int, int], int | None]
"""(user, room) -> the seq at which the user's membership of the room began, None for who is no member. It reads memory."""

Heads = Callable[[list[int]], Awaitable[dict[int, int]]]
"""The highest committed seq of each log asked for. `member_since` has heard of all these entries, or of whoever was just let in a
reader would be told that they left."""

Trouble = Callable[[str, Exception], None]


class Hub:
    """Who reads here, and how what happens reaches them.

    `receive` may be called with entries lost, repeated or in any order: what is written to readers is every entry of the
    log, once and in order, as long as `sweep` is called now and then. All methods belong to one event loop.
    """

    def __init__(
        self,
        read_after: ReadAfter,
        read_as_member: ReadAsMember,
        member_since: MemberSince,
        heads: Heads,
        presence: Presence,
        trouble: Trouble,
        resume_limit: int = 10_000,
        writes_per_turn: int = WRITES_PER_TURN,
        turns: CatchUpTurns | None = None,
    ) -> None:
        self.channels: dict[int, Channel] = {}
        self.resume_limit = resume_limit
        self.presence = presence
        self.deliveries = 0
        self.turns = turns or CatchUpTurns()
        self.trouble = trouble
        self.ongoing: Callable[[int], Iterable[Signal]] = _nothing
        """What goes on in a log without a number, for a reader who becomes live there."""
        self.member_since = member_since
        self._read_after = read_after
        self._read_as_member = read_as_member
        self._heads = heads
        self._dirty: dict[Channel, None] = {}
        self._writes_per_turn = writes_per_turn
        self._unknown: list[int] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def join(self, log: int, subscriber: Subscriber) -> Channel:
        """Return the log's channel, made if need be; `subscriber` is counted as here from now on."""
        channel = self.channels.get(log)
        if channel is None:
            channel = self.channels[log] = Channel(log)
            self._unknown.append(log)
            if len(self._unknown) == 1:
                self._spawn(self._learn_heads())
        if subscriber not in channel.readers:
            channel.readers.add(subscriber)
            if log != subscriber.inbox:  # nobody wonders who is in an inbox
                self.presence.came(log, subscriber.user)
        return channel

    def head(self, log: int) -> int | None:
        """Return the highest seq heard of a log that has readers here; None of any other."""
        channel = self.channels.get(log)
        return channel.heard.seen if channel is not None and channel.known else None

    def leave(self, channel: Channel, subscriber: Subscriber) -> None:
        """Write `subscriber` no more of this log."""
        channel.part(subscriber)
        if subscriber in channel.readers:
            channel.readers.discard(subscriber)
            if channel.log != subscriber.inbox:
                self.presence.went(channel.log, subscriber.user)
        if not channel.readers:
            self.channels.pop(channel.log, None)
            self._dirty.pop(channel, None)

    def receive(self, log: int, seq: int, entry: Entry | None = None) -> None:
        """Hear that `log` has an entry numbered `seq`, which is committed; without `entry` it is read when needed."""
        channel = self.channels.get(log)
        if channel is None:
            return
        channel.head = max(channel.head, seq)
        if entry is not None and channel.known and channel.heard.admits(seq):
            self._accept(channel, entry)
        elif channel.known and channel.head > channel.heard.seen:
            self._fill(channel)

    def signal(self, log: int, signal: Signal) -> None:
        """Tell the readers of `log` what has no number; a congested outlet misses it."""
        channel = self.channels.get(log)
        if channel is not None:
            channel.whisper(signal)

    @property
    def is_flushed(self) -> bool:
        """Say whether all that came in has been written to all live readers."""
        return not self._dirty

    def flush(self) -> None:
        """Write what came in since the last turn of the loop; what is more than a turn's share goes on in the next one."""
        share = self._writes_per_turn
        while self._dirty and share > 0:
            channel = next(iter(self._dirty))
            share -= self.flush_channel(channel, share) + 1
            if not channel.is_flushed and channel.readers:
                self._dirty[channel] = None  # after all others, so that a large room does not hold up the small ones
        if self._dirty:
            asyncio.get_running_loop().call_soon(self.flush)

    def flush_channel(self, channel: Channel, most: int = EVERYTHING) -> int:
        self._dirty.pop(channel, None)
        writes, deliveries = channel.flush(most)
        self.deliveries += deliveries
        return writes

    async def read_inbox(self, channel: Channel, after: int) -> list[Frame]:
        """Return the next page of frames after `after` of a log that is its reader's own, never beyond the channel's position."""
        entries = await self._read_after(channel.log, after, channel.position.seen, PAGE_ENTRIES)
        return [Frame(entry) for entry in entries]

    async def read_room(self, channel: Channel, after: int, user: int, since: int) -> tuple[list[Frame], bool]:
        """Return the next page of frames that a membership may read, and whether it still lasts.

        A member's page ends at the channel's position, a former member's at their own `left`, wherever that is.
        """
        stretch = await self._read_as_member(user, since, channel.log, after, channel.position.seen, PAGE_ENTRIES)
        return [Frame(entry) for entry in stretch.entries], stretch.is_member

    async def look(self, channel: Channel) -> None:
        """Bring the channel's position to what the database has now, for a reader who claims to have come further."""
        await self._compare_heads([channel.log])
        if channel.filling is not None:
            await asyncio.wait([channel.filling])
        self.flush_channel(channel)

    async def sweep(self) -> None:
        """Compare every log's head with the database's and wake whoever is behind: what makes a lost packet late, not lost."""
        await self._compare_heads(list(self.channels))
        for channel in list(self.channels.values()):
            channel.wake_behind()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, channel: Channel, entry: Entry) -> None:
        """Queue `entry`, the very next of its log, for this turn's flush. The caller has asked `heard.admits`."""
        frame = Frame(entry)
        channel.heard.advance(entry.seq)
        channel.tail.push(frame)
        channel.pending.append(frame)
        if not self._dirty:
            asyncio.get_running_loop().call_soon(self.flush)
        self._dirty[channel] = None

    def _fill(self, channel: Channel) -> None:
        if channel.filling is None:
            channel.filling = self._spawn(self._fill_gap(channel))

    async def _fill_gap(self, channel: Channel) -> None:
        """Read once, for all live readers, what the channel has not heard."""
        try:
            while channel.heard.seen < channel.head and channel.readers:
                before = channel.heard.seen
                entries = await self._read_after(channel.log, before, channel.head, PAGE_ENTRIES)
                first = entries[0].seq if entries else channel.head + 1
                if first > channel.heard.seen + 1 or any(shows_edits(entry) for entry in entries):
                    self._set_back(channel, first - 1)
                for entry in entries:
                    # While this page was being read the missing packet may have come after all.
                    if channel.heard.admits(entry.seq):
                        self._accept(channel, entry)
                if channel.heard.seen == before:
                    return
        finally:
            channel.filling = None

    def _set_back(self, channel: Channel, trimmed: int) -> None:
        """Before a page that was read for all live readers is written, let those read for themselves whom it would tell too much.

        Everyone, when entries up to `trimmed` are gone unheard. Else former members whose own `left` is still to come: a text that was
        edited meanwhile is not for them.
        """
        self.flush_channel(channel)
        for subscriber in list(channel.live):
            if trimmed > channel.heard.seen or not subscriber.is_member(channel):
                channel.part(subscriber)
                subscriber.fall_behind(channel, channel.position.seen)
        channel.heard.advance(max(trimmed, channel.heard.seen))
        channel.position.advance(max(trimmed, channel.position.seen))

    async def _learn_heads(self) -> None:
        await asyncio.sleep(0)  # one question for all the logs that are opened in this turn of the loop
        logs, self._unknown = self._unknown, []
        await self._compare_heads(logs)

    async def _compare_heads(self, logs: list[int]) -> None:
        for chunk in _chunks(logs, HEADS_AT_ONCE):
            for log, head in (await self._heads(chunk)).items():
                channel = self.channels.get(log)
                if channel is None:
                    continue
                if not channel.known:
                    channel.learn(head)
                elif max(head, channel.head) > channel.heard.seen:
                    channel.head = max(head, channel.head)
                    self._fill(channel)

    def _spawn(self, work: "Awaitable[None]") -> "asyncio.Task[None]":
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: "Awaitable[None]") -> None:
        try:
            await work
        except Exception as error:
            self.trouble("delivery waits for the next sweep", error)


def _nothing(_log: int) -> Iterable[Signal]:
    return ()


def _chunks(logs: list[int], size: int) -> Iterable[list[int]]:
    for start in range(0, len(logs), size):
        yield logs[start : start + size]
