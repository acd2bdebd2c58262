"""The session cookie: its name, its attributes and how it is read, for every door."""

NAME = "teahouse_session"
SECURE_NAME = f"__Host-{NAME}"
"""On https. Browsers take a `__Host-` cookie only from this very host over https, so a neighbour cannot plant one (RFC 6265bis)."""

_SECONDS_PER_DAY = 86_400


def session_token(header: str | None, *, secure: bool) -> str | None:
    """Return the session's token from a Cookie header, None where it has none."""
    wanted = SECURE_NAME if secure else NAME
    for pair in (header or "").split(";"):
        name, separator, value = pair.strip().partition("=")
        if separator and name == wanted:
            return value
    return None


def keep_session(token: str, *, secure: bool, max_days: int) -> str:
    """Return the Set-Cookie value that makes a browser remember `token`."""
    return _set_cookie(token, max_days * _SECONDS_PER_DAY, secure)


def forget_session(*, secure: bool) -> str:
    """Return the Set-Cookie value that makes a browser forget its session."""
    return _set_cookie("", 0, secure)


def _set_cookie(value: str, max_age_s: int, secure: bool) -> str:
    name, suffix = (SECURE_NAME, "; Secure") if secure else (NAME, "")
    return f"{name}={value}; Max-Age={max_age_s}; Path=/; HttpOnly; SameSite=Lax{suffix}"
