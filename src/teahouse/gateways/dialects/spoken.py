"""What is said and heard at an old door, whichever dialect tells it; and what every such dialect is. Pure.

The five systems of docs/doors.md differ in bytes and not in meaning: people come, speak to the room or to one another, and
go. A dialect is a pair of translations between these words and its own payloads.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct

from teahouse.model import User
from teahouse.strict_json import Reader

# What a client means.


class Login(Struct, frozen=True):
    """The client says who it is, after it has connected."""

    name: str


class Say(Struct, frozen=True):
    """`to` is the name of the one who shall hear it, None for the whole room."""

    text: str
    to: str | None = None


class Echo(Struct, frozen=True):
    """The client wants its own words back, and nobody else is concerned."""

    text: bytes


class Quit(Struct, frozen=True):
    """The client takes its leave."""


Meant = Login | Say | Echo | Quit

# What the people at a door hear.


class Said(Struct, frozen=True):
    """`to` is the receiver's name where it was said to one person."""

    by: User
    text: str
    at: int
    to: str | None = None


class Came(Struct, frozen=True):
    """A socket opened, or someone came on the modern page; `first` unless they were here already."""

    user: User
    at: int
    first: bool = True


class Went(Struct, frozen=True):
    """A socket closed, or someone left the modern page; `last` unless they are still here by another."""

    user: User
    at: int
    last: bool = True


class Listing(Struct, frozen=True):
    """Who is here, for the one who just came."""

    users: list[User]


Heard = Said | Came | Went | Listing


class Words:
    """A dialect of an old door. Its objects have no state, so that one serves every socket."""

    directs: ClassVar[bool] = False
    """Whether it can tell what was said to one person; such a door follows the direct rooms of its people."""
    echoes: ClassVar[bool] = True
    """Whether the socket that said something to the room hears it as well."""
    numbers: ClassVar[bool] = False
    """Whether each payload carries a number that counts up; see `numbered`."""

    def parse(self, raw: bytes) -> Meant | None:
        """Return what one frame means, None where it means nothing. Raises nothing: `raw` is valid UTF-8 and else anything."""
        raise NotImplementedError

    def render(self, heard: Heard) -> bytes | None:
        """Return the payload that tells `heard`, None where the dialect has no words for it."""
        raise NotImplementedError

    def numbered(self, number: int, payload: bytes) -> bytes:
        """Return a payload of `render` with its number."""
        return payload


Way = Literal["address", "name", "login", "cookie", "nobody"]
"""By what the person at a socket is known: the client's address, a name in the path, a name said later, a cookie, nothing."""


class Entrance(Struct, frozen=True):
    """What a path of a door leads to."""

    way: Way
    words: Words
    name: str = ""


FindEntrance = Callable[[str], Entrance | None]
"""Path, still percent-encoded, without its query -> the entrance there, None where there is none."""


_anything = Reader[Any](Any)


def read_json(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in `raw`, an empty one for everything else."""
    try:
        value = _anything.read(raw)
    except msgspec.DecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def text_of(fields: dict[str, Any], name: str) -> str | None:
    """Return a field that is text, None where it is missing or something else."""
    value = fields.get(name)
    return value if isinstance(value, str) else None
