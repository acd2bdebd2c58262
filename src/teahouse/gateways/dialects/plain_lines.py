"""Text and names within a line of plain text, as `lines` and `shout` write them: nothing in either can look like another line."""

import re
from ipaddress import ip_address

from teahouse import characters

_BREAK = re.compile("\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
"""Whatever any client may take for the end of a line: what `str.splitlines` does, which is more than UAX #14 asks."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""Escape sequences move the cursor of a terminal to a line above."""

COLONS = (
    ":\u02d0\u02d1\u02f8\u0589\u05c3\u0703\u0704\u0705\u0706\u0707\u0708\u0709\u0903\u0a83\u1361\u1365\u1366\u16ec\u17d6\u1803\u1804\u1809"
    "\u205a\u205d\u205e\u2236\u2237\u2254\u2255\u2360\u2803\u2805\u2806\u2818\u2828\u2830\u2982\u29f4\u2a74\u2af6\u2e2c\ua4fd\ua6f4\ua789"
    "\ufe13\ufe30\ufe55\uff1a\U00010781\U00010782\U00011dd9\U00012471\U00012472\U00012473\U00012474\U0001da8a"
)
"""Colons and what the eye takes for one: by the table of lookalikes.py, by their names in Unicode, and other pairs of dots."""
_COLONS = dict.fromkeys(map(ord, COLONS), "_")
_BRACKETS = {"Ps": "(", "Pe": ")"}
"""What becomes of brackets of every kind, by Unicode's categories."""
_CORNERS = str.maketrans("\u231c\u231d\u231e\u231f\u23a1\u23a2\u23a3\u23a4\u23a5\u23a6\u228f\u2290", "()()((()))()")
"""Signs that are drawn as square brackets or their halves."""
_ADDRESS = re.compile("([0-9a-f:.]+)(?:%[0-9A-Za-z._-]+)?")


def one_line(text: str) -> str:
    """Return `text` without anything that ends a line or moves about on the screen."""
    return _CONTROL.sub("\ufffd", _BREAK.sub(" ", text))


def without_brackets(name: str) -> str:
    """Return a name as it is written in brackets, which it cannot end: every kind is a parenthesis. No address has any."""
    name = one_line(name).translate(_CORNERS)
    return "".join(_BRACKETS.get(characters.category(character), character) for character in name)


def without_colons(name: str) -> str:
    """Return a name as it is written before a colon, which alone ends it. Only an address, written as the network writes it, has others."""
    return name if _is_written_address(name) else one_line(name).translate(_COLONS)


def _is_written_address(name: str) -> bool:
    """Say whether a name is an address to the letter: then the network gave it, since nobody may choose one (lookalikes.Reserved).

    What merely looks like an address is a name, and so is an address with anything else.
    """
    match = _ADDRESS.fullmatch(name)
    try:
        return match is not None and bool(ip_address(match[1]))
    except ValueError:
        return False
