"""How the interpreter is shared between the loop and the threads beside it."""

import sys

import pytest

from teahouse import serving
from teahouse.settings import Settings
from teahouse.streams import LossyStream


def test_a_thread_waits_a_millisecond_at_most_for_a_busy_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise serving.CannotServe("far enough")

    monkeypatch.setattr(serving, "bind", stop)
    monkeypatch.setattr(serving.logs, "configure", lambda *_: None)
    before = sys.getswitchinterval()
    try:
        with pytest.raises(serving.CannotServe):
            serving.serve(Settings(), lambda _: None, LossyStream(2, "utf-8"))
        assert sys.getswitchinterval() <= 0.001
    finally:
        sys.setswitchinterval(before)
