"""The cookie of the `signin` door: a session's token, like the house's own cookie, under the door's name.

Cookies know no ports (RFC 6265 8.5), so a door beside the house on one machine must not share the house's.
"""

from teahouse.gateways.doors.door import Door
from teahouse.gateways.handshake import Asked
from teahouse.gateways.origin import base_path, is_secure

NAME = "teahouse_door"
SECURE_NAME, SHARED_NAME = f"__Host-{NAME}", f"__Secure-{NAME}"
"""On https, as gateways/cookie.py says: the first where the door has all of its host, the other where it lies below a path."""


def door_token(door: Door, asked: Asked) -> str | None:
    """Return the token that a request's Cookie headers hold."""
    wanted = _name(door, asked)
    for pair in ";".join(asked.cookies).split(";"):
        name, separator, value = pair.strip().partition("=")
        if separator and name == wanted:
            return value
    return None


def keep(token: str, door: Door, asked: Asked, *, max_days: int) -> str:
    """Return the Set-Cookie value by which a browser stays signed in at this door."""
    return _set_cookie(token, door, asked, max_days * 86_400)


def forget(door: Door, asked: Asked) -> str:
    return _set_cookie("", door, asked, 0)


def _set_cookie(token: str, door: Door, asked: Asked, max_age_s: int) -> str:
    suffix = "; Secure" if _secure(door, asked) else ""
    return f"{_name(door, asked)}={token}; Max-Age={max_age_s}; Path={_path(door)}; HttpOnly; SameSite=Lax{suffix}"


def _name(door: Door, asked: Asked) -> str:
    if not _secure(door, asked):
        return NAME
    return SECURE_NAME if _path(door) == "/" else SHARED_NAME


def _path(door: Door) -> str:
    base = base_path(door.public_url) if door.prefix else "/"
    return f"{base.removesuffix('/')}{door.prefix}/"


def _secure(door: Door, asked: Asked) -> bool:
    return is_secure(asked.host, asked.scheme, door.public_url)
