"""Who may do what, and what texts and names may be. Pure functions: a value and a rule in, a value or a refusal out."""

import unicodedata
from functools import lru_cache
from ipaddress import ip_address

from teahouse.access import Access, Scope
from teahouse.errors import Conflict, Invalid, NotAllowed, NotFound
from teahouse.model import LOBBY, MemberRole, Message, Room, RoomKind, User

MAX_NAME_CHARS = 32
MAX_TOPIC_CHARS = 200
MAX_EMOJI_CHARS = 16
MAX_REACTIONS_EACH = 20
REMEMBERED_NAMES = 32_768
"""Folded names that are kept: a list of a large room's members folds each name twice, 3 µs a time."""

_KEPT_FORMAT_CHARACTERS = {"\u200d"}  # the joiner inside emoji sequences and some scripts
_VISIBLE = ("L", "N", "P", "S")
_BLANK = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs that are drawn as nothing: Default_Ignorable_Code_Point of Unicode, and the empty cell of Braille."""


def check_text(text: str, max_bytes: int) -> str:
    """Return what is stored of a message's text: composed (NFC), without NUL, otherwise as it was typed. Invalid when empty or too long."""
    text = unicodedata.normalize("NFC", text).replace("\0", "\ufffd")
    size = len(text.encode())
    if size > max_bytes:
        raise Invalid(f"the text is {size:,} bytes, the limit is {max_bytes:,}", code="text_too_long")
    if not any(_is_visible(character) for character in text):
        raise Invalid("the text is empty", code="empty_text")
    return text


def check_name(name: str, what: str = "name") -> str:
    """Return a name on one line without control and direction characters; Invalid (bad_name) when nothing is left or too much."""
    name = _one_line(name)
    if not any(_is_visible(character) for character in name):
        raise Invalid(f"the {what} is empty: write at least one letter", code="bad_name")
    if len(name) > MAX_NAME_CHARS:
        raise Invalid(f"the {what} has {len(name)} characters, the limit is {MAX_NAME_CHARS}", code="bad_name")
    return name


def is_address(name: str) -> bool:
    """Say whether a name is a network address, as only people at old doors are called, each by their own."""
    try:
        ip_address(fold_name(name).partition("%")[0])
    except ValueError:
        return False
    return True


def check_topic(topic: str) -> str:
    """Return a topic on one line; Invalid when it is too long. It may be empty."""
    topic = _one_line(topic)
    if len(topic) > MAX_TOPIC_CHARS:
        raise Invalid(f"the topic has {len(topic)} characters, the limit is {MAX_TOPIC_CHARS}")
    return topic


def check_emoji(emoji: str) -> str:
    """Return `emoji` if it is a short sequence without letters, spaces or control characters; Invalid otherwise."""
    plain = any(unicodedata.category(character)[0] in "LZC" and character not in _EMOJI_JOINERS for character in emoji)
    if not emoji or len(emoji) > MAX_EMOJI_CHARS or plain or emoji.isascii():
        raise Invalid("expected one emoji to react with")
    return emoji


_EMOJI_JOINERS = {"\u200d", *map(chr, range(0xE0020, 0xE0080))}  # joiner, and the tags that spell flags


@lru_cache(REMEMBERED_NAMES)
def fold_name(name: str) -> str:
    """Return the form in which two names are the same name: NFKC and case folding (Unicode 3.13 D146), without what does not show."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    shown = "".join(character for character in folded if unicodedata.category(character) != "Cf" and character not in _UNSEEN)
    return " ".join(shown.split())


_UNSEEN = _BLANK | set(map(chr, [*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))  # and variation selectors


TOKEN_ACTIONS: dict[str, Scope] = {
    **dict.fromkeys(("hello", "ping", "me", "rooms", "page", "members", "find_rooms", "search", "ticket"), "read"),
    **dict.fromkeys(("post", "edit", "remove", "react", "read", "typing"), "write"),
    **dict.fromkeys(
        ("create_room", "open_direct", "join", "leave", "add_member", "remove_member", "change_room", "set_robot", "stop_reply"), "write"
    ),
}
"""What a program's token may be good for, and the scope that it takes; whatever is not here takes a person."""

