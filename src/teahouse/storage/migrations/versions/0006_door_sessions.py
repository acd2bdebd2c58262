"""Sessions of an old door's guests open that door alone, and a door's change of the robot can be undone.

Both were stored without saying so. Claims at doors are known by their tokens, which the house can make again. A guest of
`signin` is known by what they said there, under a client id that only a door gives; one who never said a word looks like
a guest of the page and stays one until that session ends.

Revision 0006, after 0005.
"""

import hashlib
import hmac
import json
import unicodedata

import sqlalchemy as sa
from alembic import op

from teahouse.text import caseless

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GIVEN_BY_A_DOOR = f"door-{'_' * 16}-%"


def upgrade() -> None:
    connection = op.get_bind()
    bind_claims(connection)
    bind_guests(connection)
    note_robots(connection)


def bind_claims(connection: sa.Connection) -> None:
    secret = connection.scalar(sa.text("SELECT value FROM about WHERE key = 'door_secret'"))
    if secret is None:
        return  # no door has ever been opened
    theirs = "SELECT sessions.id, token_hash, users.name FROM sessions JOIN users ON users.id = user_id "
    guests = connection.execute(sa.text(f"{theirs} WHERE role = 'guest' AND expires_at IS NULL"))
    claims = [row.id for row in guests if bytes(row.token_hash) in tokens_of(row.name, str(secret))]
    bound(connection, {session: [] for session in claims})


def tokens_of(name: str, secret: str) -> set[bytes]:
    """Return the stored form of the tokens that doors made for a name up to this revision."""
    made = (hmac.new(secret.encode(), f"{claim}:{fold(name)}".encode(), "sha256").hexdigest() for claim in ("name", "address"))
    return {hashlib.sha256(token.encode()).digest() for token in made}


def fold(name: str) -> str:
    shown = "".join(character for character in caseless(name) if unicodedata.category(character) != "Cf" and ord(character) not in UNSEEN)
    return " ".join(shown.split())


UNSEEN = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)}
UNSEEN |= set(range(0xE0100, 0xE01F0))


def bind_guests(connection: sa.Connection) -> None:
    said = sa.text("SELECT DISTINCT author_id, log_id FROM entries WHERE client_id LIKE :given AND kind = 'posted'")
    places: dict[int, set[int]] = {}
    for row in connection.execute(said, {"given": GIVEN_BY_A_DOOR}):
        places.setdefault(row.author_id, set()).add(row.log_id)
    theirs = "SELECT sessions.id, user_id FROM sessions JOIN users ON users.id = user_id "
    guests = connection.execute(sa.text(f"{theirs} WHERE role = 'guest' AND scope IS NULL AND expires_at IS NULL"))
    bound(connection, {row.id: sorted(places[row.user_id]) for row in guests if row.user_id in places})


def bound(connection: sa.Connection, rooms: dict[int, list[int]]) -> None:
    bind = sa.text("UPDATE sessions SET scope = 'door', room_ids = :rooms WHERE id = :session")
    for session, theirs in rooms.items():
        connection.execute(bind, {"session": session, "rooms": json.dumps(theirs, separators=(",", ":"))})


def note_robots(connection: sa.Connection) -> None:
    """Note how the robot answered before, where it answers everyone since a door, and no person, said so last."""
    chosen = sa.text(
        "SELECT role, body FROM entries JOIN users ON users.id = author_id WHERE log_id = :room AND kind = 'robot_set' ORDER BY seq DESC"
    )
    note = sa.text("INSERT INTO about (key, value) VALUES (:key, :mode)")
    for room in list(connection.scalars(sa.text("SELECT id FROM rooms WHERE robot = 'always'"))):
        choices = connection.execute(chosen, {"room": room}).all()
        if choices and choices[0].role == "bot":
            mode = json.loads(choices[1].body)["mode"] if len(choices) > 1 else "mention"
            connection.execute(note, {"key": f"door_robot:{room}", "mode": mode})
