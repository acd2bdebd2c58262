"""Clients for fault tests: readers that record what they see, and authors that keep an outbox as the page does."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass

import websockets

from tests.faults.recorder import Recorder
from tests.gateways.stranger import Cut, Event, Refused, Session, Stranger

LOST = (Cut, ConnectionError, websockets.InvalidHandshake, websockets.InvalidMessage)
"""What a client may meet while the server is being killed."""


class Reader(Stranger):
    """A client whose every entry goes to the recorder before anything judges it."""

    def __init__(self, session: Session, recorder: Recorder) -> None:
        super().__init__(session)
        self.recorder = recorder
        self.record = recorder.reader(session.you["name"])

    async def connect(self, through: socket.socket | None = None) -> Event:
        self.record.connected()
        return await super().connect(through)

    def follow(self, log: int, after: int) -> None:
        super().follow(log, after)
        self.record.follow(log, after)

    def unfollow(self, log: int) -> None:
        super().unfollow(log)
        self.record.unfollow(log)

    def take_entry(self, entry: Event) -> None:
        self.record.saw(entry)
        super().take_entry(entry)


@dataclass(frozen=True)
class Words:
    """One message in an outbox."""

    client_id: str
    room: int
    text: str


class Author(Reader):
    """A reader that posts; what was not answered is sent again under the same client_id after the next welcome."""

    def __init__(self, session: Session, recorder: Recorder) -> None:
        super().__init__(session, recorder)
        self.outbox: list[Words] = []

    async def talk(self, compose: Callable[[], list[Words]], server_up: asyncio.Event) -> None:
        """Post what `compose` gives until it gives nothing, over as many connections as that takes."""
        while self.outbox or self.refill(compose):
            try:
                if not self.connected:
                    await server_up.wait()
                    await self.connect()
                await self.empty_outbox()
            except LOST:
                continue

    def refill(self, compose: Callable[[], list[Words]]) -> bool:
        self.outbox = compose()
        return bool(self.outbox)

    async def empty_outbox(self) -> None:
        """Send all of it without waiting in between; what was answered leaves it, and Cut is raised when something was not."""
        answers = await asyncio.gather(*(self.post(words) for words in self.outbox), return_exceptions=True)
        for error in answers:
            if isinstance(error, BaseException):
                raise error

    async def post(self, words: Words) -> None:
        self.recorder.invoke(words.client_id, self.id, words.room, words.text)
        try:
            result = await self.ask("post", room=words.room, text=words.text, client_id=words.client_id)
        except Refused as refusal:
            self.recorder.fail(words.client_id)
            if refusal.retry:
                return
        else:
            self.recorder.ok(words.client_id, result["seq"])
        self.outbox.remove(words)
