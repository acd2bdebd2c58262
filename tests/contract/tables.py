"""Reads the tables of a page of docs. A table is found by the heading above it and the head of its first column."""

import re
from collections.abc import Iterator

CODE = re.compile(r"`([^`]*)`")


def rows(page: str, heading: str, first_column: str) -> list[list[str]]:
    """Return the body of that table, each row as its cells; LookupError when the page has none."""
    lines = iter(section(page, heading))
    for line in lines:
        if line.startswith("|") and cells(line)[0] == first_column:
            next(lines)  # the line of dashes
            return list(body(lines))
    raise LookupError(f"no table with a column {first_column!r} under {heading!r}")


def section(page: str, heading: str) -> list[str]:
    """Return the lines under a heading, up to the next heading of any level; `heading` is written with its #s."""
    lines = page.splitlines()
    start = lines.index(heading) + 1
    end = next((number for number in range(start, len(lines)) if lines[number].startswith("#")), len(lines))
    return lines[start:end]


def body(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield cells(line)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def name(cell: str) -> str:
    """Return what a cell names in backticks."""
    return CODE.findall(cell)[0]


def names(cell: str) -> set[str]:
    """Return the fields that a cell lists in backticks; values and shapes, in brackets or after them, are not fields."""
    outside = re.sub(r"\([^)]*\)", "", cell)
    return {word for word in CODE.findall(outside) if re.fullmatch(r"[a-z_]+", word)}
