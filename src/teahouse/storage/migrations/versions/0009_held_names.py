"""Every name that is held or was, by what it looks like. The next start fills it: skeletons are made by a table that has versions.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    looks = "what the name looks like, by the table whose version is in about"
    op.create_table(
        "held_names",
        sa.Column("skeleton", sa.Text(), nullable=False, comment=looks),
        sa.Column("name_key", sa.Text(), nullable=False, comment="the name, folded"),
        sa.Column("name", sa.Text(), nullable=False, comment="as it was spelt first, to make the skeleton again"),
        sa.PrimaryKeyConstraint("skeleton", "name_key", name="pk_held_names"),
        comment="Every name that somebody holds or has held: who looks like another is refused.",
        sqlite_with_rowid=False,
    )
