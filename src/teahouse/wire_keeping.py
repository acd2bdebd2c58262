"""The commands with which keepers keep the peace and let people in, and their answers. keepers.py says who may."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from teahouse.keeping import Ban, Invite
from teahouse.model import Entry
from teahouse.wire_fields import Command, Id, Limit, Seq

Minutes = Annotated[int, Meta(ge=1, le=5_256_000)]
InviteMinutes = Annotated[int, Meta(ge=1, le=366 * 24 * 60)]
Uses = Annotated[int, Meta(ge=1, le=10_000)]
Reason = Annotated[str, Meta(max_length=200)]
Network = Annotated[str, Meta(max_length=50)]
GivenRole = Literal["admin", "guest"]


class PutBan(Command, frozen=True, tag="ban"):
    """Of a `user` or of a `network`; the latter takes `minutes`."""

    user: Id | None = None
    network: Network | None = None
    minutes: Minutes | None = None
    reason: Reason = ""
    remove_since: Seq | None = None
    remove_minutes: Minutes | None = None


class LiftBan(Command, frozen=True, tag="unban"):
    ban: Id


class GetBans(Command, frozen=True, tag="bans"):
    before: Id | None = None
    limit: Limit = 50


class EndSessions(Command, frozen=True, tag="end_sessions"):
    user: Id
    reason: Reason = ""


class RemoveMessages(Command, frozen=True, tag="remove_messages"):
    """Of the last `minutes` by the house's clock, or since a time."""

    user: Id
    since: Seq | None = None
    minutes: Minutes | None = None
    reason: Reason = ""


class SetRole(Command, frozen=True, tag="set_role"):
    user: Id
    role: GivenRole


class SetNewcomers(Command, frozen=True, tag="newcomers"):
    admitted: bool
    reason: Reason = ""


class GetPerson(Command, frozen=True, tag="person"):
    user: Id


class GetHouseLog(Command, frozen=True, tag="house_log"):
    before: Id | None = None
    limit: Limit = 50


class MakeInvite(Command, frozen=True, tag="invite"):
    """`note` says to other keepers for whom it is."""

    minutes: InviteMinutes = 30 * 24 * 60
    max_uses: Uses | None = None
    note: Reason = ""


class EndInvite(Command, frozen=True, tag="end_invite"):
    invite: Id


class GetInvites(Command, frozen=True, tag="invites"):
    before: Id | None = None
    limit: Limit = 50


Moderate = PutBan | LiftBan | GetBans | EndSessions | RemoveMessages | SetRole | SetNewcomers | GetPerson | GetHouseLog
Keep = Moderate | MakeInvite | EndInvite | GetInvites


class BanList(Struct, frozen=True, omit_defaults=True):
    bans: list[Ban]
    more: bool = False


class Ended(Struct, frozen=True):
    ended: int


class HouseLog(Struct, frozen=True, omit_defaults=True):
    entries: list[Entry]
    more: bool = False


class MadeInvite(Struct, frozen=True):
    """`key` is told this once. The link is an address of the house with `/#invite=` and it: `reached_at` are those that the house knows."""

    key: str
    reached_at: list[str]
    invite: Invite


class InviteList(Struct, frozen=True, omit_defaults=True):
    invites: list[Invite]
    more: bool = False
