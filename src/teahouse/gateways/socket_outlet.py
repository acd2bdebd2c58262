"""The write side of a door on a stream socket: bytes go straight to the kernel while it takes them, else through the transport.

A transport's own `write` costs half a microsecond more than the system call, which for a thousand readers of a short message is a
tenth of everything (docs/performance.md).
"""

import asyncio
import os
from collections.abc import Hashable
from typing import cast

from teahouse.gateways.slots import Slot
from teahouse.gateways.unread import Unread, UnreadBytes

CLOSED = -1


class SocketOutlet(asyncio.Protocol):
    """Writes in order and never raises. `_fd` is the socket while it is `_open` and may be written directly, `_direct` while nothing waits.

    The descriptor is used from `_open_outlet` to `_close_outlet`, which a door calls in `connection_lost` at the latest: until then
    the transport keeps it (asyncio and uvloop both close the socket after that call), so it cannot be someone else's by now.
    """

    __slots__ = ("_direct", "_fd", "_open", "_slot", "_transport", "_unread")

    def __init__(self, slot: Slot) -> None:
        self._slot = slot
        self._unread: Unread | None = None
        self._open = False
        self._direct = self._fd = CLOSED
        self._transport: asyncio.Transport = None  # type: ignore[assignment]  # set by connection_made, before anything else

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but descent

    def write(self, rendering: bytes) -> None:
        """Write, if the outlet is open."""
        if self._direct >= 0:
            try:
                sent = os.write(self._direct, rendering)
            except OSError:  # full, or gone: the transport finds out which, and sees to it
                sent = 0
            if sent < len(rendering):
                self._put(rendering[sent:])
        elif self._open:
            self._put(rendering)

    def _put(self, data: bytes) -> None:
        """Write through the transport, open or not; what follows goes the same way until nothing waits in there."""
        self._transport.write(data)
        self._direct = CLOSED if self._transport.get_write_buffer_size() else self._fd

    def _begin_unread(self, of_all: UnreadBytes, address: str, person: Hashable) -> None:
        """Count what waits in the transport, from `pause_writing` on."""
        self._unread = Unread(of_all, address, person, self._slot.give_way)
        self._unread.hold(self._transport.get_write_buffer_size())

    def _look_at_unread(self) -> None:
        if self._unread is not None:
            self._unread.hold(self._transport.get_write_buffer_size())
            self._unread.tick()

    def _end_unread(self) -> None:
        if self._unread is not None:
            self._unread.end()
            self._unread = None

    def _open_outlet(self) -> None:
        """Write to somebody who was let in, from here on."""
        self._slot.live()
        self._open = True
        encrypted = self._transport.get_extra_info("sslcontext") is not None
        self._fd = CLOSED if encrypted else self._transport.get_extra_info("socket").fileno()
        self._direct = CLOSED if self._transport.get_write_buffer_size() else self._fd

    def _close_outlet(self) -> None:
        """Write nothing from here on but what the door itself puts."""
        self._open = False
        self._direct = self._fd = CLOSED

    def _lose_outlet(self) -> None:
        """The connection is gone, and so is its place."""
        self._close_outlet()
        self._end_unread()
        self._slot.close()
