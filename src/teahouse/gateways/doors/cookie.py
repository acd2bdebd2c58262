"""The cookie of the `signin` door: a session's token, like the house's own cookie, under the door's name."""

from teahouse.gateways.cookie import SessionCookie
from teahouse.gateways.doors.door import Door
from teahouse.gateways.handshake import Asked
from teahouse.gateways.origin import base_path, is_secure

STEM = "teahouse_door"
"""A door beside the house on one machine must not share the house's cookie, since cookies know no ports."""


def door_token(door: Door, asked: Asked) -> str | None:
    """Return the token that a request's Cookie headers hold."""
    return next(iter(_cookie(door).tokens(";".join(asked.cookies), secure=_secure(door, asked))), None)


def keep(token: str, door: Door, asked: Asked, *, max_days: int) -> str:
    """Return the Set-Cookie value by which a browser stays signed in at this door."""
    return _cookie(door, max_days).keep(token, secure=_secure(door, asked))[-1]


def forget(door: Door, asked: Asked) -> str:
    return _cookie(door).forget(None, secure=_secure(door, asked))[-1]


def _cookie(door: Door, max_days: int = 0) -> SessionCookie:
    base = base_path(door.public_url) if door.prefix else "/"
    return SessionCookie(door.house, max_days, f"{base.removesuffix('/')}{door.prefix}/", STEM)


def _secure(door: Door, asked: Asked) -> bool:
    return is_secure(asked.host, asked.scheme, door.public_url)
