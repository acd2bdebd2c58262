"""The first schema.

Revision 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "about",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_about"),
        comment="Facts about this database: its epoch.",
    )
    op.create_table(
        "keys",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="owner (once) or invite (until it expires)"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_keys"),
    )
    op.create_table(
        "logs",
        sa.Column("id", serial, nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_logs"),
        comment="One row per log. The row is both lock and counter: whoever moves the head gives the numbers.",
    )
    op.create_table(
        "users",
        sa.Column("id", serial, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=True, comment="the name, folded; null when its holder has gone and the name is free"),
        sa.Column("face", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("inbox", serial, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["inbox"], ["logs.id"], name="fk_users_inbox"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("inbox", name="uq_users_inbox"),
        sa.UniqueConstraint("name_key", name="uq_users_name_key"),
    )
    op.create_table(
        "rooms",
        sa.Column("id", serial, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("unique_key", sa.Text(), nullable=True, comment="public: the folded name; direct: both user ids; private: null"),
        sa.Column("pair_low", serial, nullable=True, comment="direct: the two users"),
        sa.Column("pair_high", serial, nullable=True),
        sa.ForeignKeyConstraint(["id"], ["logs.id"], name="fk_rooms_id"),
        sa.ForeignKeyConstraint(["pair_low"], ["users.id"], name="fk_rooms_pair_low"),
        sa.ForeignKeyConstraint(["pair_high"], ["users.id"], name="fk_rooms_pair_high"),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sa.UniqueConstraint("unique_key", name="uq_rooms_unique_key"),
    )
    op.create_table(
        "entries",
        sa.Column("log_id", serial, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author_id", serial, nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("message_seq", sa.BigInteger(), nullable=True, comment="edited, removed, reacted: which message"),
        sa.Column("subject_id", serial, nullable=True, comment="joined, left: who"),
        sa.Column("body", sa.Text(), nullable=True, comment="what else the fact holds, as JSON; never a message's text"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_entries_author_id"),
        sa.ForeignKeyConstraint(["log_id"], ["logs.id"], name="fk_entries_log_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["users.id"], name="fk_entries_subject_id"),
        sa.PrimaryKeyConstraint("log_id", "seq", name="pk_entries"),
        sa.UniqueConstraint("client_id", "author_id", name="uq_entries_client_id_author_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "members",
        sa.Column("user_id", serial, nullable=False),
        sa.Column("room_id", serial, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("read_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_members_room_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_members_user_id"),
        sa.PrimaryKeyConstraint("user_id", "room_id", name="pk_members"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_members_room_id_user_id", "members", ["room_id", "user_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("room_id", serial, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author_id", serial, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_messages_author_id"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_messages_room_id"),
        sa.PrimaryKeyConstraint("room_id", "seq", name="pk_messages"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reactions",
        sa.Column("room_id", sa.BigInteger(), nullable=False),
        sa.Column("message_seq", sa.BigInteger(), nullable=False),
        sa.Column("emoji", sa.String(length=32), nullable=False),
        sa.Column("user_id", serial, nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False, comment="seq of the entry that added it, for a steady order"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_reactions_user_id"),
        sa.PrimaryKeyConstraint("room_id", "message_seq", "emoji", "user_id", name="pk_reactions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sessions",
        sa.Column("id", serial, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", serial, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"], unique=False)
