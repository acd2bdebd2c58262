"""The standard streams of a house: whatever becomes of them, nobody who writes notices, and what was lost is counted."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from teahouse.streams import LossyStream, open_closed
from tests.support.patience import PATIENCE_S

FAR_TOO_MUCH = "x" * (1 << 20)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe's two ends, to read from and to write to."""
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):  # where the test closed it
            os.close(end)


def test_what_is_written_arrives_whole_and_in_order(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        stream = LossyStream(file.fileno(), "utf-8")
        for line in ("茶\n", FAR_TOO_MUCH, "\n", "one half \ud83d\n"):
            assert stream.write(line) == len(line)

    assert (tmp_path / "log").read_text() == f"茶\n{FAR_TOO_MUCH}\none half ?\n"
    assert stream.lost == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_is_nobodys_trouble() -> None:
    with open("/dev/full", "wb", buffering=0) as full:
        stream = LossyStream(full.fileno(), "utf-8")
        print("a line", file=stream, flush=True)

    assert stream.lost == 2, "print writes the line's end by itself"


def test_a_reader_who_has_gone_is_nobodys_trouble(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    stream = LossyStream(pipe[1], "utf-8")

    stream.write("a line\n")

    assert stream.lost == 1


def test_a_closed_descriptor_is_nobodys_trouble(pipe: tuple[int, int]) -> None:
    os.close(pipe[1])
    stream = LossyStream(pipe[1], "utf-8")

    stream.write("a line\n")

    assert stream.lost == 1


def test_a_reader_who_stands_still_holds_up_nobody_and_finds_whole_lines_when_they_read_on(pipe: tuple[int, int]) -> None:
    stream = LossyStream(pipe[1], "utf-8")
    stream.write(FAR_TOO_MUCH)
    stream.write("lost\n")
    assert stream.lost == 2

    torn = os.read(pipe[0], 1 << 20)
    stream.write("heard\n")

    assert set(torn) == {ord("x")}
    assert os.read(pipe[0], 1 << 20) == b"\nheard\n"
    stream.write("and so on\n")
    assert os.read(pipe[0], 1 << 20) == b"and so on\n"
    assert stream.lost == 2


def test_a_reader_who_is_waited_for_without_end_loses_nothing(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = LossyStream(pipe[1], "utf-8", wait_ms=None)
    room, heard = stream._room, bytearray()

    class ReadOn:
        """Somebody who reads on when nobody says any more how long they wait."""

        def poll(self, wait_ms: int | None) -> list[tuple[int, int]]:
            if wait_ms is None and not room.poll(0):
                heard.extend(os.read(pipe[0], 1 << 20))
            return room.poll(0)

    monkeypatch.setattr(stream, "_room", ReadOn())
    stream.write(FAR_TOO_MUCH)
    heard.extend(os.read(pipe[0], 1 << 20))

    assert (heard.decode(), stream.lost, stream.error) == (FAR_TOO_MUCH, 0, None)


def test_descriptors_that_are_closed_are_given_to_nobody(pipe: tuple[int, int]) -> None:
    """A database that becomes standard error would be written the log lines."""
    kept = os.dup(0)
    try:
        os.close(0)
        open_closed()
        assert os.fstat(0).st_rdev == os.stat(os.devnull).st_rdev
    finally:
        os.dup2(kept, 0)
        os.close(kept)


def test_a_stream_says_whether_people_read_it(pipe: tuple[int, int]) -> None:
    theirs, ours = os.openpty()
    try:
        assert LossyStream(ours, "utf-8").isatty()
        assert not LossyStream(pipe[1], "utf-8").isatty()
    finally:
        os.close(theirs)
        os.close(ours)


def test_what_the_encoding_cannot_write_is_replaced(pipe: tuple[int, int]) -> None:
    LossyStream(pipe[1], "ascii").write("茶\n")

    assert os.read(pipe[0], 100) == b"?\n"


def test_a_line_that_interrupts_another_of_its_own_thread_is_written(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is collected as garbage may complain in the middle of anything."""
    stream = LossyStream(pipe[1], "utf-8")
    room = stream._room

    class Interrupted:
        def poll(self, wait_ms: int) -> list[tuple[int, int]]:
            monkeypatch.setattr(stream, "_room", room)
            stream.write("a complaint\n")
            return room.poll(wait_ms)

    monkeypatch.setattr(stream, "_room", Interrupted())
    writing = Thread(target=stream.write, args=("a line\n",), daemon=True)
    writing.start()
    writing.join(PATIENCE_S)

    assert not writing.is_alive()
    assert os.read(pipe[0], 100) == b"a complaint\na line\n"
