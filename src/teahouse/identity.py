"""Who a request or a connection is, and by what it says so."""

import hashlib
from collections.abc import Hashable, Sequence
from typing import Literal

from msgspec import Struct

from teahouse.access import Access, payer
from teahouse.model import User


class Identity(Struct, frozen=True):
    """Who a request or a connection is: their session, themselves, and the log that is their inbox."""

    session: int
    user: User
    inbox: int
    access: Access | None = None
    """What a program's token or a door's guest is limited to; None for a person, who may do all that a person may."""
    opener: "Identity | None" = None
    """Whose token let this guest in at an old door, if one did: the guest may be there while they may, and no longer."""

    @property
    def sessions(self) -> list[int]:
        """Return the sessions that all have to last for this one to last."""
        return [self.session] if self.opener is None else [self.session, self.opener.session]

    @property
    def payer(self) -> Hashable:
        """Return by whom paces and places are used up: the person, or their programs."""
        return payer(self.user.id, self.access)

    @property
    def people(self) -> list[User]:
        """Return who all may not be shut out: the user, and whoever let them in."""
        return [self.user] if self.opener is None else [self.user, self.opener.user]


class Proof(Struct, frozen=True):
    """By what a request or a connection says who it is: a person's cookie, a program's token, or a ticket good once.

    A cookie may come under two names: `spare` is looked at where `secret` is nobody's.
    """

    kind: Literal["cookie", "token", "ticket"]
    secret: str | None
    spare: str | None = None


def by_cookie(tokens: Sequence[str]) -> Proof:
    """Return the proof that is made of a browser's tokens, the more likely first."""
    first, spare, *_ = (*tokens, None, None)
    return Proof("cookie", first, spare)


def digest(token: str) -> bytes:
    """Return what is stored of a token. It is random, so a plain SHA-256 is as good as a slow hash."""
    return hashlib.sha256(token.encode()).digest()
