"""Which entry gave a room its name, and which its topic, in the room and in each of its `renamed` entries.

Where nothing was noted, it is the first of the entries in a row that say the same. One that was emptied says nothing.

Revision 0014, after 0013.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column, comment in (("name_seq", "which entry gave the name: 1 is `created`"), ("topic_seq", "which entry gave the topic")):
        op.add_column("rooms", sa.Column(column, sa.BigInteger(), nullable=False, server_default="1", comment=comment))
    connection = op.get_bind()
    for room in list(connection.scalars(sa.text("SELECT id FROM rooms WHERE kind <> 'direct' ORDER BY id"))):
        note_givers(connection, room)


def note_givers(connection: sa.Connection, room: int) -> None:
    told = sa.text("SELECT seq, body FROM entries WHERE log_id = :room AND kind IN ('created', 'renamed') ORDER BY seq")
    note = sa.text("UPDATE entries SET body = :body WHERE log_id = :room AND seq = :seq")
    called, given_by = {"name": None, "topic": None}, {"name_seq": 1, "topic_seq": 1}
    for row in connection.execute(told, {"room": room}).all():
        body = json.loads(row.body)
        if (body["name"], body["topic"]) == ("…", ""):
            continue
        for field, before in called.items():
            if body[field] != before:
                called[field], given_by[f"{field}_seq"] = body[field], row.seq
        if row.seq > 1:
            noted = json.dumps(body | given_by, ensure_ascii=False, separators=(",", ":"))
            connection.execute(note, {"body": noted, "room": room, "seq": row.seq})
    if given_by != {"name_seq": 1, "topic_seq": 1}:
        new = sa.text("UPDATE rooms SET name_seq = :name_seq, topic_seq = :topic_seq WHERE id = :room")
        connection.execute(new, given_by | {"room": room})
