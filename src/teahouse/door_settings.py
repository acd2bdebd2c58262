"""The settings of the doors of old dialects: one `[[doors]]` table each, or `NAME[@[HOST:]PORT][+ORIGIN…]` on the command line."""

import re
from collections.abc import Iterable
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

Dialect = Literal["directed", "lines", "nickname", "relay", "shout", "signin"]

_LISTEN = re.compile(r"(?:(?:\[[0-9a-fA-F:.]+\]|[^:\[\]]+):)?[0-9]{1,5}")
_ORIGIN = re.compile(r"\*|null|[a-z][a-z0-9.-]*://[a-z0-9._:\[\]-]*")
LOOPBACK = "127.0.0.1"


class BadDoor(Exception):
    """A door that cannot be made; the message says why, without a full stop."""


class DoorSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One door. docs/settings.md says the same of each field."""

    dialect: Dialect
    listen: str | int | None = None
    """`PORT` or `HOST:PORT`; without it the door lies on the house's own port under `/doors/DIALECT`."""
    room: str = ""
    """The name of a public room, made when there is none; the lobby unless set."""
    access: Literal["open", "token"] = "open"
    origins: tuple[str, ...] = ()
    """Origins of pages that may connect besides the door's own; `null` is that of pages opened from disk, `*` allows every one."""
    draft76: bool = False
    """Whether the 2010 draft of the WebSocket protocol is spoken as well."""
    on_port_in_use: Literal["stop", "go_on"] = "stop"
    """What the house does when the door cannot have its port."""

    @property
    def address(self) -> tuple[str, int] | None:
        """Return host and port of a door that has its own."""
        if self.listen is None:
            return None
        host, _, port = str(self.listen).rpartition(":")
        return host.strip("[]") or LOOPBACK, int(port)


def doors_from(given: str | Iterable[str | dict[str, Any]]) -> tuple[DoorSettings, ...]:
    """Return the doors that tables, words of the command line, or words with commas between them name. Raise BadDoor."""
    if isinstance(given, str):
        given = filter(None, map(str.strip, given.split(",")))
    if not isinstance(given, Iterable):
        raise BadDoor("expected a list of doors")
    doors = tuple(_door(each) for each in given)
    shared = [door.dialect for door in doors if door.listen is None]
    for dialect in set(shared):
        if shared.count(dialect) > 1:
            raise BadDoor(f"two doors {dialect} cannot both be on the house's own port: give one of them another with listen")
    return doors


def _table(words: str) -> dict[str, Any]:
    """Return what words of the command line say, as a table would."""
    place, *origins = words.split("+")
    for origin in origins:
        if not _ORIGIN.fullmatch(origin.lower().removesuffix("/")):
            raise BadDoor(f"a door cannot have the origin {origin!r}: expected https://HOST, null for pages from disk, or *")
    dialect, at, listen = place.partition("@")
    return {"dialect": dialect, "listen": listen if at else None, "origins": origins}


def _door(given: str | dict[str, Any]) -> DoorSettings:
    if isinstance(given, str):
        given = _table(given)
    try:
        door = msgspec.convert(given, DoorSettings)
        door = msgspec.structs.replace(door, origins=tuple(each.lower().removesuffix("/") for each in door.origins))
    except msgspec.ValidationError as error:
        if isinstance(given, dict) and given.get("dialect") not in get_args(Dialect):
            raise BadDoor(f"expected {' or '.join(get_args(Dialect))}, not {given.get('dialect')!r}") from None
        raise BadDoor(str(error)) from None
    if door.listen is not None and (not _LISTEN.fullmatch(str(door.listen)) or int(str(door.listen).rpartition(":")[2]) > 65_535):
        raise BadDoor(f"the door {door.dialect} cannot listen on {door.listen!r}: expected PORT or HOST:PORT")
    if door.draft76 and (door.dialect != "shout" or door.listen is None):
        raise BadDoor("draft76 is for a door shout that has its own port")
    return door
