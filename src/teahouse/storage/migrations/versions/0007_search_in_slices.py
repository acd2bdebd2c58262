"""The search index is written in slices: which batches are half written, and which messages it has yet to follow.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_writing",
        sa.Column("batch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("room_id", serial, nullable=False),
        sa.Column("writer", sa.String(length=32), nullable=False, comment="who writes: a name made at each start"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when it last wrote"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_search_writing_room_id"),
        sa.PrimaryKeyConstraint("batch", name="pk_search_writing"),
        comment="Batches of which only some terms are written: no search looks at them. What a crash left here is dropped.",
    )
    op.create_table(
        "search_changes",
        sa.Column("room_id", serial, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_search_changes_room_id"),
        sa.PrimaryKeyConstraint("room_id", "seq", name="pk_search_changes"),
        comment="Indexed messages that read otherwise now than the index says: every search looks through them until it has followed.",
        sqlite_with_rowid=False,
    )
