"""`lines`: a room of plain lines, `[NAME]-[YYYY-MM-DD HH:MM:SS]-…`, where people are named by their addresses."""

from datetime import datetime

from teahouse.gateways.dialects.plain_lines import one_line, without_brackets
from teahouse.gateways.dialects.spoken import Came, Entrance, Heard, Said, Say, Went, Words
from teahouse.model import User


class Lines(Words):
    def parse(self, raw: bytes) -> Say:
        return Say(raw.decode())

    def render(self, heard: Heard) -> bytes | None:
        match heard:
            case Said(by, text, at, None):
                return _line(by, at, f"说:{one_line(text)}")
            case Came(user, at):
                return _line(user, at, "进入聊天室")
            case Went(user, at):
                return _line(user, at, "离开聊天室")
            case _:
                return None


def _line(user: User, at: int, what: str) -> bytes:
    # The server's local time, as the old room had it.
    return f"[{without_brackets(user.name)}]-[{datetime.fromtimestamp(at // 1000):%Y-%m-%d %H:%M:%S}]-{what}".encode()


LINES = Lines()


def entrance(path: str) -> Entrance | None:
    return Entrance("address", LINES) if path == "/chat" else None
