"""The standard streams of a program that goes on whatever becomes of them: closed, on a full disk, a pipe that nobody reads."""

import io
import os
import select
import sys
import threading
from typing import TextIO, cast

AT_ONCE = 4096
"""Bytes that a descriptor takes without waiting once it says that it is ready: a pipe has so many free then (PIPE_BUF, pipe(7))."""
PATIENCE_MS = 100
"""How long one write waits for a reader who is behind. The next ones wait no more, until the reader has caught up."""


class LossyStream(io.TextIOBase):
    """Text to a descriptor. What it cannot take is lost and counted; nothing is raised, and a reader who stands still holds up nobody.

    With None for `wait_ms` a reader is waited for without end.
    """

    def __init__(self, descriptor: int, encoding: str, wait_ms: int | None = PATIENCE_MS) -> None:
        self.lost = 0
        """Writes of which something was lost. A log line is one write."""
        self.error: OSError | None = None
        """The last one that something was lost by, beside readers who stood still."""
        self._descriptor = descriptor
        self._encoding = encoding
        self._wait_ms = wait_ms
        self._is_stuck = self._is_torn = False
        self._lock = threading.RLock()  # a write may be interrupted by one of its own thread: what is collected as garbage may complain
        self._room = select.poll()
        self._room.register(descriptor, select.POLLOUT)

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has an attribute
        return self._encoding

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Write all of `text`, or as much as goes; what follows a torn line begins a line of its own."""
        with self._lock:
            data = memoryview((b"\n" if self._is_torn else b"") + text.encode(self._encoding, "replace"))
            left = data
            while left and (taken := self._send(left[:AT_ONCE])):
                left = left[taken:]
            if left:
                self.lost += 1
                self._is_torn = self._is_torn or len(left) < len(data)
            else:
                self._is_torn = False
        return len(text)

    def _send(self, piece: memoryview) -> int:
        """Return how many bytes were taken, none where there is no room for them or no way."""
        try:
            self._is_stuck = not self._room.poll(0 if self._is_stuck else self._wait_ms)
            return 0 if self._is_stuck else os.write(self._descriptor, piece)
        except OSError as error:
            self.error = error
            return 0


def open_closed() -> None:
    """See that descriptors 0 to 2 are open: or the database, or a socket, would become one of them and be written the log lines."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one


def take_output(wait_ms: int | None) -> LossyStream:
    """Let what is printed from here on be lost where it cannot be written, or its reader is not there in time."""
    taken = LossyStream(1, _encoding_of(sys.stdout), wait_ms)
    sys.stdout = cast(TextIO, taken)
    return taken


def take_errors() -> LossyStream:
    """The same for standard error: log lines, complaints, traces. It may be called again."""
    taken = sys.stderr if isinstance(sys.stderr, LossyStream) else LossyStream(2, _encoding_of(sys.stderr))
    sys.stderr = cast(TextIO, taken)
    return taken


def _encoding_of(stream: TextIO | None) -> str:
    """Python has no stream where it found the descriptor closed."""
    return getattr(stream, "encoding", None) or "utf-8"
