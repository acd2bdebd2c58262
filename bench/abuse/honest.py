"""Two honest people: Ada posts by the socket that she has; Ben comes anew for each post, over plain HTTP."""

import asyncio
import json
import time
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from abuse.wire import HERE, LOBBY, Guest, House, Socket, command, sign_in

POSTS_PER_S = 8
"""Each; the house takes ten a second from one person in the long run."""
PATIENCE_S = 5
"""How long an answer is waited for after the time is over; who has none by then waited at least so long."""


@dataclass
class Waits:
    """How long each post took in ms, from the time at which it was to be sent: a person who is held up does not send less."""

    ms: list[float] = field(default_factory=list)
    missing: int = 0

    def at(self, share: float) -> float:
        if not self.ms:
            return float("nan")
        ordered = sorted(self.ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Honest:
    """Both of them; `post` may be called again and again."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._numbers = count(1)
        self._sent: dict[int, asyncio.Future[bool]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def arrive(self) -> None:
        self.ada: Guest = await asyncio.to_thread(sign_in, self.house, "Ada", HERE)
        self.ben: Guest = await asyncio.to_thread(sign_in, self.house, "Ben", HERE)
        self._socket = await Socket.open(self.house, self.ada, source=HERE)
        await self._socket.greet()
        self._reader = asyncio.create_task(self._read())

    def leave(self) -> None:
        self._reader.cancel()
        self._socket.close()

    async def post(self, seconds: float) -> dict[str, Waits]:
        """Post at a steady pace for so long."""
        waits = {"socket": Waits(), "anew": Waits()}
        began = time.perf_counter()
        due = [began + number / POSTS_PER_S for number in range(int(seconds * POSTS_PER_S))]
        posts = []
        for when in due:
            await asyncio.sleep(max(0, when - time.perf_counter()))
            posts.append(asyncio.create_task(self._timed(waits["socket"], when, self._by_socket())))
            posts.append(asyncio.create_task(self._timed(waits["anew"], when, self._anew())))
        _, late = await asyncio.wait(posts, timeout=PATIENCE_S)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
        return waits

    async def _timed(self, waits: Waits, when: float, work: Awaitable[bool]) -> None:
        answered = False
        with suppress(OSError, EOFError, asyncio.CancelledError):
            answered = await work
        took_ms = (time.perf_counter() - when) * 1000
        waits.missing += not answered
        waits.ms.append(took_ms if answered else max(took_ms, PATIENCE_S * 1000))

    async def _by_socket(self) -> bool:
        number = next(self._numbers)
        answer = self._sent[number] = asyncio.get_running_loop().create_future()
        await self._socket.say(command(type="post", id=number, room=LOBBY, text=f"good morning {number}", client_id=f"ada-{number}"))
        return await answer

    async def _anew(self) -> bool:
        reader, writer = await asyncio.open_connection(HERE, self.house.port, local_addr=(HERE, 0))
        try:
            number = next(self._numbers)
            body = json.dumps({"text": f"and to you {number}", "client_id": f"ben-{number}"})
            lines = [f"POST /api/v1/rooms/{LOBBY}/messages HTTP/1.1", f"Host: {self.house.host}", f"Origin: {self.house.address}"]
            lines += [f"Cookie: teahouse_session={self.ben.cookie}", "Content-Type: application/json", "Connection: close"]
            writer.write("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode())
            return b" 201 " in await reader.readline()
        finally:
            writer.transport.abort()

    async def _read(self) -> None:
        try:
            while True:
                event = await self._socket.event()
                answer = self._sent.pop(event.get("id", 0), None) if event and event["type"] in ("ok", "error") else None
                if answer is not None and not answer.done():
                    answer.set_result(event["type"] == "ok")
        except (OSError, EOFError):  # cut: nothing is answered any more
            for answer in self._sent.values():
                if not answer.done():
                    answer.set_result(False)
