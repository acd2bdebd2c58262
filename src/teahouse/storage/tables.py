"""The schema, once for SQLite and PostgreSQL. Migrations follow it, and a test compares the two.

Times are Unix milliseconds, those of people's sessions by the house's clock (house_clock.py).
Tables keyed by what they are read by are stored in that order on SQLite (WITHOUT ROWID).
"""

import sqlalchemy
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

SCHEMA_VERSION = "0019"
"""The newest migration's revision; a test compares."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Serial = BigInteger().with_variant(Integer, "sqlite")
"""An integer key that counts up by itself; SQLite wants it to be called INTEGER."""

about = Table(
    "about",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    comment="Facts about this database: its epoch.",
)

logs = Table(
    "logs",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("head", BigInteger, nullable=False),
    comment="One row per log. The row is both lock and counter: whoever moves the head gives the numbers.",
)

users = Table(
    "users",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, unique=True, comment="the name, folded; null when its holder has gone and the name is free"),
    Column("search_key", Text, nullable=False, index=True, server_default="", comment="the name as it is looked for"),
    Column("face", String(40), nullable=False),
    Column("role", String(10), nullable=False),
    Column("inbox", ForeignKey("logs.id"), nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
)

held_names = Table(
    "held_names",
    metadata,
    Column("skeleton", Text, primary_key=True, comment="what the name looks like, by the table whose version is in about"),
    Column("name_key", Text, primary_key=True, comment="the name, folded"),
    Column("name", Text, nullable=False, comment="as it was spelt first, to make the skeleton again"),
    Column("since", BigInteger, nullable=False, comment="from when on it was held the last time"),
    Column("kept_until", BigInteger, nullable=False, comment="how long it keeps look-alikes away when it is free"),
    comment="Every name that somebody holds or has held: who looks like another is refused.",
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Column("name", Text, comment="a program's token: what its maker calls it; null for a person's session, as are the next three"),
    Column("scope", String(10), comment="read or write"),
    Column("room_ids", Text, comment="the rooms that it is limited to, as a JSON list; null means all"),
    Column("expires_at", BigInteger),
    Column("opened_by", BigInteger, comment="a guest of an old door: the session that let them in, with which this one ends"),
    sqlite_autoincrement=True,  # an ended session's id is not given to another one: what was ended stays ended
)

keys = Table(
    "keys",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

invites = Table(
    "invites",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("max_uses", BigInteger, comment="how many may come by it; null means any number"),
    Column("used", BigInteger, nullable=False, comment="how many came by it"),
    Column("note", Text, nullable=False),
    Column("at_start", Boolean(create_constraint=False), nullable=False, comment="made by a start of the server; later ones may end it"),
    sqlite_autoincrement=True,  # an ended invite's id is not given to another one: the house log names it
)

tickets = Table(
    "tickets",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("session_id", BigInteger, nullable=False, comment="whose bearer it lets in, once; that session may have ended since"),
    Column("expires_at", BigInteger, nullable=False),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", ForeignKey("logs.id"), primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("unique_key", Text, unique=True, comment="public: the folded name; direct: both user ids; private: null"),
    Column("pair_low", ForeignKey("users.id"), comment="direct: the two users"),
    Column("pair_high", ForeignKey("users.id")),
    Column("robot", String(10), nullable=False, server_default="mention", comment="when the robot answers"),
    Column("made_by", BigInteger, index=True, comment="who made it, to bound how many one person makes"),
    Column("name_seq", BigInteger, nullable=False, server_default="1", comment="which entry gave the name: 1 is `created`"),
    Column("topic_seq", BigInteger, nullable=False, server_default="1", comment="which entry gave the topic"),
)

members = Table(
    "members",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("room_id", ForeignKey("rooms.id"), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("read_seq", BigInteger, nullable=False),
    Column("added_by", BigInteger, comment="who brought them in; null where they came by themselves"),
    Index("ix_members_room_id_user_id", "room_id", "user_id"),
    sqlite_with_rowid=False,
)

put_out = Table(
    "put_out",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("room_id", BigInteger, primary_key=True, autoincrement=False),
    Column("by_id", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    comment="Who was put out of a room by somebody else, until somebody who manages it lets them in again.",
    sqlite_with_rowid=False,
)

departures = Table(
    "departures",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("room_id", BigInteger, primary_key=True, autoincrement=False),
    comment="Whose membership has ended with their last session, and which room is still to be told: its `left` follows soon.",
    sqlite_with_rowid=False,
)

bans = Table(
    "bans",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("user_id", ForeignKey("users.id"), unique=True),
    Column("network", String(50), unique=True, comment="in CIDR notation; a ban is of a user or of a network"),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("reason", Text, nullable=False),
    sqlite_autoincrement=True,  # a lifted ban's id is not given to another one: the house log names it
)

clearings = Table(
    "clearings",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("upto", BigInteger, nullable=False),
    Column("room_id", BigInteger, nullable=False),
    Column("before", BigInteger, nullable=False),
    comment="What is still to be erased of somebody's messages, and the place up to which that is done.",
)

addresses = Table(
    "addresses",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("address", String(50), nullable=False),
    Column("at", BigInteger, nullable=False),
    comment="The network from which somebody was seen last.",
    sqlite_with_rowid=False,
)

entries = Table(
    "entries",
    metadata,
    Column("log_id", ForeignKey("logs.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("author_id", ForeignKey("users.id"), nullable=False),
    Column("client_id", String(64)),
    Column("kind", String(10), nullable=False),
    Column("message_seq", BigInteger, comment="edited, removed, reacted: which message"),
    Column("subject_id", ForeignKey("users.id"), comment="joined, left: who"),
    Column("body", Text, comment="what else the fact holds, as JSON; never a message's text"),
    UniqueConstraint("client_id", "author_id"),  # in this order, so that a batch of ids is found by the index
    sqlite_with_rowid=False,
)
REMOVED: sqlalchemy.ColumnElement[str] = sqlalchemy.literal_column("'removed'")
"""In the statement itself, not beside it: or no database could tell that the index below has all that is asked for."""
_is_removed = entries.c.kind == REMOVED
Index("ix_entries_removed", entries.c.log_id, entries.c.message_seq, sqlite_where=_is_removed, postgresql_where=_is_removed)

messages = Table(
    "messages",
    metadata,
    Column("room_id", ForeignKey("rooms.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("author_id", ForeignKey("users.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("reply_to", BigInteger),
    Column("edited", Boolean(create_constraint=False), nullable=False),
    Column("removed", Boolean(create_constraint=False), nullable=False),
    Column("mentions", Text, comment="the ids of the members whom the text names, as a JSON list; null for nobody"),
    sqlite_with_rowid=False,
)

mentions = Table(
    "mentions",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("room_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    comment="Which messages of others name somebody: who comes in looks here for what is unread of them.",
    sqlite_with_rowid=False,
)

reactions = Table(
    "reactions",
    metadata,
    Column("room_id", BigInteger, primary_key=True),
    Column("message_seq", BigInteger, primary_key=True),
    Column("emoji", String(32), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("place", BigInteger, nullable=False, comment="seq of the entry that added it, for a steady order"),
    sqlite_with_rowid=False,
)

search_parts = Table(
    "search_parts",
    metadata,
    Column("room_id", ForeignKey("rooms.id"), primary_key=True),
    Column("first_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("batch", BigInteger, nullable=False),
    comment="Which stretches of each room are in the search index, without gaps from 1; what is after the last is looked through.",
    sqlite_with_rowid=False,
)

search_terms = Table(
    "search_terms",
    metadata,
    Column("batch", BigInteger, primary_key=True, autoincrement=False),
    Column("room_id", BigInteger, primary_key=True, autoincrement=False),
    Column("term", LargeBinary, primary_key=True, comment="UTF-8, so that both databases compare bytes"),
    Column("places", LargeBinary, nullable=False, comment="seq - first_seq of the part's messages with this term, rising, 2 bytes each"),
    comment="Batch first: a batch is written as one run of new rows, whatever its rooms and terms.",
    sqlite_with_rowid=False,
)

search_writing = Table(
    "search_writing",
    metadata,
    Column("batch", BigInteger, primary_key=True, autoincrement=False),
    Column("room_id", ForeignKey("rooms.id"), nullable=False),
    Column("writer", String(32), nullable=False, comment="who writes: a name made at each start"),
    Column("at", BigInteger, nullable=False, comment="when it last wrote"),
    comment="Batches of which only some terms are written: no search looks at them. What a crash left here is dropped.",
)

search_changes = Table(
    "search_changes",
    metadata,
    Column("room_id", ForeignKey("rooms.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    comment="Indexed messages that read otherwise now than the index says: every search looks through them until it has followed.",
    sqlite_with_rowid=False,
)
