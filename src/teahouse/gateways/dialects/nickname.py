"""`nickname`: one to one, or everyone, as `{"from_user", "to_user", "message"}` both ways; and a socket that only echoes."""

from typing import Any
from urllib.parse import unquote

import msgspec

from teahouse.gateways.dialects.spoken import Echo, Entrance, Heard, Meant, Said, Say, Words, read_json, text_of

NAMED, ECHO = "/conn/ws/", "/conn_ws"


class Nickname(Words):
    directs = True

    def parse(self, raw: bytes) -> Meant | None:
        fields = read_json(raw)
        text, to = text_of(fields, "message"), fields.get("to_user")
        if text is None or not isinstance(to, str | None):
            return None
        return Say(text, to or None)

    def render(self, heard: Heard) -> bytes | None:
        if not isinstance(heard, Said):
            return None
        told: dict[str, Any] = {"from_user": heard.by.name, "to_user": heard.to or "", "message": heard.text}
        return msgspec.json.encode(told)


class Echoing(Words):
    def parse(self, raw: bytes) -> Meant:
        return Echo(raw)

    def render(self, heard: Heard) -> None:
        return None


NICKNAME, ECHOING = Nickname(), Echoing()


def entrance(path: str) -> Entrance | None:
    """`/conn/ws/<nick>`, the nick percent-encoded, and `/conn_ws`."""
    if path == ECHO:
        return Entrance("nobody", ECHOING)
    name = named(path, NAMED)
    return Entrance("name", NICKNAME, name) if name is not None else None


def named(path: str, before: str) -> str | None:
    """Return the name that follows `before` as the last part of a path; None where none does."""
    name = path.removeprefix(before)
    if name == path or not name or "/" in name:
        return None
    try:
        return unquote(name, errors="strict")
    except UnicodeDecodeError:
        return None
