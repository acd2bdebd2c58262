"""Accepts connections for an event loop: many in one turn, no more than there are slots for, and on through a shortage of files.

The loop's own server accepts one connection per turn, so a crowd that comes at once overflows the queue of the kernel and waits
for its retries; and out of descriptors it spins.
"""

import asyncio
import contextlib
import os
import select
import socket
from collections import Counter, deque
from collections.abc import Callable
from functools import partial

import structlog

from teahouse.gateways.address import is_of_this_machine
from teahouse.gateways.slots import Slot, Slots
from teahouse.reserve import Reserve

BACKLOG = 4096
"""The kernel cuts it to net.core.somaxconn."""
AT_ONCE = 64
"""Connections accepted in one turn of the loop; those inside are served between two turns."""
_OPENING = 4
"""How much work of a turn it is to open one that is accepted. It waits in line with all that its network sends (docs/decisions/0023)."""
_CLOSING = 1
"""The same of closing one whose client did not wait."""
_GONE = select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0)
REST_S = 1.0
LINGER_S = 1.0
LINGERING = 128
RETRY_AFTER_S = 10

_BODY = b'{"code":"unavailable","words":"the house is full: come back in a while","retry":true}'
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
    b"X-Content-Type-Options: nosniff\r\nRetry-After: %d\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"
) % (RETRY_AFTER_S, len(_BODY), _BODY)

Make = Callable[[Slot], asyncio.Protocol]
"""Makes what speaks first on a connection, and closes its slot in the end."""

_log = structlog.get_logger("acceptor")


class Acceptor:
    """One listening socket. Whoever comes and gets no slot hears 503 and costs nothing more; `close` it at the end.

    With `watch`, who watches the house from this machine is answered all the same, by what that makes.
    """

    def __init__(self, listener: socket.socket, make: Make, slots: Slots, turned_away: Counter[str], watch: Make | None = None) -> None:
        self._listener = listener
        self._make = make
        self._slots = slots
        self._turned_away = turned_away
        self._loop = asyncio.get_running_loop()
        self._opening: set[asyncio.Task[None]] = set()
        self._leaving: deque[socket.socket] = deque()
        self._reserve = None if watch is None else Reserve(partial(self._begin, watch), self._refuse)
        self._spare: int | None = None
        self._save_a_file()
        self._resting: asyncio.TimerHandle | None = None
        self._is_short = self._is_over = False
        listener.setblocking(False)
        listener.listen(BACKLOG)
        self._loop.add_reader(listener, self._accept_some)

    def close(self) -> None:
        """Accept nobody from here on."""
        self._is_over = True
        self._loop.remove_reader(self._listener)
        if self._resting is not None:
            self._resting.cancel()
        self._listener.close()
        self._release_the_file()
        if self._reserve is not None:
            self._reserve.close()
        while self._leaving:
            self._leaving.popleft().close()

    def _accept_some(self) -> None:
        try:
            for _ in range(AT_ONCE):
                client, address = self._listener.accept()
                self._is_short = False
                self._take(client, address[0])
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:  # no descriptor or no memory for one more (accept(2)); the one who waits stays readable
            self._rest(error)

    def _take(self, client: socket.socket, address: str) -> None:
        slot = self._slots.take(address)
        if slot is None:
            return self._turn_away(client, address)
        client.setblocking(False)
        turns = self._slots.turns

        def serve() -> None:
            if self._is_over or slot.is_closed:
                client.close()
                return slot.close()
            turns.spend(_OPENING)
            self._begin(self._make, client, slot)

        def serve_if_there() -> None:
            if _is_gone(client):
                turns.spend(_CLOSING)
                client.close()
                slot.close()
            else:
                serve()

        if turns.is_free(slot.line):
            serve()
        else:
            turns.line_up(slot.line, serve_if_there)

    def _begin(self, make: Make, client: socket.socket, slot: Slot) -> None:
        opening = self._loop.create_task(self._open(make, client, slot))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    async def _open(self, make: Make, client: socket.socket, slot: Slot) -> None:
        try:
            transport, _protocol = await self._loop.connect_accepted_socket(lambda: make(slot), client)
        except OSError:
            client.close()
            slot.close()
        else:
            slot.attach(transport.abort)

    def _turn_away(self, client: socket.socket, address: str) -> None:
        if self._reserve is not None and is_of_this_machine(address):
            self._reserve.look(client)
        else:
            self._refuse(client)

    def _refuse(self, client: socket.socket) -> None:
        """Say that there is no room, and leave the client a while to read it: closing at once over its unread request would reset it."""
        self._turned_away["503"] += 1
        client.setblocking(False)
        with contextlib.suppress(OSError):
            client.send(FULL)
            client.shutdown(socket.SHUT_WR)
        if len(self._leaving) >= LINGERING:
            self._leaving.popleft().close()
        self._leaving.append(client)
        self._loop.call_later(LINGER_S, self._part, client)

    def _part(self, client: socket.socket) -> None:
        if self._leaving and self._leaving[0] is client:
            self._leaving.popleft().close()

    def _rest(self, error: OSError) -> None:
        """Turn away who is waiting, with the descriptor that is kept for this, and look again in a while."""
        if not self._is_short:
            self._is_short = True
            _log.error("cannot accept connections, for now new ones are turned away", reason=error.strerror)
        self._loop.remove_reader(self._listener)
        self._resting = self._loop.call_later(REST_S, self._go_on)
        self._release_the_file()
        try:
            for _ in range(AT_ONCE):
                client, _address = self._listener.accept()
                self._turned_away["503"] += 1
                with client, contextlib.suppress(OSError):
                    client.setblocking(False)
                    client.send(FULL)
        except OSError:
            pass  # nobody waits, or somebody else took the descriptor
        finally:
            self._save_a_file()

    def _go_on(self) -> None:
        self._resting = None
        self._loop.add_reader(self._listener, self._accept_some)

    def _save_a_file(self) -> None:
        with contextlib.suppress(OSError):
            self._spare = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def _release_the_file(self) -> None:
        if self._spare is not None:
            os.close(self._spare)
            self._spare = None


def _is_gone(client: socket.socket) -> bool:
    """Whether the client has closed its side, whatever it sent before: nobody would read the answer."""
    poll = select.poll()
    poll.register(client, _GONE)
    return bool(poll.poll(0))
