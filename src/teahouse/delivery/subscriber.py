"""One connection's cursors. It is told of logs by the hub; what it missed it reads from the log at its own speed."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from teahouse.delivery.channel import RUN_WEIGHT, Channel
from teahouse.delivery.cursor import Cursor
from teahouse.delivery.frames import Dialect, Frame, joined, runs
from teahouse.model import Reset, User

if TYPE_CHECKING:
    from teahouse.delivery.hub import Hub


class Outlet(Protocol):
    """Where bytes leave. `write` never raises and never calls back into delivery, not even when the other side is gone.

    Its owner calls `Subscriber.wake` when `congested` turns false, and `Subscriber.close` at the end.
    """

    congested: bool

    @property
    def dialect(self) -> Dialect: ...

    def write(self, rendering: Any) -> None: ...

    def close(self, code: int, reason: str) -> None: ...


class Subscriber:
    """Reads any number of logs for one connection. In each it is either live, and then the hub writes it, or behind.

    While live its position is its channel's. While behind it holds a cursor of its own, and one task per subscriber reads
    and writes until it meets the channel.

    A room is read by one membership, which is named by the seq at which it began (`since`). Whether it still lasts is asked in the
    turn of the loop in which the reader becomes live or its cursor jumps, and again in the database with every page. Who is out
    by then is written what is left up to their own `left`, and does not become live or jump.
    """

    __slots__ = ("_hub", "_task", "_woken", "behind", "closed", "inbox", "live", "outlet", "user")

    def __init__(self, user: User, outlet: Outlet, hub: "Hub", inbox: int = 0) -> None:
        self.user = user
        self.inbox = inbox
        self.outlet = outlet
        self.live: dict[Channel, int] = {}
        """The `since` by which each log is read live."""
        self.behind: dict[Channel, Cursor] = {}
        self.closed = False
        self._hub = hub
        self._task: asyncio.Task[None] | None = None
        self._woken = False

    def follow_inbox(self, after: int | None) -> None:
        """Deliver every entry of one's own log with seq > `after`. None starts at the current head and announces it with a `reset`."""
        self._follow(self.inbox, after, 0)

    def follow(self, log: int, after: int | None, since: int, *, from_before: bool = False) -> None:
        """Deliver every entry of a room with seq > `after`. None starts at the current head and announces it with a `reset`.

        The caller knows that the user's membership began at `since` and reaches beyond `after`. Followed already, the cursor only
        ever jumps forward: to the beginning of a newer membership, with a `reset` that says so. With `from_before` it may begin
        before the membership, whose members may read all that was said: who is at a door's socket becomes a member after it opened.
        """
        self._follow(log, after if after is None or from_before else max(after, since - 1), since)

    def _follow(self, log: int, after: int | None, since: int) -> None:
        if self.closed:
            return
        channel = self._hub.join(log, self)
        seen = self._seen(channel)
        if seen is not None:
            if after is None or after <= seen:
                return
            # The membership that is read now ended somewhere before `after`, and that is not for this reader.
            self._reset(log, "left", after)
            self.live.pop(channel, None)
            channel.part(self)
        self.behind[channel] = Cursor(-1 if after is None else after, since, fresh=True)
        self.wake()

    def fall_behind(self, channel: "Channel", seen: int) -> None:
        """Stop being live at `seen`: the outlet is congested, and what comes is read later."""
        self.behind[channel] = Cursor(seen, self.live.pop(channel))
        self.wake()

    def close(self) -> None:
        """Forget every log. Nothing is written from here on."""
        self.closed = True
        for channel in [*self.live, *self.behind]:
            self._drop(channel)
        if self._task is not None and self._task is not _current_task():
            self._task.cancel()

    def wake(self) -> None:
        """See that the catch-up task runs if there is something to read and somewhere to write it."""
        self._woken = True
        if self._task is None and self.behind and not self.closed and not self.outlet.congested:
            self._task = asyncio.get_running_loop().create_task(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            while self.behind and not self.closed and not self.outlet.congested:
                self._woken = False
                if not await self._step() and not self._woken:
                    break
        except Exception as error:
            # Storage that cannot be read now is tried again by the next sweep; the cursors say from where.
            self._hub.trouble("catch-up failed", error)
        finally:
            self._task = None

    async def _step(self) -> bool:
        """Read and write one run for each log that is behind; say whether there was anything to do."""
        moved = False
        for channel, cursor in list(self.behind.items()):
            if channel.known and self.behind.get(channel) is cursor:
                moved = await self._advance(channel, cursor) or moved
        return moved

    async def _advance(self, channel: "Channel", cursor: Cursor) -> bool:
        """Bring one log forward by a page, up to being live in it; say whether that changed anything."""
        if cursor.fresh and max(cursor.seen, cursor.since) > channel.position.seen:
            await self._hub.look(channel)
            if self.behind.get(channel) is not cursor or channel.position.seen < max(cursor.since, min(cursor.seen, channel.head)):
                return False  # the next sweep looks again: what it has read, or knows to be there, has not come here
        if not self._settle(channel, cursor):
            return True
        moved, is_member = False, self.is_member(channel)
        frames = channel.tail.between(cursor.seen, channel.position.seen) if is_member else None
        if frames:
            moved = self._write(channel, cursor, frames)
        elif cursor.seen < channel.position.seen or not is_member:
            await self._hub.turns.begin(self.user.id)
            try:
                moved, is_member = await self._read_up(channel, cursor)
            finally:
                self._hub.turns.end()
        # No await from the question whether this is a member to the change, and none from this comparison: an entry that is flushed
        # in between would be lost to this reader. A page that says so was read up to here or further.
        if is_member and self.behind.get(channel) is cursor and cursor.seen == channel.position.seen:
            del self.behind[channel]
            self.live[channel] = cursor.since
            channel.enter(self)
            moved = True
            self._show_ongoing(channel)
        return moved

    def is_member(self, channel: "Channel") -> bool:
        """Say whether the membership by which a log is read lasts, as far as this process has heard."""
        return channel.log == self.inbox or self._hub.member_since(self.user.id, channel.log) == self._since(channel)

    async def _read_up(self, channel: "Channel", cursor: Cursor) -> tuple[bool, bool]:
        """Write a page from the database; say whether it came any further, and whether this was a member when the page was read."""
        upto = channel.position.seen
        frames, is_member = await self._read(channel, cursor)
        await self._hub.turns.share()
        if self.behind.get(channel) is not cursor or self.closed:
            return False, False
        if is_member and not frames and cursor.seen == upto:
            return False, True
        if not is_member and not frames:
            self._end(channel)
            return True, False
        began_s = self._hub.turns.now_s()
        moved = self._write(channel, cursor, frames)
        self._hub.turns.spend(began_s)
        return moved, is_member

    async def _read(self, channel: "Channel", cursor: Cursor) -> tuple[Sequence[Frame], bool]:
        if channel.log == self.inbox:
            return await self._hub.read_inbox(channel, cursor.seen), True
        return await self._hub.read_room(channel, cursor.seen, self.user.id, cursor.since)

    def _show_ongoing(self, channel: "Channel") -> None:
        """Tell a reader that became live what goes on without a number: it may have missed how that began."""
        for signal in self._hub.ongoing(channel.log):
            if not self.outlet.congested:
                self.outlet.write(self.outlet.dialect.render(signal))

    def _settle(self, channel: "Channel", cursor: Cursor) -> bool:
        """Tell a reader that just came, before its first entry, when it cannot be given all that it asked for. False: it gets nothing."""
        if not cursor.fresh:
            return True
        cursor.fresh = False
        head = channel.position.seen
        if cursor.seen < 0 or cursor.seen > head:
            return self._jump(channel, cursor, "unknown")
        if head - cursor.seen > self._hub.resume_limit:
            return self._jump(channel, cursor, "too_far")
        return True

    def _jump(self, channel: "Channel", cursor: Cursor, why: Any) -> bool:
        """Go on after the channel's position. False: their own `left` may lie before it, so the room is gone for this reader."""
        if not self.is_member(channel):
            self._end(channel)
            return False
        self._reset(channel.log, why, channel.position.seen)
        cursor.advance(channel.position.seen)
        return True

    def _write(self, channel: "Channel", cursor: Cursor, frames: Sequence[Frame]) -> bool:
        """Write `frames` until the outlet is congested; say whether it came any further."""
        start = cursor.seen
        if not cursor.admits(frames[0].seq if frames else channel.position.seen + 1):
            self._jump(channel, cursor, "trimmed")
            return True
        for run in runs(frames, RUN_WEIGHT):
            if self.outlet.congested or self.closed:
                break
            self.outlet.write(joined(run, self.outlet.dialect))
            self._hub.deliveries += len(run)
            cursor.advance(run[-1].seq)
            if self.after_write(channel, run[-1]):
                return True
        return cursor.seen > start

    def after_write(self, channel: "Channel", last: Frame) -> bool:
        """Do what the last frame of a run asks: stop after one's own leaving, follow a room one was added to. True if stopped."""
        if last.closes_for == self.user.id:
            self._drop(channel)
            return True
        if last.opens is not None:
            self._open(*last.opens)
        return False

    def _open(self, log: int, since: int) -> None:
        """Follow a room that one was added to, if that membership lasts. An old `added` is history, not a ticket."""
        if self._hub.member_since(self.user.id, log) == since:
            return self.follow(log, since - 1, since)
        channel = self._hub.channels.get(log)
        followed = None if channel is None else self._since(channel)
        if followed is None:
            self._reset(log, "left", None)
        elif channel is not None and followed < since:
            self._end(channel)

    def _seen(self, channel: "Channel") -> int | None:
        """Return how far this reader has come in a log that it follows."""
        if channel in self.live:
            return channel.seen_by(self)
        cursor = self.behind.get(channel)
        return None if cursor is None else cursor.seen

    def _since(self, channel: "Channel") -> int | None:
        """Return the membership by which a log is followed, None for one that is not."""
        cursor = self.behind.get(channel)
        return self.live.get(channel) if cursor is None else cursor.since

    def _end(self, channel: "Channel") -> None:
        """Tell that a room is gone, and stop reading it."""
        self._reset(channel.log, "left", None)
        self._drop(channel)

    def _reset(self, log: int, why: Any, head: int | None) -> None:
        self.outlet.write(self.outlet.dialect.render(Reset(log, why, head)))

    def _drop(self, channel: "Channel") -> None:
        self.live.pop(channel, None)
        self.behind.pop(channel, None)
        self._hub.leave(channel, self)


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
