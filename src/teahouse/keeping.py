"""The words of keeping a house, as frozen structs: bans, invites, what keepers may know of a person, and the facts of the house log."""

from msgspec import Struct

from teahouse.user import Role, User


class Ban(Struct, frozen=True, omit_defaults=True):
    """Somebody (`user`) or everybody from a `network` is shut out, until a time or without end."""

    id: int
    by: User
    at: int
    user: User | None = None
    network: str | None = None
    until: int | None = None
    reason: str = ""


class Person(Struct, frozen=True, omit_defaults=True):
    """What keepers may know of somebody. `address` is the network that they came from last, and goes after `address_days`."""

    user: User
    sessions: int
    address: str | None = None
    seen_at: int | None = None
    ban: Ban | None = None


class Invite(Struct, frozen=True, omit_defaults=True):
    """A link that lets people in until a time, `max_uses` of them or any number. `used` came by it. Its key is told once, to its maker."""

    id: int
    by: User
    at: int
    until: int
    used: int
    max_uses: int | None = None
    note: str = ""
    at_start: bool = False
    """Printed by a start of the server; some of later ones end it."""


# Facts of the house log. `console` says that whoever runs the server did it on its command line; `by` is the robot then.


class Banned(Struct, frozen=True, tag="banned", omit_defaults=True):
    """Shut out from here on."""

    ban: int
    user: User | None = None
    network: str | None = None
    until: int | None = None
    reason: str = ""
    console: bool = False


class Unbanned(Struct, frozen=True, tag="unbanned", omit_defaults=True):
    """Let in again. A ban whose time is up ends without an entry."""

    ban: int
    user: User | None = None
    network: str | None = None
    console: bool = False


class SignedOff(Struct, frozen=True, tag="signed_off", omit_defaults=True):
    """All sessions and tokens of `user` ended."""

    user: User
    reason: str = ""
    console: bool = False


class Cleared(Struct, frozen=True, tag="cleared", omit_defaults=True):
    """What `user` said since then is erased."""

    user: User
    since: int
    reason: str = ""
    console: bool = False


class RoleSet(Struct, frozen=True, tag="role_set", omit_defaults=True):
    """`user` has `role` in the house from here on."""

    user: User
    role: Role
    console: bool = False


class Newcomers(Struct, frozen=True, tag="newcomers", omit_defaults=True):
    """Whether anybody new may come in, from here on."""

    admitted: bool
    reason: str = ""
    console: bool = False


class Invited(Struct, frozen=True, tag="invited", omit_defaults=True):
    """An invite was made."""

    invite: int
    until: int
    max_uses: int | None = None
    note: str = ""
    console: bool = False


class Uninvited(Struct, frozen=True, tag="uninvited", omit_defaults=True):
    """An invite was ended. One that is used up, or whose time is up, ends without an entry."""

    invite: int
    note: str = ""
    console: bool = False


HouseFact = Banned | Unbanned | SignedOff | Cleared | RoleSet | Newcomers | Invited | Uninvited
