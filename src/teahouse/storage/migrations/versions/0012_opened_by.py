"""By whose session a guest was let in at an old door that wants a token. Those who are there already have none, and stay as they are.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ends_with = "a guest of an old door: the session that let them in, with which this one ends"
    op.add_column("sessions", sa.Column("opened_by", sa.BigInteger(), nullable=True, comment=ends_with))
