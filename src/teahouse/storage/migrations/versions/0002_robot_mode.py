"""Rooms choose when the robot answers.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "rooms", sa.Column("robot", sa.String(length=10), server_default="mention", nullable=False, comment="when the robot answers")
    )
