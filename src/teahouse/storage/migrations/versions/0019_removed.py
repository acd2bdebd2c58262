"""What was removed of a room is found by the message, so that counting what is unread asks no log twice.

Revision 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    removed = sa.text("kind = 'removed'")
    op.create_index("ix_entries_removed", "entries", ["log_id", "message_seq"], sqlite_where=removed, postgresql_where=removed)
