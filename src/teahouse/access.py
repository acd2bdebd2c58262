"""What a session opens that is not a person's own, as frozen structs; policy.py says what that comes to."""

from collections.abc import Hashable
from typing import Literal

from msgspec import Struct

Scope = Literal["read", "write"]


class Access(Struct, frozen=True):
    """What a program's token lets its bearer do: only read or write too, everywhere its maker is or only in `rooms`.

    Scope `door` is a guest's of an old door: it opens the doors that lead to `rooms`, and nothing else of the house.
    """

    scope: Scope | Literal["door"]
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


def payer(user_id: int, access: Access | None) -> Hashable:
    """Return by whom paces and places are used up: a person, or all programs of theirs together, who then keep no page out.

    Not by each token: one person may make twenty, and new ones after those, and has twice a person's share in all (docs/decisions/0031).
    """
    return user_id if access is None else ("programs", user_id)
