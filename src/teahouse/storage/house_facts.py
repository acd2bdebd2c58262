"""The facts of the house log as columns of an entry, and back."""

from typing import Any, get_args

import msgspec

from teahouse.keeping import HouseFact
from teahouse.user import User

KINDS: dict[str, type[Any]] = {str(fact.__struct_config__.tag): fact for fact in get_args(HouseFact)}


def columns(fact: HouseFact) -> tuple[str, None, int | None, dict[str, Any]]:
    """Return a fact as (kind, message, subject, body)."""
    body = msgspec.to_builtins(fact)
    user = getattr(fact, "user", None)
    body.pop("user", None)
    return body.pop("type"), None, None if user is None else user.id, body


def fact(kind: str, body: dict[str, Any], user: User | None) -> HouseFact:
    """Return the fact that `columns` took apart; `user` is as they are now."""
    made: HouseFact = KINDS[kind](**body, **({} if user is None else {"user": user}))
    return made
