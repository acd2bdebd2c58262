"""How a request's headers are read, in one way for every door: several lines of one name are one list (RFC 9110 5.3). Pure."""

import re
from collections.abc import Iterable, Sequence

Line = tuple[bytes, bytes]
"""A header's name in lower case, and its value."""

_WEIGHT = re.compile(r"(?i:q)[ \t]*=[ \t]*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_CHARSET = re.compile(r'(?i);[ \t]*charset[ \t]*=[ \t]*"?([^";,\s]+)')
_NAMES_OF_GZIP = ("gzip", "x-gzip")


def joined(lines: Sequence[Line]) -> list[Line]:
    """Return a head in which each header has one line: a list's lines make a longer list, cookies stand in one (RFC 9113 8.2.3).

    What may come once alone, such as Origin, is then no longer what it would have to be, and no line of it wins.
    """
    values: dict[bytes, list[bytes]] = {}
    for name, value in lines:
        values.setdefault(name, []).append(value)
    if len(values) == len(lines):
        return list(lines)
    return [(name, (b"; " if name == b"cookie" else b", ").join(found)) for name, found in values.items()]


def values_of(lines: Iterable[Line], name: str) -> list[str]:
    """Return all values of a header, a line each."""
    wanted = name.lower().encode()
    return [value.decode("latin-1") for given, value in lines if given == wanted]


def items(values: Iterable[str]) -> list[str]:
    """Return the items of a header that may be one line with commas or several lines; empty ones count for nothing (RFC 9110 5.6.1)."""
    return [item for value in values for item in (each.strip(" \t") for each in value.split(",")) if item]


def media_type(value: str) -> str:
    """Return what a Content-Type says without its parameters, in lower case."""
    return value.partition(";")[0].strip(" \t").lower()


def charset(value: str) -> str:
    """Return the charset that a Content-Type names, in lower case; nothing where it names none."""
    found = _CHARSET.search(value)
    return found[1].lower() if found else ""


def weights(values: Iterable[str]) -> dict[str, float]:
    """Return what a client accepts with the weight of each, in lower case and in its order; 0 is refused (RFC 9110 12.4.2).

    A weight that is none counts as 0: whoever cannot be understood is sent what everybody can read.
    """
    found: dict[str, float] = {}
    for item in items(values):
        name, *parameters = (part.strip(" \t") for part in item.split(";"))
        given = [part for part in parameters if part[:1].lower() == "q" and part[1:].lstrip(" \t").startswith("=")]
        matches = [_WEIGHT.fullmatch(part) for part in given]
        found.setdefault(name.lower(), min((float(match[1]) if match else 0.0 for match in matches), default=1.0))
    return found


def accepts_gzip(values: Iterable[str]) -> bool:
    """Whether an answer in gzip suits a client better than a plain one, by its Accept-Encoding (RFC 9110 12.5.3).

    Without the header it does not. Who refuses the plain one without a word of gzip is sent gzip.
    """
    accepted = weights(values)
    rest = accepted.get("*")
    gzip = next((accepted[name] for name in _NAMES_OF_GZIP if name in accepted), rest)
    plain = accepted.get("identity", rest if rest == 0 else None)
    if gzip is None:
        return plain == 0
    return gzip > 0 and gzip >= (plain or 0)


def preferred(values: Iterable[str]) -> str:
    """Return the item with the greatest weight, the first of equals, in lower case; nothing where none is accepted."""
    accepted = weights(values)
    best = max(accepted, key=accepted.__getitem__, default="")
    return best if accepted.get(best) else ""
