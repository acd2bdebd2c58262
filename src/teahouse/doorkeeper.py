"""Who someone at an old door is. Their dialects know a name or an address and no password (docs/decisions/0013).

Whoever comes by a name is a guest whom this door alone can be: their session's token is made of the name and of a secret
that never leaves the house. So a name that a door has given stays the same person, and a name that somebody got on the
page, or that an account holds, has another token and is refused here.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Literal

import msgspec

from teahouse import policy
from teahouse.access import Access
from teahouse.auth import Authenticator, Identity, digest
from teahouse.errors import NotSignedIn
from teahouse.lookalikes import Reserved
from teahouse.model import User
from teahouse.roster import Roster
from teahouse.storage import doors, house_log, names, people, rooms, sessions
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction

Claim = Literal["address", "name"]
"""What makes two visits the same person: the client's address, or the name they give."""

NOWHERE = Access("door", frozenset())
"""What such a session opens by itself: nothing. The door speaks for its person, in the room that it leads to."""


class Doorkeeper:
    """Knows the people of the old doors. `open` it before anything else."""

    def __init__(
        self,
        database: Database,
        committer: Committer,
        roster: Roster,
        auth: Authenticator,
        faces: Sequence[str],
        reserved_names: Sequence[str],
    ) -> None:
        self._database = database
        self._committer = committer
        self._roster = roster
        self._auth = auth
        self._faces = faces
        self._reserved = Reserved(reserved_names)
        self._secret = b""

    async def open(self) -> None:
        self._secret = (await self._committer.run(doors.secret)).encode()

    async def admit(self, claim: Claim, name: str, room: int) -> Identity:
        """Return who comes by `name`, the same as last time or a new guest, now in `room`: the rest of the house is not theirs.

        Raise Invalid for a name that cannot be one, Conflict for one that is not theirs to take.
        """
        name = self._check(claim, name)
        token = self._token(claim, name)

        def change(tx: Transaction) -> User:
            user = doors.bearer(tx.connection, digest(token))
            if user is None or people.has_gone(tx.connection, user.id):  # whom a letter awaits, and who never came
                house_log.check_newcomers(tx)
            if user is None:
                user = self._make(tx, name, token)
            self._auth.bans.check(user)
            # What the network says is nobody's choice: an address may look like any name.
            user = doors.take_name(tx, user, name, policy.fold_name(name), unlike=claim == "name")
            rooms.add(tx, user, user, room)
            return user

        user = await self._committer.run(change)
        try:
            identity = await self._auth.identify_guest(token)
        except NotSignedIn:  # past its lifetime, and nobody has swept it out yet
            await self._auth.end_stale()
            user = await self._committer.run(change)
            identity = await self._auth.identify_guest(token)
        self._roster.refresh(user)
        return msgspec.structs.replace(identity, user=user)

    async def end_elsewhere(self, open_rooms: set[int]) -> None:
        """End the sessions of guests who signed in at a door that is no more: of the doors of today, none leads to their room."""
        for session, theirs in await self._database.read(sessions.at_doors):
            if not theirs & open_rooms:
                await self._auth.sign_out(session, "door_gone")

    async def find(self, name: str) -> User | None:
        """Return who holds `name` in this house, or who was written to under it before they ever came; None for neither."""
        return await self._database.read(doors.known, *self._keys(policy.check_name(name)))

    async def expect(self, name: str) -> User:
        """Return someone who may come by `name` one day, so that what is said to them now can wait.

        Until they come they are in no room and hold no name: anyone may take it on the page.
        """
        name = self._check("name", name)

        def change(tx: Transaction) -> User:
            known = doors.known(tx.connection, *self._keys(name))  # they may have come since `find` looked
            if known is not None:
                return known
            house_log.check_newcomers(tx)
            names.check_free(tx, name, policy.fold_name(name))
            return self._make(tx, name, self._token("name", name))

        return await self._committer.run(change)

    def _make(self, tx: Transaction, name: str, token: str) -> User:
        """Make someone who holds no name yet."""
        key = policy.fold_name(name)
        face = self._faces[hashlib.sha256(key.encode()).digest()[0] % len(self._faces)]
        user, _inbox = people.create_nameless(tx, name, face, "guest")
        sessions.open_session(tx, user.id, digest(token), NOWHERE)
        return user

    def _check(self, claim: Claim, name: str) -> str:
        if claim == "address":
            return name  # the kernel's or a trusted proxy's word, and longer than a name may be where it is IPv6
        name = policy.check_name(name)
        self._reserved.check(name)
        return name

    def _keys(self, name: str) -> tuple[str, bytes]:
        """Return by what a name's holder is found, and by what someone whom the door alone knows."""
        return policy.fold_name(name), digest(self._token("name", name))

    def _token(self, claim: Claim, name: str) -> str:
        return hmac.new(self._secret, f"{claim}:{policy.fold_name(name)}".encode(), "sha256").hexdigest()
