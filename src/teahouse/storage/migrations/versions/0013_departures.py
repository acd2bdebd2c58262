"""Which rooms are still to be told that somebody has left them.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departures",
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("room_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("user_id", "room_id", name="pk_departures"),
        comment="Whose membership has ended with their last session, and which room is still to be told: its `left` follows soon.",
        sqlite_with_rowid=False,
    )
