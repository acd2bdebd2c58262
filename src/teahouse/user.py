"""Who can speak, as everyone sees them."""

from typing import Literal

from msgspec import Struct

Role = Literal["owner", "admin", "member", "guest", "bot"]


class User(Struct, frozen=True, gc=False, omit_defaults=True):
    """Someone who can speak: a guest, a person with an account, or a bot."""

    id: int
    name: str
    face: str
    role: Role = "guest"
