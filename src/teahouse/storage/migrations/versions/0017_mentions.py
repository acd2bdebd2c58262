"""Whom a message names is known when it is written, and noted by who they are; for what was noted so far, by who is in the room now.

Revision 0017, after 0016.
"""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WORD = re.compile(r"[A-Za-z0-9_]")


def upgrade() -> None:
    named = "the ids of the members whom the text names, as a JSON list; null for nobody"
    op.add_column("messages", sa.Column("mentions", sa.Text(), comment=named))
    op.create_table(
        "mentions",
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("room_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("user_id", "room_id", "seq", name="pk_mentions"),
        comment="Which messages of others name somebody: who comes in looks here for what is unread of them.",
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for (room,) in connection.execute(sa.text("SELECT DISTINCT room_id FROM calls")).all():
        inside = "SELECT users.name, users.id FROM users JOIN members ON members.user_id = users.id WHERE members.room_id = :room"
        names = {name.casefold(): user for name, user in connection.execute(sa.text(inside), {"room": room})}
        called = "SELECT seq, author_id, called FROM calls WHERE room_id = :room"
        for seq, author, lines in connection.execute(sa.text(called), {"room": room}).all():
            _note(room, seq, author, [user for line in lines.split("\n") if (user := _called(line, names))])
    op.drop_table("calls")


def _called(line: str, names: dict[str, int]) -> int | None:
    """Return who is called by what stands after an `@`, as it was decided so far, but that the longest name wins."""
    folded = line.casefold()
    for end in range(len(folded), 0, -1):
        goes_on = WORD.match(folded[end - 1]) and WORD.match(folded[end : end + 1])
        if not goes_on and folded[:end] in names:
            return names[folded[:end]]
    return None


def _note(room: int, seq: int, author: int, called: list[int]) -> None:
    connection = op.get_bind()
    ids = list(dict.fromkeys(called))
    for user in ids:
        if user != author:
            row = {"user": user, "room": room, "seq": seq}
            connection.execute(sa.text("INSERT INTO mentions VALUES (:user, :room, :seq)"), row)
    if ids:
        put = "UPDATE messages SET mentions = :ids WHERE room_id = :room AND seq = :seq"
        connection.execute(sa.text(put), {"ids": json.dumps(ids, separators=(",", ":")), "room": room, "seq": seq})
