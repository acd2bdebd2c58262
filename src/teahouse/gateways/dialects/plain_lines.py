"""Text and names within a line of plain text, as `lines` and `shout` write them: nothing in either can look like another line."""

import re
from collections.abc import Mapping

from teahouse.policy import is_address

_BREAK = re.compile("\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
"""Whatever any client may take for the end of a line: what `str.splitlines` does, which is more than UAX #14 asks."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""Escape sequences move the cursor of a terminal to a line above."""


def one_line(text: str) -> str:
    """Return `text` without anything that ends a line or moves about on the screen."""
    return _CONTROL.sub("\ufffd", _BREAK.sub(" ", text))


def name_within(name: str, separators: Mapping[int, int | str]) -> str:
    """Return a name as it is written before any of `separators`, each of which gives way to its substitute.

    An address stays as it is: it is the network's word, not the person's.
    """
    name = one_line(name)
    return name if is_address(name) else name.translate(separators)
