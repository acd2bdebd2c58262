"""Names whoever leaves a connection, a listener, a process or a task behind: the test, and the line that opened it.

Without this, the garbage collector finds what was left one day, and the warning goes to the test that happens to run then.
"""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import pytest

TESTS = str(Path(__file__).parents[1])
LASTING = "a fixture for many tests"


@dataclass(frozen=True)
class Opener:
    """Who opened something: a test, or LASTING, its line, and the loop that it belongs to."""

    test: str
    line: str
    loop: asyncio.AbstractEventLoop | None


class LeftOpen:
    """A pytest plugin. After each test it looks at what was opened in it, and at what belongs to a loop that is closed."""

    def __init__(self, under: str = TESTS) -> None:
        self._under = under
        self._owner = LASTING
        self._loops: WeakSet[asyncio.BaseEventLoop] = WeakSet()
        self._opened: WeakKeyDictionary[Any, Opener] = WeakKeyDictionary()
        self._lasting_tasks: WeakSet[asyncio.Task[Any]] = WeakSet()

    def watch(self) -> None:
        """Every loop, transport and listener of asyncio begins in one of these; uvloop's are in other processes here."""
        _after_init(asyncio.BaseEventLoop, self._loops.add)
        _after_init(asyncio.BaseTransport, self._note_opened)
        _after_init(asyncio.Server, self._note_opened)
        _after_init(subprocess.Popen, self._note_plain)
        _after_init(socket.socket, self._note_plain)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """What a fixture of a module or of the session opens is not its first test's."""
        before = self._owner
        if fixturedef.scope != "function":
            self._owner = LASTING
        try:
            return (yield)
        finally:
            self._owner = before
            if fixturedef.scope != "function":
                self._lasting_tasks.update(self._tasks())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._owner = item.nodeid
        try:
            return (yield)
        finally:
            self._owner = LASTING

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        result = yield
        if left := self.left_by(item.nodeid):
            pytest.fail("\n".join(["left open:", *left]), pytrace=False)
        return result

    def left_by(self, test: str) -> list[str]:
        """What `test` opened and did not close, and what anyone left to a loop that has ended; each is told once."""
        left = []
        for thing, opener in list(self._opened.items()):
            if not _is_open(thing):
                del self._opened[thing]
            elif opener.test == test or (opener.loop is not None and opener.loop.is_closed()):
                del self._opened[thing]
                left.append(f"{thing!r}, opened by {opener.test} at {opener.line}")
        forgotten = self._tasks() - set(self._lasting_tasks) - {_asker()}
        self._lasting_tasks.update(forgotten)
        return left + [f"{task!r}, still running after {test}" for task in forgotten]

    def _note_opened(self, thing: object) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        # What a listener accepted has no line of the tests on its stack; its protocol says whose it is.
        self._opened[thing] = Opener(self._owner, self._line() or "a listener", loop)

    def _note_plain(self, thing: object) -> None:
        """A process or a socket that a line of the tests opened, and not a loop, whose own are transports or end with it.

        What a thread opens ends in its own time.
        """
        is_ours = asyncio._get_running_loop() is None and threading.current_thread() is threading.main_thread()
        if is_ours and self._line() is not None:
            self._note_opened(thing)

    def _line(self) -> str | None:
        """The innermost line of the tests on the stack."""
        frame: FrameType | None = sys._getframe()
        while frame is not None:
            path = frame.f_code.co_filename
            if path.startswith(self._under) and path != __file__:
                return f"{path}:{frame.f_lineno}"
            frame = frame.f_back
        return None

    def _tasks(self) -> set[asyncio.Task[Any]]:
        """Tasks of tests and their helpers on loops that are open. A test's own loop is closed by now, and has cancelled its tasks."""
        tasks = (task for loop in list(self._loops) if not loop.is_closed() for task in asyncio.all_tasks(loop))
        return {task for task in tasks if _code(task).startswith(self._under)}


def _asker() -> "asyncio.Task[Any] | None":
    """The test itself, where it asks."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def _is_open(thing: Any) -> bool:
    if isinstance(thing, asyncio.Server):
        return bool(thing.sockets)
    if isinstance(thing, subprocess.Popen):
        return thing.returncode is None
    if isinstance(thing, socket.socket):
        return thing.fileno() != -1
    try:
        return not thing.is_closing()
    except AttributeError:  # it failed while it was being made
        return False


def _code(task: "asyncio.Task[Any]") -> str:
    code = getattr(task.get_coro(), "cr_code", None)
    return "" if code is None else str(code.co_filename)


def _after_init(kind: type, note: Callable[[Any], None]) -> None:
    """Call `note` with every object of `kind` when it is made."""
    init = kind.__init__

    def noting(self: object, *arguments: Any, **named: Any) -> None:
        init(self, *arguments, **named)
        note(self)

    kind.__init__ = noting
