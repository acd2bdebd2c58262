"""Keeping the house from the command line: writes to its database, which a running server follows and takes up at once."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from teahouse.app import Teahouse
from teahouse.clearing import clear
from teahouse.errors import Invalid, NotFound, TeahouseError
from teahouse.keeping import Ban, Invite
from teahouse.listening import CannotServe
from teahouse.moderation import CONSOLE
from teahouse.networks import parse_network
from teahouse.policy import fold_name
from teahouse.settings import Settings
from teahouse.storage import people, reached_at, rooms
from teahouse.storage.claim import Claim, is_locked
from teahouse.storage.database import NewerDatabase, UnusableDatabase
from teahouse.storage.files import DATABASE_FILE, STAGE
from teahouse.user import Role, User
from teahouse.whereabouts import Whereabouts
from teahouse.wire_keeping import HouseLog

T = TypeVar("T")

READ_AT_ONCE = 200
"""Bans or invites that are read together."""


def ban(settings: Settings, name: str | None, network: str | None, minutes: int | None, reason: str, said_within_ms: int | None) -> Ban:
    """Shut out the person called `name`, or a network; erase what the person said in the last `said_within_ms`."""

    async def work(house: Teahouse) -> Ban:
        user = None if name is None else (await _find(house, name)).id
        since = None if said_within_ms is None else max(0, house.clock_ms() - said_within_ms)
        made = await house.peace.moderation.ban(CONSOLE, user=user, network=network, minutes=minutes, reason=reason, remove_since=since)
        if since is not None:
            await _clear_where_no_server_does(house)
        return made

    return _run(settings, work)


def unban(settings: Settings, who: str) -> None:
    """Lift the ban `12`, that of the person `#7`, of a network, or of the person called `who`, in this order: names are others' choice."""

    async def work(house: Teahouse) -> None:
        found = [each for each in await _every_ban(house) if _is_meant(each, who)]
        if not found:
            raise NotFound(f"there is no ban of {who!r}")
        if len(found) > 1:
            raise Invalid(f"{len(found)} people called {who!r} are banned: say #ID, as `teahouse bans` shows it")
        await house.peace.moderation.unban(CONSOLE, found[0].id)

    _run(settings, work)


def end_sessions(settings: Settings, name: str, reason: str) -> tuple[User, int]:
    """End all sessions and tokens of the person called `name`; return who it was, and how many ended."""

    async def work(house: Teahouse) -> tuple[User, int]:
        user = await _find(house, name)
        return user, (await house.peace.moderation.end_sessions(CONSOLE, user.id, reason)).ended

    return _run(settings, work)


def remove_messages(settings: Settings, name: str, said_within_ms: int, reason: str) -> User:
    """Erase what the person called `name` said in the last `said_within_ms`; return who it was."""

    async def work(house: Teahouse) -> User:
        user = await _find(house, name)
        await house.peace.moderation.remove_messages(CONSOLE, user.id, max(0, house.clock_ms() - said_within_ms), reason)
        await _clear_where_no_server_does(house)
        return user

    return _run(settings, work)


def bans(settings: Settings) -> list[Ban]:
    """Return all bans that hold, the newest first."""
    return _run(settings, _every_ban)


def newcomers(settings: Settings, admitted: bool, reason: str) -> None:
    _run(settings, lambda house: house.peace.moderation.set_newcomers(CONSOLE, admitted, reason))


def owner_link(settings: Settings) -> tuple[str, str]:
    """Return a new link that makes its first opener the owner, and what is in doubt about it; earlier ones are void."""

    async def work(house: Teahouse) -> tuple[str, str]:
        where, doubt = await _whereabouts(house)
        if doubt and not await house.auth.has_owner():
            doubt += " It has no owner yet, so its next start makes a link of its own, and this one is void then."
        return f"{where.address}/#owner={await house.auth.make_owner_key()}", doubt

    return _run(settings, work)


def invite(settings: Settings, minutes: int, max_uses: int | None, note: str) -> tuple[list[str], Invite, str]:
    """Make an invite. Return its link by each address that others may reach, what is kept of it, and what is in doubt about the links."""

    async def work(house: Teahouse) -> tuple[list[str], Invite, str]:
        where, doubt = await _whereabouts(house)
        made = await house.peace.moderation.invite(CONSOLE, minutes=minutes, max_uses=max_uses, note=note)
        return [f"{each}/#invite={made.key}" for each in where.addresses_for_others() or [where.address]], made.invite, doubt

    return _run(settings, work)


