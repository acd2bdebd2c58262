"""How an entry of a log reaches the sockets of an old door: rendered once per dialect, sorted out at each socket.

What a reader gets may depend on who reads: `relay` does not send back to the sender. The bytes may not, so delivery renders
an entry once into lines, and every socket takes from them what is for it.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from teahouse.gateways.dialects.spoken import Heard, Said, Words
from teahouse.model import Entry, Left, Posted, Signal, User

Peer = Callable[[int, int], User | None]
"""(log, user) -> who is in this direct room with the user; None where it is no direct room."""

Frame = Callable[[bytes], bytes]
"""A payload as it goes over the wire."""


class Line(Struct, frozen=True):
    """One payload and what a socket must know to decide whether it is for it."""

    log: int = 0
    seq: int = 0
    by: int = 0
    client_id: str = ""
    direct: bool = False
    put_out: int = 0
    """The user whose place in the door's room ends here, and then there is nothing to write."""
    number: int = 0
    payload: bytes = b""
    framed: bytes = b""


Lines = tuple[Line, ...]


class Rendering:
    """An old dialect as delivery wants it: for one door's room, and for one way of framing."""

    def __init__(self, words: Words, room: int, frame: Frame, peer: Peer, count: Callable[[], int]) -> None:
        self.words = words
        self.frame = frame
        self._room = room
        self._peer = peer
        self._count = count

    def render(self, said: Entry | Signal) -> Lines:
        if not isinstance(said, Entry):
            return ()  # typing and resets have no words at these doors; who is here is told by the porch
        fact = said.fact
        if isinstance(fact, Posted) and not fact.removed:
            return self._posted(said, fact)
        if isinstance(fact, Left) and said.log == self._room:
            return (Line(said.log, said.seq, put_out=fact.user.id),)
        return ()

    def join(self, parts: Sequence[Lines]) -> Lines:
        return tuple(line for part in parts for line in part)

    def line(self, heard: Heard) -> Lines:
        """Return what tells of something that is no entry."""
        payload = self.words.render(heard)
        return () if payload is None else (self._numbered(Line(payload=payload)),)

    def _posted(self, entry: Entry, fact: Posted) -> Lines:
        if entry.log == self._room:
            receiver = None
        else:
            peer = self._peer(entry.log, entry.by.id) if self.words.directs else None
            if peer is None:
                return ()  # a room that the person is in by the page, or that this dialect cannot tell of
            receiver = peer.name
        payload = self.words.render(Said(entry.by, fact.text, entry.at, receiver))
        if payload is None:
            return ()
        line = Line(entry.log, entry.seq, entry.by.id, entry.client_id or "", receiver is not None, payload=payload)
        return (self._numbered(line),)

    def _numbered(self, line: Line) -> Line:
        number = self._count() if self.words.numbers else 0
        framed = self.frame(self.words.numbered(number, line.payload))
        return Line(line.log, line.seq, line.by, line.client_id, line.direct, 0, number, line.payload, framed)
