"""Sessions that people make for programs, and tickets that are good once.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    of_programs = "a program's token: what its maker calls it; null for a person's session, as are the next three"
    op.add_column("sessions", sa.Column("name", sa.Text(), nullable=True, comment=of_programs))
    op.add_column("sessions", sa.Column("scope", sa.String(length=10), nullable=True, comment="read or write"))
    limited = "the rooms that it is limited to, as a JSON list; null means all"
    op.add_column("sessions", sa.Column("room_ids", sa.Text(), nullable=True, comment=limited))
    op.add_column("sessions", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    whose = "whose bearer it lets in, once; that session may have ended since"
    op.create_table(
        "tickets",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False, comment=whose),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_tickets"),
    )
