"""`shout`: the room of 2011. `Welcome, NAME !`, then `NAME:TEXT` to all, until `quit` or the socket's end: `NAME Logout`."""

import re
from itertools import islice

from teahouse.gateways.dialects.plain_lines import one_line, without_colons
from teahouse.gateways.dialects.spoken import Came, Entrance, Heard, Quit, Said, Say, Went, Words
from teahouse.lookalikes import is_address
from teahouse.model import User


class Shout(Words):
    def parse(self, raw: bytes) -> Say | Quit:
        return Quit() if raw == b"quit" else Say(raw.decode())

    def render(self, heard: Heard) -> bytes | None:
        match heard:
            case Said(by, text, _, None):
                return _said(_name(by), one_line(text)).encode()
            case Came(user):
                return f"Welcome, {_name(user)} !".encode()
            case Went(user):
                return f"{_name(user)} Logout".encode()
            case _:
                return None


_WELCOME, _LOGOUT = re.compile("Welcome, (.+) !", re.DOTALL), re.compile("(.+) Logout", re.DOTALL)
_MOST_CHARS = 80
"""More than an address has, with its scope and the words around it."""
_MOST_COLONS = 8
"""More than an address has. Each costs a look at what stands before it."""


def _name(user: User) -> str:
    return without_colons(user.name)


def _said(name: str, text: str) -> str:
    """Return the line that tells what someone said, with a space after its colon where it could be read as another line.

    A name has no colon unless it is an IPv6 address. So a text can only pretend to go on with an address: `::1` saying `2:hi`,
    or someone called `Welcome, fe80` saying `:1 !`.
    """
    line = f"{name}:{text}"
    further = islice(re.finditer(":", line[len(name) + 1 : _MOST_CHARS]), _MOST_COLONS)
    beginnings = (line[: len(name) + 1 + colon.start()] for colon in further)
    others = (match[1] for match in (_WELCOME.fullmatch(line), _LOGOUT.fullmatch(line)) if match and len(line) < _MOST_CHARS)
    return f"{name}: {text}" if any(map(is_address, (*beginnings, *others))) else line


SHOUT = Shout()


def entrance(path: str) -> Entrance:
    """Any path is as good as `/`."""
    return Entrance("address", SHOUT)
