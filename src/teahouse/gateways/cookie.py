"""The session cookie: its name, its attributes and how it is read, for every door."""

NAME = "teahouse_session"
SECURE_NAME = f"__Host-{NAME}"
"""On https. Browsers take a `__Host-` cookie only from this very host over https, so a neighbour cannot plant one (RFC 6265bis)."""
SHARED_NAME = f"__Secure-{NAME}"
"""On https below a path, where `__Host-` is not to be had: it stands for the whole host, and another house may be there."""

_SECONDS_PER_DAY = 86_400


def session_token(header: str | None, *, secure: bool, base: str = "/") -> str | None:
    """Return the session's token from a Cookie header, None where it has none. `base` is the path of the house.

    Of two cookies with one name the browser sends that of the longer path first (RFC 6265 5.4), so a house below a path
    finds its own.
    """
    wanted = _name(secure, base)
    for pair in (header or "").split(";"):
        name, separator, value = pair.strip().partition("=")
        if separator and name == wanted:
            return value
    return None


def keep_session(token: str, *, secure: bool, max_days: int, base: str = "/") -> str:
    """Return the Set-Cookie value that makes a browser remember `token`."""
    return _set_cookie(token, max_days * _SECONDS_PER_DAY, secure, base)


def forget_session(*, secure: bool, base: str = "/") -> str:
    """Return the Set-Cookie value that makes a browser forget its session."""
    return _set_cookie("", 0, secure, base)


def _set_cookie(value: str, max_age_s: int, secure: bool, base: str) -> str:
    suffix = "; Secure" if secure else ""
    return f"{_name(secure, base)}={value}; Max-Age={max_age_s}; Path={base}; HttpOnly; SameSite=Lax{suffix}"


def _name(secure: bool, base: str) -> str:
    if not secure:
        return NAME
    return SECURE_NAME if base == "/" else SHARED_NAME
