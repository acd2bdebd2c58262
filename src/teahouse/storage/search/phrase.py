"""Pieces that must stand one after the other in a text, found in time that grows with the text alone. Pure.

A text is laid out as its pieces with one space around each; a phrase is then a plain part of that string. Python looks for those in linear
time, in the worst case too, where a regular expression tries again from each place at which the phrase may begin.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from teahouse.storage.search.terms import is_run, pieces, spans


class LaidOut:
    """A folded text, ready to be looked through for any number of phrases."""

    def __init__(self, folded: str) -> None:
        self._pieces = pieces(folded)
        self._glued: str | None = None
        self.plain = f" {' '.join(self._pieces)} "

    @property
    def glued(self) -> str:
        """The same with nothing between runs: "北京 大学" is also looked for in 北京大学."""
        if self._glued is None:
            self._glued = _glued(self._pieces)
        return self._glued


class Phrase(Struct, frozen=True):
    """`needle` is a part of a text that has the phrase: its first word from the beginning on, its last as far as it is written.

    `runs` are set where runs stand side by side: the needle is then looked for where runs are glued, and each must be there as it is.
    """

    needle: str
    pieces: list[str]
    runs: list[str]

    def is_in(self, text: LaidOut) -> bool:
        if not self.runs:
            return self.needle in text.plain
        return self.needle in text.glued and all(run in text.plain for run in self.runs)


def phrase_of(found: Sequence[str]) -> Phrase:
    """Return the phrase that these pieces make."""
    side_by_side = any(is_run(first) and is_run(second) for first, second in pairwise(found))
    laid_out = _glued(found) if side_by_side else f" {' '.join(found)} "
    needle = laid_out[1:-1] if is_run(found[0]) else laid_out[:-1]
    return Phrase(needle, list(found), [piece for piece in found if is_run(piece)] if side_by_side else [])


def places(folded: str, phrases: list[Phrase], at_most: int) -> list[tuple[int, int]]:
    """Return where the phrases stand in a folded text, `at_most` times each, in no order."""
    return [
        span for glue in (False, True) for span in _places(folded, [each for each in phrases if bool(each.runs) is glue], at_most, glue)
    ]


def _places(folded: str, phrases: list[Phrase], at_most: int, glue: bool) -> Iterator[tuple[int, int]]:
    if not phrases:
        return
    laid_out, origins = _with_origins(folded, glue)
    for phrase in phrases:
        at = laid_out.find(phrase.needle)
        for _ in range(at_most):
            if at < 0:
                break
            end = at + len(phrase.needle)
            yield origins[at + (phrase.needle[0] == " ")], origins[end - 1] + 1
            at = laid_out.find(phrase.needle, end)


def _with_origins(folded: str, glue: bool) -> tuple[str, list[int]]:
    """Return a text laid out, and for each character of that where it stands in `folded`."""
    parts: list[str] = []
    origins: list[int] = []
    after_run = False
    for start, end in spans(folded):
        piece = folded[start:end]
        if not (glue and after_run and is_run(piece)):
            parts.append(" ")
            origins.append(start)
        parts.append(piece)
        origins.extend(range(start, end))
        after_run = is_run(piece)
    return "".join(parts) + " ", origins


def _glued(found: Sequence[str]) -> str:
    parts = [found[0]] if found else []
    for before, piece in pairwise(found):
        if not (is_run(before) and is_run(piece)):
            parts.append(" ")
        parts.append(piece)
    return f" {''.join(parts)} "
