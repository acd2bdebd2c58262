"""What an Authorization header says, for every door."""


def bearer_token(header: str) -> str | None:
    """Return a program's token (RFC 6750 2.1), None where the header has none: a proxy's own `Basic` is not for us."""
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
