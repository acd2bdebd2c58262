"""Names as they are looked for. The next start folds them, and all that was folded before: that is done by data that has versions.

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    told = "the name as it is looked for"
    op.add_column("users", sa.Column("search_key", sa.Text(), server_default="", nullable=False, comment=told))
    op.create_index("ix_users_search_key", "users", ["search_key"])