def invites(settings: Settings) -> list[Invite]:
    """Return all invites whose time is not up, the newest first."""

    async def work(house: Teahouse) -> list[Invite]:
        found: list[Invite] = []
        while page := (await house.peace.moderation.invites(CONSOLE, found[-1].id if found else None, READ_AT_ONCE)).invites:
            found += page
        return found

    return _run(settings, work)


def end_invite(settings: Settings, invite: int) -> None:
    _run(settings, lambda house: house.peace.moderation.end_invite(CONSOLE, invite))


def role(settings: Settings, name: str, role: Role) -> User:
    async def work(house: Teahouse) -> User:
        return await house.peace.moderation.set_role(CONSOLE, (await _find(house, name)).id, role)

    return _run(settings, work)


def log(settings: Settings, limit: int) -> HouseLog:
    return _run(settings, lambda house: house.peace.moderation.house_log(CONSOLE, None, limit))


async def _whereabouts(house: Teahouse) -> tuple[Whereabouts, str]:
    """Return where the house is reached, and in words what is in doubt about that: nothing while it runs."""
    left = await house.database.read(reached_at.of, Whereabouts)
    if left is None:
        return Whereabouts.set_by(house.settings), "It is not known where this house is reached. The link names the settings' address."
    is_running = Claim(house.settings.data_dir).is_held()
    return left, "" if is_running else "The house is not running. The link names the address that it had last."


async def _find(house: Teahouse, name: str) -> User:
    """Return who is called `name`, or who has the id in `#7`: names may be hard to type."""
    user_id = _id_in(name)
    if user_id is not None:
        return await house.database.read(people.get, user_id)
    found = await house.database.read(people.by_name, fold_name(name))
    if found is None:
        raise NotFound(f"nobody here is called {name!r}")
    return found


def _id_in(who: str) -> int | None:
    return int(who[1:]) if re.fullmatch(r"#[0-9]{1,15}", who) else None


async def _every_ban(house: Teahouse) -> list[Ban]:
    found: list[Ban] = []
    while more := (await house.peace.moderation.bans(CONSOLE, found[-1].id if found else None, READ_AT_ONCE)).bans:
        found += more
    return found


def _is_meant(ban: Ban, who: str) -> bool:
    if re.fullmatch("[0-9]+", who):
        return who == str(ban.id)
    if _id_in(who) is not None:
        return ban.user is not None and ban.user.id == _id_in(who)
    try:
        return ban.network == str(parse_network(who))
    except Invalid:
        return ban.user is not None and fold_name(ban.user.name) == fold_name(who)


async def _clear_where_no_server_does(house: Teahouse) -> None:
    """Erase what was asked for, unless a server runs, whose work it is: two would only wait for each other."""
    claim = Claim(house.settings.data_dir)
    try:
        claim.take()
    except UnusableDatabase:
        return
    try:
        await clear(house.committer, at_once=True)
    finally:
        claim.release()


def _run(settings: Settings, work: Callable[[Teahouse], Awaitable[T]]) -> T:
    """Do `work` in a house that is not started: another process may be serving this very one. Raise CannotServe in words."""

    if not (settings.data_dir / DATABASE_FILE).exists():
        raise CannotServe(f"There is no house in {settings.data_dir}: it was never opened.")  # or a typing error would make an empty one
    if is_locked(settings.data_dir / STAGE):  # it would write into the house that is being put away
        raise CannotServe(f"A backup is being restored in {settings.data_dir}: wait until that is done.")

    async def run() -> T:
        house = Teahouse(settings)
        house.database.open(may_upgrade=False)
        try:
            house.roster.load(await house.database.read(rooms.every), await house.database.read(rooms.memberships))
            return await work(house)
        finally:
            await house.committer.drain()
            house.database.close()

    try:
        return asyncio.run(run())
    except TeahouseError as error:
        raise CannotServe(_sentence(error.words)) from None
    except (NewerDatabase, UnusableDatabase) as error:
        raise CannotServe(_sentence(str(error))) from None


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].removesuffix('.')}."
