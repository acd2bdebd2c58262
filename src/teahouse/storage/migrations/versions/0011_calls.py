"""Whom messages may name, noted beside them; for those that are there already as far back as anybody looks.

Revision 0011, after 0010.
"""

import re
from itertools import islice

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LOOK_BACK = 1000
AT_ONCE = 50
CALL = re.compile(r"@(?<![A-Za-z0-9_]@)(?=(\S[^\n]{0,32}))")
MAX_CALLS = 16


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("room_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "called", sa.Text(), nullable=False, comment="what stands after each @ of the text, as far as a name reaches, one a line"
        ),
        sa.PrimaryKeyConstraint("room_id", "seq", name="pk_calls"),
        comment="Messages that may name somebody: who comes in looks here for who called them, and reads no texts.",
        sqlite_with_rowid=False,
    )
    rooms = op.get_bind().execute(sa.text("SELECT logs.id, logs.head FROM rooms JOIN logs ON logs.id = rooms.id")).all()
    for room, head in rooms:
        _fill(room, head - LOOK_BACK)


def _fill(room: int, after: int) -> None:
    """Note whom the room's messages call, a few texts at a time: they may be long."""
    connection = op.get_bind()
    texts = "SELECT seq, author_id, text FROM messages WHERE room_id = :room AND seq > :after AND text LIKE '%@%' ORDER BY seq LIMIT :most"
    while found := connection.execute(sa.text(texts), {"room": room, "after": after, "most": AT_ONCE}).all():
        for seq, author, text in found:
            called = "\n".join(call[1] for call in islice(CALL.finditer(text), MAX_CALLS))
            row = {"room": room, "seq": seq, "author": author, "called": called}
            if called:
                connection.execute(sa.text("INSERT INTO calls VALUES (:room, :seq, :author, :called)"), row)
        after = found[-1].seq
