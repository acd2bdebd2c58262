"""`relay`: everyone but me. `/ws` passes bare frames on to all others; `/ws/<username>` passes `{"receiver", "sender", "data"}` to one."""

import msgspec

from teahouse.gateways.dialects.nickname import named
from teahouse.gateways.dialects.spoken import Entrance, Heard, Meant, Said, Say, Words, read_json, text_of


class ToAll(Words):
    echoes = False

    def parse(self, raw: bytes) -> Say:
        return Say(raw.decode())

    def render(self, heard: Heard) -> bytes | None:
        return heard.text.encode() if isinstance(heard, Said) and heard.to is None else None


class ToOne(Words):
    directs = True
    echoes = False

    def parse(self, raw: bytes) -> Meant | None:
        fields = read_json(raw)
        to, text = text_of(fields, "receiver"), text_of(fields, "data")
        return Say(text, to) if to and text is not None else None

    def render(self, heard: Heard) -> bytes | None:
        if not isinstance(heard, Said) or heard.to is None:
            return None
        return msgspec.json.encode({"receiver": heard.to, "sender": heard.by.name, "data": heard.text})


TO_ALL, TO_ONE = ToAll(), ToOne()


def entrance(path: str) -> Entrance | None:
    if path == "/ws":
        return Entrance("address", TO_ALL)
    name = named(path, "/ws/")
    return Entrance("name", TO_ONE, name) if name is not None else None
