"""What a mutant is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """In `file`, below `src/teahouse`, `old` stands exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """`promise` is what is broken by `edits`; one of `tests` must fail."""

    name: str
    promise: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
