"""The search index. What was said before is indexed by and by after the start, and looked through until then.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_parts",
        sa.Column("room_id", serial, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_search_parts_room_id"),
        sa.PrimaryKeyConstraint("room_id", "first_seq", name="pk_search_parts"),
        comment="Which stretches of each room are in the search index, without gaps from 1; what is after the last is looked through.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_terms",
        sa.Column("batch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("room_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("term", sa.LargeBinary(), nullable=False, comment="UTF-8, so that both databases compare bytes"),
        sa.Column(
            "places",
            sa.LargeBinary(),
            nullable=False,
            comment="seq - first_seq of the part's messages with this term, rising, 2 bytes each",
        ),
        sa.PrimaryKeyConstraint("batch", "room_id", "term", name="pk_search_terms"),
        comment="Batch first: a batch is written as one run of new rows, whatever its rooms and terms.",
        sqlite_with_rowid=False,
    )
