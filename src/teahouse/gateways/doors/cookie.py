"""The cookie of the `signin` door: a session's token, like the house's own cookie, under the door's name.

Cookies know no ports (RFC 6265 8.5), so a door beside the house on one machine must not share the house's.
"""

from collections.abc import Sequence

NAME = "teahouse_door"


def door_token(cookies: Sequence[str]) -> str | None:
    """Return the token that a request's Cookie headers hold."""
    for pair in ";".join(cookies).split(";"):
        name, separator, value = pair.strip().partition("=")
        if separator and name == NAME:
            return value
    return None


def keep(token: str, path: str, *, secure: bool, max_days: int) -> str:
    """Return the Set-Cookie value by which a browser stays signed in at this door."""
    return _set_cookie(token, path, max_days * 86_400, secure)


def forget(path: str, *, secure: bool) -> str:
    return _set_cookie("", path, 0, secure)


def _set_cookie(token: str, path: str, max_age_s: int, secure: bool) -> str:
    return f"{NAME}={token}; Max-Age={max_age_s}; Path={path}; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"
