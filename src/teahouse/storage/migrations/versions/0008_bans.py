"""Bans, what is to be erased of somebody's messages, and where people were seen last.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bans",
        sa.Column("id", serial, nullable=False),
        sa.Column("user_id", serial, nullable=True),
        sa.Column("network", sa.String(length=50), nullable=True, comment="in CIDR notation; a ban is of a user or of a network"),
        sa.Column("by_id", serial, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_bans_user_id"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_bans_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bans"),
        sa.UniqueConstraint("user_id", name="uq_bans_user_id"),
        sa.UniqueConstraint("network", name="uq_bans_network"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "clearings",
        sa.Column("id", serial, nullable=False),
        sa.Column("user_id", serial, nullable=False),
        sa.Column("by_id", serial, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("room_id", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_clearings_user_id"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_clearings_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clearings"),
        comment="What is still to be erased of somebody's messages, and the place up to which that is done.",
    )
    op.create_table(
        "addresses",
        sa.Column("user_id", serial, nullable=False, autoincrement=False),
        sa.Column("address", sa.String(length=50), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_addresses_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_addresses"),
        comment="The network from which somebody was seen last.",
        sqlite_with_rowid=False,
    )
