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
    """

    __slots__ = ("_hub", "_task", "_woken", "behind", "closed", "inbox", "live", "outlet", "user")

    def __init__(self, user: User, outlet: Outlet, hub: "Hub", inbox: int = 0) -> None:
        self.user = user
        self.inbox = inbox
        self.outlet = outlet
        self.live: set[Channel] = set()
        self.behind: dict[Channel, Cursor] = {}
        self.closed = False
        self._hub = hub
        self._task: asyncio.Task[None] | None = None
        self._woken = False

    def follow(self, log: int, after: int | None) -> None:
        """Be written every entry of `log` numbered above `after`; None means from the log's head on, which `reset` tells.

        Followed already, it only ever jumps forward: to the beginning of a newer membership, with a `reset` that says so.
        """
        if self.closed:
            return
        channel = self._hub.join(log, self)
        seen = self._seen(channel)
        if seen is not None:
            if after is None or after <= seen:
                return
            # The membership that is read now ended somewhere before `after`, and that is not for this reader.
            self._reset(channel, "left", after)
            self.live.discard(channel)
            channel.part(self)
        self.behind[channel] = Cursor(-1 if after is None else after, fresh=True)
        self.wake()

    def fall_behind(self, channel: "Channel", seen: int) -> None:
        """Stop being live at `seen`: the outlet is congested, and what comes is read later."""
        self.live.discard(channel)
        self.behind[channel] = Cursor(seen)
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
            if not channel.known or self.behind.get(channel) is not cursor:
                continue
            if cursor.fresh and cursor.seen > channel.position.seen:
                await self._hub.look(channel)
                if self.behind.get(channel) is not cursor:
                    continue
            self._settle(channel, cursor)
            if cursor.seen < channel.position.seen:
                frames = channel.tail.between(cursor.seen, channel.position.seen)
                if frames is None:
                    frames = await self._hub.read(channel, cursor.seen)
                    if self.behind.get(channel) is not cursor or self.closed:
                        continue
                moved = self._write(channel, cursor, frames) or moved
            # No await from this comparison to the change: an entry flushed in between would be lost to this reader.
            if self.behind.get(channel) is cursor and cursor.seen == channel.position.seen:
                del self.behind[channel]
                self.live.add(channel)
                channel.enter(self)
                moved = True
                self._show_ongoing(channel)
        return moved

    def _show_ongoing(self, channel: "Channel") -> None:
        """Tell a reader that became live what goes on without a number: it may have missed how that began."""
        for signal in self._hub.ongoing(channel.log):
            if not self.outlet.congested:
                self.outlet.write(self.outlet.dialect.render(signal))

    def _settle(self, channel: "Channel", cursor: Cursor) -> None:
        """Tell a reader that just came, before its first entry, when it cannot be given all that it asked for."""
        if not cursor.fresh:
            return
        cursor.fresh = False
        head = channel.position.seen
        if cursor.seen < 0 or cursor.seen > head:
            self._reset(channel, "unknown", head)
        elif head - cursor.seen > self._hub.resume_limit:
            self._reset(channel, "too_far", head)
        else:
            return
        cursor.seen = head

    def _write(self, channel: "Channel", cursor: Cursor, frames: Sequence[Frame]) -> bool:
        """Write `frames` until the outlet is congested; say whether it came any further."""
        start = cursor.seen
        if frames and not cursor.admits(frames[0].seq):
            self._reset(channel, "trimmed", channel.position.seen)
            cursor.advance(channel.position.seen)
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
            self.follow(*last.opens)
        return False

    def _seen(self, channel: "Channel") -> int | None:
        """Return how far this reader has come in a log that it follows."""
        if channel in self.live:
            return channel.seen_by(self)
        cursor = self.behind.get(channel)
        return None if cursor is None else cursor.seen

    def _reset(self, channel: "Channel", why: Any, head: int) -> None:
        self.outlet.write(self.outlet.dialect.render(Reset(channel.log, why, head)))

    def _drop(self, channel: "Channel") -> None:
        self.live.discard(channel)
        self.behind.pop(channel, None)
        self._hub.leave(channel, self)


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
