"""Who a request or a connection is, and by what it says so."""

from typing import Literal

from msgspec import Struct

from teahouse.access import Access
from teahouse.model import User


class Identity(Struct, frozen=True):
    """Who a request or a connection is: their session, themselves, and the log that is their inbox."""

    session: int
    user: User
    inbox: int
    access: Access | None = None
    """What a program's token or a door's guest is limited to; None for a person, who may do all that a person may."""


class Proof(Struct, frozen=True):
    """By what a request or a connection says who it is: a person's cookie, a program's token, or a ticket good once."""

    kind: Literal["cookie", "token", "ticket"]
    secret: str | None
