"""The commands with which keepers keep the peace, and their answers. keepers.py says who may."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from teahouse.keeping import Ban
from teahouse.model import Entry
from teahouse.wire_fields import Command, Id, Limit, Seq

Minutes = Annotated[int, Meta(ge=1, le=5_256_000)]
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


Keep = PutBan | LiftBan | GetBans | EndSessions | RemoveMessages | SetRole | SetNewcomers | GetPerson | GetHouseLog


class BanList(Struct, frozen=True, omit_defaults=True):
    bans: list[Ban]
    more: bool = False


class Ended(Struct, frozen=True):
    ended: int


class HouseLog(Struct, frozen=True, omit_defaults=True):
    entries: list[Entry]
    more: bool = False
