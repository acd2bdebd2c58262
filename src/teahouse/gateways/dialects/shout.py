"""`shout`: the room of 2011. `Welcome, NAME !`, then `NAME:TEXT` to all, until `quit` or the socket's end: `NAME Logout`."""

import re
from ipaddress import ip_address

from teahouse.gateways.dialects.plain_lines import name_within, one_line
from teahouse.gateways.dialects.spoken import Came, Entrance, Heard, Quit, Said, Say, Went, Words
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


_COLONS = dict.fromkeys(map(ord, ":：∶ː˸꞉︓﹕։׃"), "_")
_WELCOME, _LOGOUT = re.compile("Welcome, (.+) !", re.DOTALL), re.compile("(.+) Logout", re.DOTALL)


def _name(user: User) -> str:
    return name_within(user.name, _COLONS)


def _said(name: str, text: str) -> str:
    """Return the line that tells what someone said, with a space after its colon where it could be read as another line.

    A name has no colon unless it is an IPv6 address. So a text can only pretend to go on with an address: `::1` saying `2:hi`,
    or someone called `Welcome, fe80` saying `:1 !`.
    """
    line = f"{name}:{text}"
    beginnings = (line[: colon.start()] for colon in re.finditer(":", line[:_MOST_CHARS]) if colon.start() > len(name))
    others = (match[1] for match in (_WELCOME.fullmatch(line), _LOGOUT.fullmatch(line)) if match and len(line) < _MOST_CHARS)
    return f"{name}: {text}" if any(map(_is_address, (*beginnings, *others))) else line


_MOST_CHARS = 80
"""More than an address has, with its scope and the words around it."""


def _is_address(text: str) -> bool:
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


SHOUT = Shout()


def entrance(path: str) -> Entrance:
    """Any path is as good as `/`."""
    return Entrance("address", SHOUT)
