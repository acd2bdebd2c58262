"""How the interpreter is shared between the loop and the threads beside it, and what those take."""

import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import msgspec
import pytest

from teahouse import serving
from teahouse.settings import Settings
from teahouse.streams import LossyStream


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The interpreter as a house has it that serves."""

    def stop(*_: object) -> None:
        raise serving.CannotServe("far enough")

    monkeypatch.setattr(serving, "bind", stop)
    monkeypatch.setattr(serving.logs, "configure", lambda *_: None)
    interval, stack = sys.getswitchinterval(), threading.stack_size()
    try:
        with pytest.raises(serving.CannotServe):
            serving.serve(Settings(), lambda _: None, LossyStream(2, "utf-8"))
        yield
    finally:
        sys.setswitchinterval(interval)
        threading.stack_size(stack)


def test_a_thread_waits_a_millisecond_at_most_for_a_busy_loop(served: None) -> None:
    assert sys.getswitchinterval() <= 0.001


def test_a_thread_takes_one_mebibyte_of_address_space(served: None) -> None:
    assert threading.stack_size() == 1 << 20


@pytest.mark.parametrize(
    ("dive", "ends"),
    [
        (lambda: dive(), RecursionError),
        (lambda: msgspec.json.decode(b"[" * 100_000 + b"]" * 100_000), RecursionError),
        (lambda: ask("(" * 10_000 + "1" + ")" * 10_000), sqlite3.OperationalError),
        (lambda: ask("1+" * 999 + "1"), None),
    ],
    ids=["Python through C", "msgspec", "SQLite's parser", "the deepest that SQLite takes"],
)
def test_however_deep_anything_goes_the_stack_is_enough(served: None, dive: Callable[[], object], ends: type[Exception] | None) -> None:
    with ThreadPoolExecutor(1) as thread:
        assert type(thread.submit(dive).exception()) is (ends or type(None))


def dive() -> object:
    return list(map(lambda _: dive(), [0]))


def ask(expression: str) -> object:
    with closing(sqlite3.connect(":memory:")) as database:
        return database.execute(f"SELECT {expression}").fetchone()
