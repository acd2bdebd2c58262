"""Since when a name is held, and how long it keeps look-alikes away afterwards. Names that are free already keep strange ones away alone.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    since = "from when on it was held the last time"
    kept = "how long it keeps look-alikes away when it is free"
    op.add_column("held_names", sa.Column("since", sa.BigInteger(), nullable=False, server_default="0", comment=since))
    op.add_column("held_names", sa.Column("kept_until", sa.BigInteger(), nullable=False, server_default="0", comment=kept))
    op.execute("UPDATE held_names SET since = users.at FROM users WHERE users.name_key = held_names.name_key")
