"""Who may do what, and what texts and names may be. Pure functions: a value and a rule in, a value or a refusal out."""

import re
import sys
from collections.abc import Callable, Set

from teahouse.access import Access, Scope
from teahouse.characters import category, is_hidden, is_noncharacter, normalize
from teahouse.emoji_forms import MAX_EMOJI_CHARS, one_form
from teahouse.errors import Conflict, Invalid, NotAllowed, NotFound
from teahouse.model import LOBBY, NAMELESS, MemberRole, Message, Room, RoomKind, User
from teahouse.text import MAX_MARKS_IN_A_ROW, MOST_SHRUNK, is_crowded, name_key, search_key

MAX_NAME_CHARS = 32
MAX_TOPIC_CHARS = 200
MAX_REACTION_KINDS = 20
"""So many different emoji one message takes from all together; anybody may join one that is there."""
MAX_KINDS_BEGUN = 5
"""So many of them one person begins on a message of somebody else's, in a room that somebody else manages."""
MAX_REACTIONS = 2000
"""So many reactions one message takes in all: each is looked at when somebody reacts to it, or reads a page with it."""
MOST_TYPED = 4
"""A name or topic may be typed this many times as long as it is kept: a letter with three accents is four characters, and then one."""
MAX_QUERY_CHARS = 200
"""Of what is looked for in names."""
MAX_KEPT_BYTES = 8 * 2**20
"""Names that are kept in each of two forms: a list of a large room's members folds them, 3 µs a time. Some 30,000 of the usual length."""

_SELECTORS = re.compile(
    "[\u200c\u200d\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0100-\U000e01ef]|(?<=[\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]"
)
"""What does not show and says how other characters do: joiners, variation selectors, and the tags of a flag."""


def check_text(text: str, max_bytes: int) -> str:
    """Return what is stored of a message's text: composed (NFC), without NUL, otherwise as it was typed. Invalid when empty or too long."""
    check_size(text, max_bytes)
    text = _composed(text, "text").replace("\0", "\ufffd")
    check_size(text, max_bytes, composed=True)
    if not any(map(_is_visible, set(text))):
        raise Invalid("the text is empty", code="empty_text")
    return text


def check_size(text: str, max_bytes: int, *, composed: bool = False) -> None:
    """Refuse what is too long, or what would be however it is composed: the first thing to do with a text, before any work."""
    size = len(text.encode())
    if size > max_bytes * (1 if composed else MOST_SHRUNK):
        raise Invalid(f"the text is {size:,} bytes, the limit is {max_bytes:,}", code="text_too_long")


def check_name(name: str, what: str = "name") -> str:
    """Return a name on one line without control and direction characters; Invalid (bad_name) when nothing is left or too much."""
    name = _one_line(name, what, MAX_NAME_CHARS, "bad_name")
    if not any(_is_visible(character) for character in name):
        raise Invalid(f"the {what} is empty: write at least one letter", code="bad_name")
    if len(name) > MAX_NAME_CHARS:
        raise Invalid(f"the {what} has {len(name)} characters, the limit is {MAX_NAME_CHARS}", code="bad_name")
    return name


def check_topic(topic: str, what: str = "topic") -> str:
    """Return a topic, or what is like one, on one line; Invalid when it is too long. It may be empty."""
    topic = _one_line(topic, what, MAX_TOPIC_CHARS, "invalid")
    if len(topic) > MAX_TOPIC_CHARS:
        raise Invalid(f"the {what} has {len(topic)} characters, the limit is {MAX_TOPIC_CHARS}")
    return topic


def check_emoji(emoji: str, *, known: bool = False) -> str:
    """Return the form in which all react with an emoji; Invalid for what is none, or more than one. One that is `known` may be anything."""
    form = one_form(emoji) if len(emoji) <= MAX_EMOJI_CHARS else None
    if form is None and known and 0 < len(emoji) <= MAX_EMOJI_CHARS:
        return emoji
    if form is None:
        raise Invalid("expected one emoji to react with")
    return form


def fold_name(name: str) -> str:
    """Return the form in which two names are the same name: `caseless`, its spaces one each."""
    return _folded_names[name] if len(name) <= MAX_NAME_CHARS else name_key(name)


def fold_query(query: str) -> str:
    """Return what to look for in names, as `search_key` folds them; Invalid when it is longer than names are."""
    if len(query) > MAX_QUERY_CHARS:
        raise Invalid(f"the query has {len(query):,} characters, the limit is {MAX_QUERY_CHARS}")
    return search_key(query)


def find_name(name: str) -> str:
    """Return the form in which a name is looked for, as `fold_query` folds what is asked."""
    return _search_keys[name] if len(name) <= MAX_NAME_CHARS else search_key(name)


