"""What a program's token is and lets its bearer do, as frozen structs; policy.py says what that comes to."""

from typing import Literal

from msgspec import Struct

Scope = Literal["read", "write"]


class Access(Struct, frozen=True):
    """What a program's token lets its bearer do: only read or write too, everywhere its maker is or only in `rooms`."""

    scope: Scope
    rooms: frozenset[int] | None = None


class Token(Struct, frozen=True, omit_defaults=True):
    """A program's token as its maker finds it; the secret itself is shown once and stored nowhere."""

    id: int
    name: str
    scope: Scope
    at: int
    expires_at: int
    used_at: int = 0
    """When it was last used, exact to an hour; 0 means never."""
    rooms: list[int] | None = None
