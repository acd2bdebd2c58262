"""Keeping the peace: what keepers do to people who do not keep it, each act with its entry in the house log, in one transaction.

What an act does to live connections and to what is remembered in memory is done by following that log (`house_follower.py`), on this
server as on every other. So an act is the same whether it comes over a wire or from the command line of a house that runs.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from msgspec import Struct

from teahouse import keepers, policy
from teahouse.errors import Invalid, NotAllowed, NotSignedIn
from teahouse.identity import digest
from teahouse.keeping import Ban, Banned, Cleared, HouseFact, Invite, Invited, Newcomers, Person, RoleSet, SignedOff, Unbanned, Uninvited
from teahouse.model import Draft, Role, User
from teahouse.networks import parse_address, parse_network
from teahouse.storage import addresses, bans, clearings, departures, house_log, invites, log, owners, people, sessions
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction
from teahouse.wire_keeping import BanList, Ended, HouseLog, InviteList, MadeInvite

MINUTE_MS = 60_000
TAKES_EFFECT_MS = 2000
"""Until then every server has surely followed the house log: whoever may say nothing any more has said nothing after it."""
MAX_NETWORK_MINUTES = 366 * 24 * 60
MAX_INVITE_MINUTES = 366 * 24 * 60
MAX_INVITES = 100
"""So many invites of keepers let people in at once."""

T = TypeVar("T")


class Actor(Struct, frozen=True):
    """Who acts, and from where. Without a `user` it is whoever runs the server, on its command line."""

    user: User | None = None
    address: str = ""


CONSOLE = Actor()


class Moderation:
    """The first argument is who acts. A refusal is a TeahouseError; an answer is on disk and holds on this server."""

    def __init__(
        self, database: Database, committer: Committer, clock_ms: Callable[[], int], follow: Callable[[], Awaitable[None]]
    ) -> None:
        self._database = database
        self._committer = committer
        self._clock_ms = clock_ms
        self._follow = follow
        self.reached_at: Sequence[str] = ()
        """Where others reach the house, the likeliest first, as far as it knows."""

    async def ban(
        self,
        actor: Actor,
        *,
        user: int | None = None,
        network: str | None = None,
        minutes: int | None = None,
        reason: str = "",
        remove_since: int | None = None,
        remove_minutes: int | None = None,
    ) -> Ban:
        """Shut a person or a network out; what the person said since a time, or in the last minutes, goes as well where it is said so."""
        reason = policy.check_topic(reason, "reason")
        if (user is None) == (network is None):
            raise Invalid("expected a user or a network, and not both")
        wide = None if network is None else self._check_network(actor, network, minutes)
        removes = (remove_since, remove_minutes) != (None, None)
        if None not in (remove_since, remove_minutes):
            raise Invalid("expected remove_since or remove_minutes, and not both")
        if wide is not None and removes:
            raise Invalid("only a person's messages can be removed: what came from a network is not known")

        def change(tx: Transaction) -> Ban:
            by, target = self._begin(tx, actor, "ban", user)
            until = None if minutes is None else tx.at + minutes * MINUTE_MS
            earlier = bans.same(tx.connection, tx.at, user, wide)
            if earlier is not None and actor.user is not None:
                keepers.check_undo(by, earlier.by)
            ban = bans.put(tx, by, user=target, network=wide, until=until, reason=reason)
            self._note(tx, by, Banned(ban.id, target, wide, until, reason, actor.user is None))
            if target is not None:
                invites.end_of(tx, target.id)
            if target is not None and removes:
                self._clear(tx, by, target, _since(tx, remove_since, remove_minutes), reason, actor)
            return ban

        return await self._act(change)

    async def unban(self, actor: Actor, ban: int) -> None:
        """Let somebody in again, as themselves. They have gone where they have no session to come back with."""

        def change(tx: Transaction) -> None:
            by, _ = self._begin(tx, actor, "unban")
            lifted = bans.lift(tx, ban)
            if actor.user is not None:
                keepers.check_undo(by, lifted.by)
            if lifted.user is not None:
                departures.settle(tx, lifted.user.id)
            self._note(tx, by, Unbanned(ban, lifted.user, lifted.network, actor.user is None))

        await self._act(change)

    async def end_sessions(self, actor: Actor, user: int, reason: str = "") -> Ended:
        """End all sessions, tokens and invites of somebody. A guest then has gone for good, as if they had signed out everywhere."""
        reason = policy.check_topic(reason, "reason")

        def change(tx: Transaction) -> Ended:
            by, target = self._begin(tx, actor, "end_sessions", user)
            ended = sessions.end_all(tx, user)
            invites.end_of(tx, user)
            departures.settle(tx, user)
            if target is not None:
                self._note(tx, by, SignedOff(target, reason, actor.user is None))
            return Ended(len(ended))

        return await self._act(change)

    async def remove_messages(self, actor: Actor, user: int, since: int | None, reason: str = "", *, minutes: int | None = None) -> None:
        """Erase what somebody said since then, or in the last minutes, everywhere. It is certain with the answer, and goes on after it."""
        reason = policy.check_topic(reason, "reason")
        if (since is None) == (minutes is None):
            raise Invalid("expected since or minutes, and not both")

        def change(tx: Transaction) -> None:
            by, target = self._begin(tx, actor, "remove_messages", user)
            if target is not None:
                self._clear(tx, by, target, _since(tx, since, minutes), reason, actor)

        await self._act(change)

    async def set_role(self, actor: Actor, user: int, role: Role) -> User:
        """Give somebody a role. Their tokens end, made for what they could do before, and the invites of who is no keeper any more."""

        def change(tx: Transaction) -> User:
            by, target = self._begin(tx, actor, "set_role", user)
            if target is None or target.role == role:
                return people.get(tx.connection, user)
            if role in keepers.KEEPERS:
                owners.check_has_use(tx.connection, target)
            people.set_role(tx, user, role)
            sessions.end_tokens(tx, user)
            if role not in keepers.KEEPERS:
                invites.end_of(tx, user)
            now = people.get(tx.connection, user)
            self._note(tx, by, RoleSet(now, role, actor.user is None))
            return now

        return await self._act(change)

    async def set_newcomers(self, actor: Actor, admitted: bool, reason: str = "") -> None:
        """Close the house to everyone new, invited or not, or open it again. It changes nothing where it is so already."""
        reason = policy.check_topic(reason, "reason")

        def change(tx: Transaction) -> None:
            by, _ = self._begin(tx, actor, "newcomers")
            if house_log.admits_newcomers(tx.connection) != admitted:
                house_log.set_newcomers(tx.connection, admitted)
                self._note(tx, by, Newcomers(admitted, reason, actor.user is None))

        await self._act(change)

    async def invite(self, actor: Actor, *, minutes: int, max_uses: int | None = None, note: str = "") -> MadeInvite:
        """Make a link that lets people in for so long, and so many of them; its key is told this once."""
        note = policy.check_topic(note, "note")
        if minutes > MAX_INVITE_MINUTES:
            raise Invalid(f"an invite is for a year at most: {MAX_INVITE_MINUTES:,} minutes")
        key = secrets.token_urlsafe(24)

        def change(tx: Transaction) -> Invite:
            by, _ = self._begin(tx, actor, "invite")
            if invites.count(tx.connection, tx.at) >= MAX_INVITES:
                raise NotAllowed(f"{MAX_INVITES} invites let people in now, and more there are not at once: end one first")
            made = invites.put(tx, by, digest(key), tx.at + minutes * MINUTE_MS, max_uses, note)
            self._note(tx, by, Invited(made.id, made.until, max_uses, note, actor.user is None))
            return made

        return MadeInvite(key, list(self.reached_at), await self._act(change))

    async def end_invite(self, actor: Actor, invite: int) -> None:
        """Let nobody in by an invite any more; whoever came by it stays. Any keeper ends any, as any closes the house to newcomers."""

        def change(tx: Transaction) -> None:
            by, _ = self._begin(tx, actor, "end_invite")
            ended = invites.end(tx, invite)
            self._note(tx, by, Uninvited(invite, ended.note, actor.user is None))

        await self._act(change)

    async def end_bans(self) -> None:
        """Let those go whom nothing but a ban kept here, once its time is up. It ends without an entry. Call it now and then."""
        if await self._database.read(bans.any_ended, self._clock_ms()):
            while await self._committer.run(departures.end_bans):
                pass

    # What keepers may know

    async def bans(self, actor: Actor, before: int | None = None, limit: int = 50) -> BanList:
        """Return the bans that hold, the newest first."""
        self._check(actor, "bans")
        found = await self._database.read(bans.page, self._clock_ms(), before, limit + 1)
        return BanList(found[:limit], len(found) > limit)

    async def invites(self, actor: Actor, before: int | None = None, limit: int = 50) -> InviteList:
        """Return the invites whose time is not up, the newest first, with how many came by each."""
        self._check(actor, "invites")
        found = await self._database.read(invites.page, self._clock_ms(), before, limit + 1)
        return InviteList(found[:limit], len(found) > limit)

    async def person(self, actor: Actor, user: int) -> Person:
        """Return what may be known of somebody: above all, from where they came last."""
        self._check(actor, "person")
        now = self._clock_ms()
        found = await self._database.read(people.get, user)
        address, seen_at = await self._database.read(addresses.of, user) or (None, None)
        count = await self._database.read(sessions.count, user, now)
        return Person(found, count, address, seen_at, await self._database.read(bans.of_user, user, now))

    async def house_log(self, actor: Actor, before: int | None = None, limit: int = 50) -> HouseLog:
        """Return who did what to whom, the newest first."""
        self._check(actor, "house_log")
        entries = await self._database.read(house_log.page, before, limit)
        return HouseLog(entries, bool(entries) and entries[-1].seq > 1)

    # How an act is done

    def _check(self, actor: Actor, action: str) -> None:
        if actor.user is not None:
            keepers.check_keeping(actor.user, action)

    async def _act(self, change: Callable[[Transaction], T]) -> T:
        answer = await self._committer.run(change)
        await self._follow()
        return answer

    def _begin(self, tx: Transaction, actor: Actor, action: str, user: int | None = None) -> tuple[User, User | None]:
        """Return who acts and on whom, once it is certain that they may: roles are asked for under the lock of the house log."""
        log.lock(tx, house_log.require(tx))
        target = None if user is None else people.get(tx.connection, user)
        if actor.user is not None:
            by = people.get(tx.connection, actor.user.id)
            keepers.check_keeping(by, action)
            _check_is_here(tx, by)
            if target is not None:
                keepers.check_rank(by, target)
            return by, target
        robot = people.find_bot(tx.connection)
        if robot is None:
            raise NotAllowed("this house was never opened")
        if target is not None:
            keepers.check_not_robot(target)
            is_owner = target.role == "owner" and not people.has_gone(tx.connection, target.id)
            if is_owner and action != "remove_messages" and not owners.count(tx.connection, tx.at, other_than=target.id):
                raise NotAllowed(
                    f"{target.name} is the house's last owner. Make another one first: with `teahouse role NAME owner`, or open what "
                    f"`teahouse owner-link` prints under another name. Then {target.name} can be ended or made a guest"
                )
        return robot[0], target

    def _note(self, tx: Transaction, by: User, fact: HouseFact) -> None:
        log.append(tx, [Draft(house_log.require(tx), by, fact)])

    def _clear(self, tx: Transaction, by: User, target: User, since: int, reason: str, actor: Actor) -> None:
        gone = bans.of_user(tx.connection, target.id, tx.at) is not None or not sessions.count(tx.connection, target.id, tx.at)
        clearings.begin(tx, by, target, since, tx.at + TAKES_EFFECT_MS if gone else tx.at)
        self._note(tx, by, Cleared(target, since, reason, actor.user is None))

    def _check_network(self, actor: Actor, text: str, minutes: int | None) -> str:
        """Return the network to shut out, in its one form; Invalid where it has no end, or the actor would shut themselves out."""
        found = parse_network(text)
        if minutes is None or minutes > MAX_NETWORK_MINUTES:
            raise Invalid(f"a network is shut out for a time: say minutes, {MAX_NETWORK_MINUTES:,} at most")
        own = parse_address(actor.address)
        if own is not None and own in found:
            raise Invalid(f"your own address is in {found}: you would shut yourself out")
        return str(found)


def _check_is_here(tx: Transaction, user: User) -> None:
    """Let nobody act who has gone or was banned a moment ago: their connections may not have ended yet, here or on another server."""
    if people.has_gone(tx.connection, user.id):
        raise NotSignedIn("the session has ended: sign in again")
    if bans.of_user(tx.connection, user.id, tx.at) is not None:
        raise NotAllowed("you are banned from this house", code=keepers.BANNED)


def _since(tx: Transaction, since: int | None, minutes: int | None) -> int:
    """Return the time from which on it goes. Minutes are counted by the house's clock: who asks may have another."""
    if since is None:
        return max(0, tx.at - (minutes or 0) * MINUTE_MS)
    if since > tx.at:  # or the answer would say that it is done, and nothing would go
        raise Invalid(f"expected a time that has been, in Unix ms, got {since}; the house's clock says {tx.at}")
    return since
