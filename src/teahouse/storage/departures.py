"""Who has gone for good: whoever has no session of their own and no ban that holds, since nothing brings them back as themselves.

Their memberships end at once, whatever their number, and with them all that they may do and read. What the rooms are told of it, a
`left` in each, goes in slices: of someone who was in a thousand rooms it would keep everybody's posts waiting for a second.
"""

from sqlalchemy import Connection, delete, exists, insert, select

from teahouse.model import Draft, Left, User
from teahouse.storage import bans, heirs, house_log, log, people, sessions
from teahouse.storage.log import Transaction
from teahouse.storage.tables import departures, members, rooms

AT_ONCE = 5
"""Bans that end in one transaction: each may end somebody's memberships."""
ROOMS_AT_ONCE = 10
"""Rooms that one transaction tells who left them: most people are in no more, and hear of no slices."""


def end_session(tx: Transaction, session: int, stale: tuple[int, int, int] | None = None) -> tuple[list[int], int | None] | None:
    """End a session. Return what has ended, it and the tokens that end with it, and who has gone with their last one.

    With the limits of `stale` sessions nothing ends that was used meanwhile, and private rooms in which nobody would be left go to the
    house's owner before. They do so a few at a time: None means that this is to be called again.
    """
    if stale is not None and sessions.lasts(tx.connection, session, *stale):
        return [], None
    if stale is not None and _hands_over(tx, session):
        return None
    user_id = sessions.end(tx, session)
    if user_id is None:
        return [session], None
    return [session, *settle(tx, user_id)], user_id if people.has_gone(tx.connection, user_id) else None


def settle(tx: Transaction, user_id: int) -> list[int]:
    """Let somebody leave the house if they have gone: out of all rooms, and their name is free. Return the tokens that ended.

    Call it wherever a session or a ban has ended, in the same transaction. While a ban holds, nobody else gets their name.
    """
    people.lock(tx, user_id)
    if sessions.own(tx.connection, user_id):
        return []
    ended = sessions.end_tokens(tx, user_id)
    if bans.of_user(tx.connection, user_id, tx.at) is None:
        _leave(tx, people.get(tx.connection, user_id))
    return ended


def end_bans(tx: Transaction) -> bool:
    """Take away a few bans whose time is up, with those who were kept by nothing else. Say whether there may be more."""
    log.lock(tx, house_log.require(tx))  # or on another server a new ban of the same person might begin between the looks
    ended = bans.take_ended(tx, AT_ONCE)
    for user_id in ended:
        if user_id is not None:
            settle(tx, user_id)
    return len(ended) == AT_ONCE


def waits(connection: Connection) -> bool:
    """Say whether any room is to be told that somebody has left it."""
    return connection.scalar(select(departures.c.user_id).limit(1)) is not None


def go_on(tx: Transaction) -> bool:
    """Tell a few more rooms that somebody has left them, and say whether there may be more to tell.

    What is told, and that it need not be told again, are of one transaction.
    """
    user_id = tx.connection.scalar(select(departures.c.user_id).order_by(departures.c.user_id).limit(1))
    if user_id is None:
        return False
    people.lock(tx, user_id)  # or another server might tell the same rooms
    theirs = departures.c.user_id == user_id
    some = list(tx.connection.scalars(select(departures.c.room_id).where(theirs).order_by(departures.c.room_id).limit(ROOMS_AT_ONCE)))
    tx.connection.execute(delete(departures).where(theirs, departures.c.room_id.in_(some)))
    _tell(tx, people.get(tx.connection, user_id), some)
    return True


def _hands_over(tx: Transaction, session: int) -> bool:
    """Hand rooms over, if their person goes with this session; say whether there may be more."""
    user_id = sessions.last_of(tx.connection, session)
    if user_id is None or bans.of_user(tx.connection, user_id, tx.at) is not None:
        return False
    people.lock(tx, user_id)
    return heirs.hand_over(tx, people.get(tx.connection, user_id))


def _leave(tx: Transaction, user: User) -> None:
    """End every membership of somebody, but for direct rooms, which keep their two people, and free their name."""
    shared = (members.c.user_id == user.id) & exists().where(rooms.c.id == members.c.room_id, rooms.c.kind != "direct")
    first = set(tx.connection.scalars(select(members.c.room_id).where(shared).order_by(members.c.room_id).limit(ROOMS_AT_ONCE)))
    for room in sorted(first):
        log.lock(tx, room)  # before the membership, as in every change: `log.append` says who may wait for whom all the same
    ended = set(tx.connection.scalars(delete(members).where(shared).returning(members.c.room_id)))
    _tell(tx, user, sorted(ended & first))
    if later := ended - first:
        tx.connection.execute(insert(departures), [{"user_id": user.id, "room_id": room} for room in sorted(later)])
    people.free_name(tx, user.id)


def _tell(tx: Transaction, user: User, told: list[int]) -> None:
    if told:
        log.append(tx, [Draft(room, user, Left(user)) for room in told])
