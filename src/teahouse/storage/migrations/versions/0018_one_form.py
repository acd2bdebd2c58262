"""Reactions have one form: those that are there get it, twins are joined, and the log tells of them so.

Revision 0018, after 0017.
"""

import json

import sqlalchemy as sa
from alembic import op
from emoji import EMOJI_DATA, STATUS

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SELECTORS = str.maketrans("", "", "\ufe0e\ufe0f")


def upgrade() -> None:
    whole = STATUS["fully_qualified"]
    forms = {emoji.translate(SELECTORS): emoji for emoji, about in EMOJI_DATA.items() if about["status"] == whole}
    connection = op.get_bind()
    for (emoji,) in connection.execute(sa.text("SELECT DISTINCT emoji FROM reactions")).all():
        form = forms.get(emoji.translate(SELECTORS), emoji)
        if form != emoji:
            _join(emoji, form)
    _tell(forms)


def _join(emoji: str, form: str) -> None:
    """Give all reactions with an emoji its form. Whoever gave both gave the first of them."""
    reactions = sa.table("reactions", *map(sa.column, ("room_id", "message_seq", "user_id", "emoji", "place")))
    other = reactions.alias("other")
    key = (reactions.c.room_id == other.c.room_id, reactions.c.message_seq == other.c.message_seq, reactions.c.user_id == other.c.user_id)
    with_twin = sa.exists().where(*key, other.c.emoji == form)
    earlier = sa.select(other.c.place).where(*key, other.c.emoji == emoji, other.c.place < reactions.c.place)
    connection = op.get_bind()
    of_form, of_emoji = reactions.c.emoji == form, reactions.c.emoji == emoji
    connection.execute(sa.update(reactions).where(of_form, earlier.exists()).values(place=earlier.scalar_subquery()))
    connection.execute(sa.delete(reactions).where(of_emoji, with_twin))
    connection.execute(sa.update(reactions).where(of_emoji).values(emoji=form))


def _tell(forms: dict[str, str]) -> None:
    """Write the form into what the log says of reactions, in one go over it."""
    connection = op.get_bind()
    connection.execute(sa.text("CREATE TEMPORARY TABLE told (old TEXT, new TEXT)"))
    for (body,) in connection.execute(sa.text("SELECT DISTINCT body FROM entries WHERE kind = 'reacted'")).all():
        fact = json.loads(body)
        form = forms.get(fact["emoji"].translate(SELECTORS), fact["emoji"])
        if form != fact["emoji"]:
            new = json.dumps(fact | {"emoji": form}, ensure_ascii=False, separators=(",", ":"))
            connection.execute(sa.text("INSERT INTO told VALUES (:old, :new)"), {"old": body, "new": new})
    say = "UPDATE entries SET body = (SELECT new FROM told WHERE old = body) WHERE kind = 'reacted' AND body IN (SELECT old FROM told)"
    connection.execute(sa.text(say))
    connection.execute(sa.text("DROP TABLE told"))