MAKES_ROOMS = frozenset({"create_room", "open_direct"})
"""What a token for certain rooms cannot do, since the room would be none of them."""


def check_access(access: Access | None, action: str, room: int | None = None) -> None:
    """Let only pass what a token allows; people (no `access`) may do all that follows. Other rooms are as if they were not there."""
    if access is None:
        return
    if action not in TOKEN_ACTIONS:
        raise NotAllowed("no token can do that: it takes a person who is signed in", code="beyond_token")
    if TOKEN_ACTIONS[action] == "write" and access.scope == "read":
        raise NotAllowed("this token may only read", code="beyond_token")
    if access.rooms is not None and action in MAKES_ROOMS:
        raise NotAllowed("this token is for certain rooms and makes no others", code="beyond_token")
    if room is not None and not may_see(access, room):
        raise NotFound(f"room {room} does not exist, or you are not in it")


def may_see(access: Access | None, room: int) -> bool:
    """Say whether a room is one that the bearer's token knows of; people know all that they are in."""
    return access is None or access.rooms is None or room in access.rooms


def is_house_keeper(user: User) -> bool:
    """Say whether a user looks after the whole house."""
    return user.role in ("owner", "admin")


def check_edit(user: User, message: Message) -> None:
    """Only the author changes what a message says."""
    if message.removed:
        raise NotAllowed("the message was removed")
    if message.by.id != user.id:
        raise NotAllowed("only its author may edit a message")


def check_remove(user: User, role: MemberRole, message: Message) -> None:
    """The author takes a message back; the room's owner and the house's keepers may remove any."""
    if message.by.id != user.id and role != "owner" and not is_house_keeper(user):
        raise NotAllowed("only its author, the room's owner or the house's owner may remove a message")


def check_react(message: Message, mine: int) -> None:
    """A removed message takes no reactions, and one person leaves at most 20 on any other."""
    if message.removed:
        raise NotAllowed("the message was removed")
    if mine >= MAX_REACTIONS_EACH:
        raise NotAllowed(f"one person leaves at most {MAX_REACTIONS_EACH} reactions on a message")


def check_manage(user: User, role: MemberRole, room: Room) -> None:
    """Name, topic and members are for the room's owner and the house's keepers; a direct room has nothing to manage."""
    if room.kind == "direct":
        raise NotAllowed("a direct room belongs to its two people as it is")
    if role != "owner" and not is_house_keeper(user):
        raise NotAllowed("only the room's owner or the house's owner may do that")


def check_stop(user: User, role: MemberRole, asker: int) -> None:
    """Whoever asked for a reply stops it, and so do the room's owner and the house's keepers."""
    if user.id != asker and role != "owner" and not is_house_keeper(user):
        raise NotAllowed("only who asked, the room's owner or the house's owner may stop a reply")


def check_leave(room: Room) -> None:
    """The lobby and direct rooms cannot be left."""
    if room.id == LOBBY:
        raise NotAllowed("everyone is in the lobby")
    if room.kind == "direct":
        raise NotAllowed("a direct room cannot be left")


def check_add(room: Room) -> None:
    """A direct room stays one of two."""
    if room.kind == "direct":
        raise NotAllowed("a direct room is for two; make a private room for more")


def check_create(user: User, kind: str) -> None:
    """People make public and private rooms; direct ones are opened, and bots make none."""
    if kind == "direct":
        raise Invalid("a direct room is opened with open_direct")
    if user.role == "bot":
        raise NotAllowed("bots do not make rooms")


def check_peer(user: User, other: User) -> None:
    """A direct room takes two."""
    if user.id == other.id:
        raise Conflict("a direct room takes two different people")


def room_key(kind: RoomKind, name: str) -> str | None:
    """Return what must be unique of a room: a public one's name."""
    return f"public:{fold_name(name)}" if kind == "public" else None


def _one_line(text: str) -> str:
    neutral = "".join(_neutral(character) for character in text)
    return " ".join(unicodedata.normalize("NFC", neutral).split())


def _neutral(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if character in _BLANK or (category in ("Cf", "Cs", "Co", "Cn") and character not in _KEPT_FORMAT_CHARACTERS):
        return ""
    return character


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in _VISIBLE and character not in _BLANK
