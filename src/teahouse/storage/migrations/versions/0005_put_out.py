"""Who made a room, who brought whom into it, and who was put out of it.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    made = "who made it, to bound how many one person makes"
    op.add_column("rooms", sa.Column("made_by", sa.BigInteger(), nullable=True, comment=made))
    first = "SELECT author_id FROM entries WHERE entries.log_id = rooms.id AND entries.seq = 1"
    op.execute(f"UPDATE rooms SET made_by = ({first})")  # noqa: S608 -- nothing of it comes from outside
    op.create_index("ix_rooms_made_by", "rooms", ["made_by"])
    others = "who brought them in; null where they came by themselves"
    op.add_column("members", sa.Column("added_by", sa.BigInteger(), nullable=True, comment=others))
    op.create_table(
        "put_out",
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("room_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "room_id", name="pk_put_out"),
        comment="Who was put out of a room by somebody else, until somebody who manages it lets them in again.",
        sqlite_with_rowid=False,
    )