class _FoldedNames(dict[str, str]):
    """Each name's folded form, worked out when it is first met. When the names fill their place, all are forgotten at once."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self.size = 0

    def __missing__(self, name: str) -> str:
        folded = self._fold(name)
        if self.size > MAX_KEPT_BYTES:
            self.clear()
            self.size = 0
        self.size += sys.getsizeof(name) + sys.getsizeof(folded)
        self[name] = folded
        return folded


_folded_names = _FoldedNames(name_key)
_search_keys = _FoldedNames(search_key)


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
    if opens_door(access):
        raise NotAllowed("that session is for an old door alone: sign in here", code="beyond_token")
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
    return access is None or (not opens_door(access) and (access.rooms is None or room in access.rooms))


def opens_door(access: Access, room: int | None = None) -> bool:
    """Say whether a session is one of an old door's guest, and lets them in at doors to `room` where one is given."""
    return access.scope == "door" and (room is None or room in (access.rooms or ()))


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


def check_react(
    user: User, role: MemberRole | None, message: Message, emoji: str, on: bool, *, total: int, kinds: Set[str], mine: Set[str], begun: int
) -> None:
    """Let `user` react to a message with `total` reactions of these `kinds`: `mine` are theirs, to be taken back, `begun` of them first.

    Who neither wrote it nor manages the room begins few kinds, so that no one person closes it to everybody's.
    """
    if message.removed:
        raise NotAllowed("the message was removed")
    if not on or emoji in mine:
        return
    if emoji not in kinds and len(kinds) >= MAX_REACTION_KINDS:
        raise NotAllowed(f"a message takes {MAX_REACTION_KINDS} different reactions: join one of those that are there")
    is_free = user.id == message.by.id or user.role == "bot" or may_manage(user, role)
    if emoji not in kinds and begun >= MAX_KINDS_BEGUN and not is_free:
        raise NotAllowed(f"you have begun {begun} different reactions to this message: join one of those that are there")
    if total >= MAX_REACTIONS:
        raise NotAllowed(f"a message takes {MAX_REACTIONS} reactions in all")


def check_manage(user: User, role: MemberRole, room: Room) -> None:
    """Name, topic and members are for the room's owner and the house's keepers; a direct room has nothing to manage."""
    if room.kind == "direct":
        raise NotAllowed("a direct room belongs to its two people as it is")
    if not may_manage(user, role):
        raise NotAllowed("only the room's owner or the house's owner may do that")


def may_manage(user: User, role: MemberRole | None) -> bool:
    """Say whether a user manages a room that they are in as `role`."""
    return role == "owner" or (role is not None and is_house_keeper(user))


def check_rooms_made(user: User, made: int, most: int) -> None:
    """Bound how many rooms one person makes in all; whoever keeps the house knows what they do."""
    if made >= most and not is_house_keeper(user):
        raise NotAllowed(f"one person makes at most {most} rooms")


def check_rooms_entered(user: User, entered: int, most: int) -> None:
    """Bound in how many rooms one person is by their own doing: their every hello, and their leave, costs as much."""
    if entered >= most and not is_house_keeper(user):
        raise NotAllowed(f"you are in {entered:,} rooms, and {most:,} are the most: leave one first")


def check_rooms_by_others(by: User, user: User, by_one: int, in_all: int, of_one: int, most: int) -> None:
    """Bound in how many rooms one person is by one other's doing, and by others' in all; they may always leave.

    When there are too many in all, whoever has brought them nowhere yet still may once: what strangers filled shuts nobody out.
    """
    if user.role == "bot" or is_house_keeper(by):
        return
    if by_one >= of_one:
        raise NotAllowed(f"{user.name} is in {by_one} rooms by your doing, the limit is {of_one}: ask them to come by themselves")
    if in_all >= most and by_one:
        raise NotAllowed(f"{user.name} is in {in_all} rooms by others' doing, the limit is {most}: ask them to come by themselves")


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
    """Return what must be unique of a room: a public one's name, unless it was erased."""
    return f"public:{fold_name(name)}" if kind == "public" and name != NAMELESS else None


def _composed(text: str, what: str, code: str = "invalid") -> str:
    """Return `text` in NFC. Invalid where it piles up marks: no language does, and whoever sorts or draws them pays for it."""
    if not is_crowded(text):
        text = normalize("NFC", text)
        if not is_crowded(text):  # some marks are two when they are composed
            return text
    raise Invalid(f"the {what} has more than {MAX_MARKS_IN_A_ROW} accents or other marks in a row", code=code)


def _one_line(text: str, what: str, max_chars: int, code: str) -> str:
    if len(text) > MOST_TYPED * max_chars:
        raise Invalid(f"the {what} has {len(text):,} characters, the limit is {max_chars}", code=code)
    kept = "".join(character if _SELECTORS.match(text, place) else _neutral(character) for place, character in enumerate(text))
    return " ".join(_composed(kept, what, code).split())


def _neutral(character: str) -> str:
    kind = category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if is_hidden(character) or kind in ("Cf", "Cs", "Co") or is_noncharacter(character) else character


def _is_visible(character: str) -> bool:
    """Say whether a character is drawn by itself. One that is not assigned yet is: it is somebody's emoji tomorrow."""
    kind = category(character)
    return (kind[0] in "LNPS" or kind in ("Cn", "Co")) and not is_hidden(character) and not is_noncharacter(character)
