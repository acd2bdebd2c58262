"""The pace at which what a socket sends is parsed: all of it, in order, and never much in one turn of the loop."""

import asyncio
from typing import Any, NamedTuple, cast

from hypothesis import given
from hypothesis import strategies as st

from teahouse.gateways.intake import SLICE_BYTES, WORK_PER_TURN, Intake
from teahouse.gateways.turns import Turns


class Pipe:
    """Stands in for a transport, and writes down whether it is read."""

    def __init__(self) -> None:
        self.is_read = True

    def is_closing(self) -> bool:
        return False

    def abort(self) -> None: ...

    def pause_reading(self) -> None:
        assert self.is_read
        self.is_read = False

    def resume_reading(self) -> None:
        assert not self.is_read
        self.is_read = True


class Shared(NamedTuple):
    """What a connection of some network shares."""

    turns: Turns
    line: str = "a"


class Parser:
    """Counts each byte as so much work, and what it parsed in each turn of the loop. `first` is done before each slice."""

    def __init__(self, work_per_byte: int = 1, turns: Turns | None = None, network: str = "a", first: str = "") -> None:
        self.pipe = Pipe()
        self.parsed = b""
        self.sizes: list[int] = []
        self.intake = Intake(cast(asyncio.Transport, self.pipe), self.parse, Shared(turns or Turns(), network))
        self._work_per_byte = work_per_byte
        self._first = first

    def parse(self, data: bytes) -> int:
        if self._first:
            getattr(self.intake, self._first)()
        self.parsed += data
        self.sizes.append(len(data))
        return len(data) * self._work_per_byte


async def a_turn() -> None:
    await asyncio.sleep(0)


async def until_all_is_parsed(parser: Parser) -> int:
    """Return after how many turns."""
    turns = 0
    while parser.intake.waiting:
        await a_turn()
        turns += 1
    return turns


async def test_what_is_short_is_parsed_at_once() -> None:
    parser = Parser()
    parser.intake.receive(b"x" * SLICE_BYTES)
    assert len(parser.parsed) == SLICE_BYTES
    assert parser.pipe.is_read


async def test_a_turn_ends_with_the_slice_in_which_its_work_is_done_and_meanwhile_nothing_is_read() -> None:
    parser = Parser()
    parser.intake.receive(b"x" * SLICE_BYTES * 10)
    assert parser.sizes == []
    assert not parser.pipe.is_read
    assert await until_all_is_parsed(parser) == 10
    assert parser.sizes == [SLICE_BYTES] * 10
    assert parser.pipe.is_read


async def test_a_slice_is_work_though_nothing_comes_of_it() -> None:
    parser = Parser(work_per_byte=0)
    parser.intake.receive(b"x" * SLICE_BYTES * 10 * WORK_PER_TURN)
    await a_turn()
    assert len(parser.sizes) == WORK_PER_TURN
    assert await until_all_is_parsed(parser) == 9
    assert parser.pipe.is_read


async def test_others_are_served_between_two_turns() -> None:
    turns = Turns()
    loud, other = Parser(turns=turns), Parser(turns=turns, network="b")
    loud.intake.receive(b"x" * SLICE_BYTES * 100)
    for number in range(1, 20):
        other.intake.receive(b"y")
        await a_turn()
        await a_turn()
        assert len(other.parsed) == number
        assert len(loud.parsed) <= SLICE_BYTES * 2 * number
    loud.intake.end()


async def test_nothing_is_parsed_while_it_is_held_and_all_of_it_afterwards() -> None:
    parser = Parser()
    parser.intake.pause_reading()
    parser.intake.receive(b"ab")
    await a_turn()
    assert parser.parsed == b""
    assert not parser.pipe.is_read
    parser.intake.resume_reading()
    await a_turn()
    assert parser.parsed == b"ab"
    assert parser.pipe.is_read


async def test_who_is_held_in_the_middle_of_a_read_is_parsed_no_further() -> None:
    parser = Parser(work_per_byte=0, first="pause_reading")
    parser.intake.receive(b"x" * SLICE_BYTES * 3)
    await a_turn()
    assert parser.sizes == [SLICE_BYTES]


async def test_to_resume_what_is_not_held_up_makes_nothing_faster() -> None:
    parser = Parser(first="resume_reading")
    parser.intake.receive(b"x" * SLICE_BYTES * 10)
    assert await until_all_is_parsed(parser) == 10


async def test_after_the_end_everything_is_read_and_nothing_parsed() -> None:
    parser = Parser()
    parser.intake.receive(b"x" * SLICE_BYTES * 10)
    await a_turn()
    parser.intake.end()
    parser.intake.receive(b"y")
    parser.intake.pause_reading()
    parser.intake.receive(b"y" * SLICE_BYTES * 10)
    await a_turn()
    assert parser.sizes == [SLICE_BYTES]
    assert parser.pipe.is_read
    assert parser.intake.waiting == 0


@given(st.lists(st.one_of(st.binary(max_size=3 * SLICE_BYTES), st.sampled_from(["pause", "resume", "turn"])), max_size=12))
def test_nothing_is_lost_or_out_of_order(steps: list[Any]) -> None:
    async def talk() -> None:
        parser, sent = Parser(), b""
        for step in steps:
            if isinstance(step, bytes):
                sent += step
                before = len(parser.parsed)
                parser.intake.receive(step)
                assert len(parser.parsed) - before <= WORK_PER_TURN + SLICE_BYTES
            elif step == "turn":
                await a_turn()
            else:
                getattr(parser.intake, f"{step}_reading")()
        parser.intake.resume_reading()
        await until_all_is_parsed(parser)
        assert parser.parsed == sent
        assert parser.pipe.is_read

    asyncio.run(talk())
