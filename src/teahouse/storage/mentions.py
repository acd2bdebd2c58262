"""Which unread messages name somebody. The page has the same rule for what comes live (web/mentions.js)."""

import re

from sqlalchemy import Connection, and_, select

from teahouse.storage.tables import logs, members, messages, users

LOOK_BACK = 1000
"""How many of a room's last entries are looked through: a name called longer ago than that is history."""


def last_mentions(connection: Connection, user_id: int) -> dict[int, int]:
    """Return, by room, the seq of the last unread message that names `user_id`; rooms without one are left out."""
    name = connection.scalar(select(users.c.name).where(users.c.id == user_id)) or ""
    mine = and_(members.c.room_id == messages.c.room_id, members.c.user_id == user_id)
    unread = and_(messages.c.seq > members.c.read_seq, messages.c.seq > logs.c.head - LOOK_BACK, messages.c.author_id != user_id)
    query = (
        select(messages.c.room_id, messages.c.seq, messages.c.text)
        .join_from(members, messages, mine)
        .join(logs, logs.c.id == messages.c.room_id)
        .where(unread, messages.c.text.icontains(f"@{name}", autoescape=True))
        .order_by(messages.c.room_id, messages.c.seq)
    )
    return {room: seq for room, seq, text in connection.execute(query) if names(text, name)}


def names(text: str, name: str) -> bool:
    """Say whether `text` has `@` and the whole name, in any case: "@benny" is not Ben, and an e-mail address names nobody.

    Scripts without spaces have no such edges: "@小明你好" names 小明.
    """
    end = r"(?![A-Za-z0-9_])" if re.match(r"[A-Za-z0-9_]", name[-1:]) else ""
    return re.search(rf"(?<![A-Za-z0-9_])@{re.escape(name)}{end}", text, re.IGNORECASE) is not None
