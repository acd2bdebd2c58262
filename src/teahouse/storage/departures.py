"""Who has gone for good: whoever has no session of their own and no ban that holds, since nothing brings them back as themselves."""

from teahouse.model import User
from teahouse.storage import bans, house_log, log, people, rooms, sessions
from teahouse.storage.log import Transaction

AT_ONCE = 20
"""Bans that end in one transaction: each may take somebody out of many rooms."""


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


def _leave(tx: Transaction, user: User) -> None:
    rooms.take_out_everywhere(tx, user)
    people.free_name(tx, user.id)
