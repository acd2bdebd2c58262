"""Keeping the peace from the command line: writes to the house's database, which a running server follows and takes up at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from teahouse.app import Teahouse
from teahouse.clearing import clear
from teahouse.errors import NotFound, TeahouseError
from teahouse.keeping import Ban
from teahouse.listening import CannotServe
from teahouse.moderation import CONSOLE
from teahouse.policy import fold_name
from teahouse.settings import Settings
from teahouse.storage import people
from teahouse.storage.claim import Claim
from teahouse.storage.database import NewerDatabase, UnusableDatabase
from teahouse.user import User
from teahouse.wire_keeping import BanList, GivenRole, HouseLog

T = TypeVar("T")

MOST = 200
"""Bans and entries that are listed."""


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
    """Lift the ban of the person or network called `who`, or the ban with that number."""

    async def work(house: Teahouse) -> None:
        bans = (await house.peace.moderation.bans(CONSOLE, None, MOST)).bans
        for each in bans:
            name = None if each.user is None else fold_name(each.user.name)
            if who in (str(each.id), each.network, f"{each.network}".removesuffix("/32")) or fold_name(who) == name:
                return await house.peace.moderation.unban(CONSOLE, each.id)
        raise NotFound(f"there is no ban of {who!r}")

    _run(settings, work)


def bans(settings: Settings) -> BanList:
    return _run(settings, lambda house: house.peace.moderation.bans(CONSOLE, None, MOST))


def newcomers(settings: Settings, admitted: bool, reason: str) -> None:
    _run(settings, lambda house: house.peace.moderation.set_newcomers(CONSOLE, admitted, reason))


def role(settings: Settings, name: str, role: GivenRole) -> User:
    async def work(house: Teahouse) -> User:
        return await house.peace.moderation.set_role(CONSOLE, (await _find(house, name)).id, role)

    return _run(settings, work)


def log(settings: Settings, limit: int) -> HouseLog:
    return _run(settings, lambda house: house.peace.moderation.house_log(CONSOLE, None, limit))


async def _find(house: Teahouse, name: str) -> User:
    """Return who is called `name`, or who has the id in `#7`: names may be hard to type."""
    if name.startswith("#") and name[1:].isdigit():
        return await house.database.read(people.get, int(name[1:]))
    found = await house.database.read(people.by_name, fold_name(name))
    if found is None:
        raise NotFound(f"nobody here is called {name!r}")
    return found


async def _clear_where_no_server_does(house: Teahouse) -> None:
    """Erase what was asked for, unless a server runs, whose work it is: two would only wait for each other."""
    claim = Claim(house.settings.data_dir)
    try:
        claim.take()
    except UnusableDatabase:
        return
    try:
        await clear(house.committer)
    finally:
        claim.release()


def _run(settings: Settings, work: Callable[[Teahouse], Awaitable[T]]) -> T:
    """Do `work` in a house that is not started: another process may be serving this very one. Raise CannotServe in words."""

    async def run() -> T:
        house = Teahouse(settings)
        house.database.open()
        try:
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
