"""Invites have a maker, uses and a number; the keys that are left are the owner's. Invites that were given out stay good.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "invites",
        sa.Column("id", serial, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("by_id", serial, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("max_uses", sa.BigInteger(), nullable=True, comment="how many may come by it; null means any number"),
        sa.Column("used", sa.BigInteger(), nullable=False, comment="how many came by it"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at_start", sa.Boolean(), nullable=False, comment="made by a start of the server; later ones may end it"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_invites_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invites"),
        sa.UniqueConstraint("token_hash", name="uq_invites_token_hash"),
        sqlite_autoincrement=True,
    )
    # Each was made by a start, but which of them people hold is not known: none may be ended by the starts to come.
    op.execute(
        "INSERT INTO invites (token_hash, by_id, at, expires_at, used, note, at_start) "
        "SELECT token_hash, (SELECT min(id) FROM users WHERE role = 'bot'), at, expires_at, 0, '', false FROM keys "
        "WHERE kind = 'invite' AND EXISTS (SELECT 1 FROM users WHERE role = 'bot') ORDER BY at"
    )
    op.execute("DELETE FROM keys WHERE kind = 'invite'")
    op.execute("ALTER TABLE keys DROP COLUMN kind")
