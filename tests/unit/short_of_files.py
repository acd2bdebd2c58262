"""Run by test_acceptor.py: echoes on a port with few descriptors left, and says how often it tried to accept when told to stop."""

import asyncio
import os
import resource
import socket
import sys
from collections import Counter

from teahouse.acceptor import Acceptor
from teahouse.gateways.address import NO_PROXIES
from teahouse.gateways.slots import Slot, Slots


class Echo(asyncio.Protocol):
    def __init__(self, slot: Slot) -> None:
        self.slot = slot

    def connection_lost(self, exc: Exception | None) -> None:
        self.slot.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)  # type: ignore[attr-defined]


class Counted:
    """A listener that counts what is asked of it."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.accepts = 0

    def accept(self) -> tuple[socket.socket, object]:
        self.accepts += 1
        return self.listener.accept()

    def __getattr__(self, name: str) -> object:
        return getattr(self.listener, name)


async def main() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    counted = Counted(listener)
    turned_away: Counter[str] = Counter()
    acceptor = Acceptor(counted, Echo, Slots(1_000, NO_PROXIES, asyncio.get_running_loop().time), turned_away)  # type: ignore[arg-type]
    used = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + int(sys.argv[1]), used + int(sys.argv[1])))
    print(listener.getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    print(counted.accepts, turned_away["503"], flush=True)
    acceptor.close()


if sys.argv[2] == "uvloop":
    import uvloop

    uvloop.run(main())
else:
    asyncio.run(main())
