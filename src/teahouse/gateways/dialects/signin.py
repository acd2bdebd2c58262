"""`signin`: a room with faces and a robot. Plain text in; `{"id", "type", "user", "data"}` out, `id` counting up."""

from typing import Any

import msgspec

from teahouse.faces import FACES, ROBOT
from teahouse.gateways.dialects.spoken import Came, Entrance, Heard, Listing, Said, Say, Went, Words
from teahouse.model import User

BIRD = {"id": 0, "name": "机器人小小鸟", "imageid": "bot"}
"""The robot as this dialect has always called it."""


class SignIn(Words):
    numbers = True

    def parse(self, raw: bytes) -> Say:
        return Say(raw.decode().strip())

    def render(self, heard: Heard) -> bytes | None:
        match heard:
            case Said(by, text, _, None):
                return _event("chat", by, text)
            case Came(user, _, True):
                return _event("join", user, f"{user.name}进入了聊天室.")
            case Went(user, _, True):
                return _event("left", user, f"{user.name}离开了聊天室.")
            case Listing(users):
                return _event("list", None, [BIRD, *(_person(user) for user in users if user.role != "bot")])
            case _:
                return None

    def numbered(self, number: int, payload: bytes) -> bytes:
        return b'{"id":%d,' % number + payload[1:]


def face_of(imageid: str) -> str | None:
    """Return the face behind an image id, None where there is none."""
    if imageid == BIRD["imageid"]:
        return ROBOT
    number = int(imageid) if imageid.isascii() and imageid.isdigit() and len(imageid) < 4 else 0
    return FACES[number - 1] if 1 <= number <= len(FACES) else None


def _event(kind: str, user: User | None, data: Any) -> bytes:
    return msgspec.json.encode({"type": kind, "user": BIRD if user is None else _person(user), "data": data})


def _person(user: User) -> dict[str, Any]:
    if user.role == "bot":
        return BIRD
    return {"id": user.id, "name": user.name, "imageid": str(FACES.index(user.face) + 1 if user.face in FACES else 1)}


SIGN_IN = SignIn()


def entrance(path: str) -> Entrance | None:
    return Entrance("cookie", SIGN_IN) if path == "/chat" else None
