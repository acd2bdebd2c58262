"""What an Authorization header says, and how its bearer is told that the token ends soon, for every door."""

from email.utils import formatdate

EXPIRES_HEADER = "Teahouse-Token-Expires"
"""The header of an answer to a program in its token's last week."""


def bearer_token(header: str) -> str | None:
    """Return a program's token (RFC 6750 2.1), None where the header has none: a proxy's own `Basic` is not for us."""
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def expires(ends_at: int) -> str:
    """Return the value of EXPIRES_HEADER for a time in Unix milliseconds: a date as HTTP writes it (RFC 9110 5.6.7)."""
    return formatdate(ends_at / 1000, usegmt=True)
