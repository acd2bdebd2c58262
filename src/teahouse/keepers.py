"""Who keeps the peace of the house, in which way, and over whom. Pure, as policy.py is, which has the rules for everyone."""

from teahouse.errors import NotAllowed
from teahouse.model import Role, RoomKind, User

KEEPERS: frozenset[Role] = frozenset({"owner", "admin"})

KEEPING: dict[str, frozenset[Role]] = {
    **dict.fromkeys(("ban", "unban", "bans", "end_sessions", "remove_messages", "newcomers", "person", "house_log"), KEEPERS),
    **dict.fromkeys(("invite", "end_invite", "invites"), KEEPERS),
    "set_role": frozenset({"owner"}),
}
"""Which roles of the house keep the peace, or let people in, in which way. It takes a person: no token does any of it."""

RANKS: dict[Role, int] = {"owner": 2, "admin": 1}
"""Everyone else has none."""

BANNED = "banned"
"""The code of whoever is shut out, on every road."""


def check_keeping(user: User, action: str) -> None:
    """Let only those roles pass that keep the peace so."""
    if user.role not in KEEPING[action]:
        who = "owner" if KEEPERS - KEEPING[action] else "owner and admins"
        raise NotAllowed(f"only the house's {who} may do that")


def check_rank(user: User, target: User) -> None:
    """Nobody acts on someone of their own rank or above, nor on themselves; the robot is a part of the house."""
    check_not_robot(target)
    if RANKS.get(user.role, 0) <= RANKS.get(target.role, 0):
        raise NotAllowed("nobody does that to someone of their own rank or above")


def check_put_out(user: User, target: User, kind: RoomKind) -> None:
    """A public room stands in a house: nobody puts its keepers out who is of a lower rank there. A private one is its owner's alone."""
    if kind == "public" and RANKS.get(user.role, 0) < RANKS.get(target.role, 0):
        raise NotAllowed(f"{target.name} looks after this house: nobody below them puts them out of a room")


def check_undo(user: User, by: User) -> None:
    """What one of a higher rank did is undone by nobody below."""
    if not may_undo(user, by):
        raise NotAllowed("someone of a higher rank than yours did that: only they or one of their rank may undo it")


def may_undo(user: User, by: User | None) -> bool:
    """Say whether `user` may undo what `by` did, if somebody did."""
    return by is None or RANKS.get(user.role, 0) >= RANKS.get(by.role, 0)


def check_not_robot(target: User) -> None:
    if target.role == "bot":
        raise NotAllowed("the robot is a part of the house")
