"""Texts, names and permissions: pure rules, tried with what people and their enemies type."""

import re
import sys
from collections.abc import Set
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse import policy
from teahouse.characters import category, is_noncharacter, normalize
from teahouse.errors import NotAllowed, TeahouseError
from teahouse.model import LOBBY, MemberRole, Message, Room, User
from teahouse.storage import reactions

AIKO, BEN = User(1, "Aiko", "f01"), User(2, "Ben", "f01")
OLGA, ADMIN = User(3, "Olga", "f01", "owner"), User(4, "Adam", "f01", "admin")
BOT = User(5, "Birdie", "f01", "bot")

INVISIBLE = ["", " ", "\n\t", "\u200b", "\u202e", "\u2060\ufeff", "\u0301", "\u3164", "\u2800", "\u115f\u1160", "\uffa0", "\U0001d159"]
"""Nothing, white space, zero widths, directions, a lone accent, and letters that are drawn as nothing."""


def code(function: object, *arguments: object) -> str:
    """The code with which a rule refuses its arguments."""
    with pytest.raises(TeahouseError) as refused:
        function(*arguments)  # type: ignore[operator]
    return refused.value.code


def checked_name(name: str) -> str | None:
    try:
        return policy.check_name(name)
    except TeahouseError:
        return None


# Text


@pytest.mark.parametrize("text", ["hello", "  indented\n\tcode  ", "你好 🍵", "🏳️‍🌈", "\u202eright to left", "."])
def test_text_is_kept_as_it_was_typed(text: str) -> None:
    assert policy.check_text(text, 1000) == text


@pytest.mark.parametrize("text", INVISIBLE)
def test_a_text_in_which_nothing_shows_is_empty(text: str) -> None:
    assert code(policy.check_text, text, 1000) == "empty_text"


def test_text_is_measured_in_bytes_as_it_is_stored() -> None:
    assert policy.check_text("茶" * 3, 9) == "茶茶茶"
    assert code(policy.check_text, "茶" * 3 + "!", 9) == "text_too_long"
    assert policy.check_text("e\u0301", 2) == "é"


CROWDED = "a" + "\u0301\u0323" * 16
COMPOSED_CROWDED = "a" + "\u0344" * 20
"""Twenty marks that are two each once they are composed."""


@pytest.mark.parametrize("text", [CROWDED, COMPOSED_CROWDED], ids=["typed", "composed"])
def test_no_text_name_or_topic_piles_up_marks(text: str) -> None:
    assert code(policy.check_text, text, 1000) == "invalid"
    assert code(policy.check_name, text) == "bad_name"
    assert code(policy.check_topic, text) == "invalid"


def test_what_is_too_long_is_refused_before_anything_is_done_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object) -> bool:
        raise AssertionError("touched")

    monkeypatch.setattr(policy, "is_crowded", touched)
    monkeypatch.setattr(policy, "normalize", touched)
    monkeypatch.setattr(policy, "name_key", touched)
    monkeypatch.setattr(policy, "search_key", touched)
    assert code(policy.check_text, "é" * 1501, 1000) == "text_too_long"
    assert code(policy.check_name, "é" * 129) == "bad_name"
    assert code(policy.check_topic, "é" * 801) == "invalid"
    assert code(policy.fold_query, "é" * 201) == "invalid"


def test_text_that_no_database_takes_is_mended() -> None:
    assert policy.check_text("a\0b", 100) == "a\ufffdb"


# Names


DEFAULT_IGNORABLE = """
ad 34f 61c 115f-1160 17b4-17b5 180b-180f 200b-200f 202a-202e 2060-206f 3164 fe00-fe0f feff ffa0 fff0-fff8
1bca0-1bca3 1d173-1d17a e0000-e0fff
"""
"""Default_Ignorable_Code_Point of Unicode 17 (DerivedCoreProperties.txt)."""
DRAWN_EMPTY = "2800 2d7f fffc 1107f 13441-13442 16fe4 1d159"
"""What is drawn as nothing besides, by the charts of Unicode."""


@pytest.mark.parametrize("listed", [DEFAULT_IGNORABLE, DRAWN_EMPTY], ids=["ignorable", "empty"])
def test_nobody_gets_another_name_by_what_is_drawn_as_nothing(listed: str) -> None:
    ends = [codes.partition("-") for codes in listed.split()]
    unseen = [chr(code) for first, _, last in ends for code in range(int(first, 16), int(last or first, 16) + 1)]
    for before, after in ("", "Keeper"), ("Kee", "per"), ("Keeper", ""):
        assert [each for each in unseen if policy.fold_name(policy.check_name(f"{before}{each}{after}")) != "keeper"] == []
    assert [each for each in unseen if checked_name(each) is not None] == []
    of_selectors = re.compile("[\u200c\u200d\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0100-\U000e01ef]")
    kept = [each for each in unseen if policy.check_name(f"a{each}b") != "ab"]
    assert all(map(of_selectors.fullmatch, kept)), "what is drawn as nothing and does nothing is not stored"


@pytest.mark.parametrize("name", INVISIBLE)
def test_a_name_in_which_nothing_shows_is_refused(name: str) -> None:
    assert code(policy.check_name, name) == "bad_name"


def test_a_name_is_one_line_without_control_and_direction_characters() -> None:
    assert policy.check_name("  A\ni\tko \u202e\u2066x\u200b ") == "A i ko x"
    assert policy.check_name("小小鸟") == "小小鸟"
    assert policy.check_name("👩\u200d🚀") == "👩\u200d🚀"


@pytest.mark.parametrize("name", ["Ana\U0001fa77", "\U0001fabf pond", "\U0001fadd", "علی\u200cرضا", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Bobby", "क्\u200dष"])
def test_a_name_keeps_what_is_newer_than_the_interpreter_and_what_joins_its_letters(name: str) -> None:
    assert policy.check_name(name) == name
    assert policy.check_text(name, 1000) == name


def test_tags_that_spell_no_flag_are_no_part_of_a_name() -> None:
    assert policy.check_name("te\U000e0061a") == "tea"


@pytest.mark.parametrize("new", ["\U0001fa77", "\U0001fabf", "\U0001fadd", "\U0003fffd", "\u0530"])
def test_a_text_of_what_is_not_assigned_yet_is_not_empty(new: str) -> None:
    assert policy.check_text(new, 1000) == new
    assert policy.check_name(new) == new


def test_a_name_has_at_most_32_characters() -> None:
    assert policy.check_name("x" * policy.MAX_NAME_CHARS)
    assert code(policy.check_name, "x" * (policy.MAX_NAME_CHARS + 1)) == "bad_name"


def test_a_name_is_composed_after_what_does_not_show_is_gone() -> None:
    assert policy.check_name("Rene\u200b\u0301") == "René"


@given(st.text(max_size=40) | st.text("Ae\u0301\u200b\u202e\u3164\u200d \n\u0000가ᄀ\ufe0f", max_size=8))
def test_a_checked_name_is_one_visible_composed_line_and_stays_so(name: str) -> None:
    checked = checked_name(name)
    if checked is None:
        return
    assert checked == checked.strip() and "\n" not in checked
    assert normalize("NFC", checked) == checked
    assert not {category(character) for character in checked} & {"Cc", "Cs", "Co", "Zl", "Zp"}
    assert not any(map(is_noncharacter, checked))
    assert policy.check_name(checked) == checked
    assert policy.fold_name(checked), "a name that shows must not fold to nothing"


@pytest.mark.parametrize("other", ["AIKO", "aiko", "Ａｉｋｏ", "Ai\u200dko", "aiko\ufe0f", "Ai\u3164ko"])
def test_names_that_look_alike_fold_alike(other: str) -> None:
    assert policy.fold_name(other) == policy.fold_name("Aiko")


def test_names_that_look_different_fold_apart() -> None:
    assert len({policy.fold_name(name) for name in ("Aiko", "Aiko 2", "愛子", "Äiko", "👍", "👎")}) == 6


def test_what_is_looked_for_is_folded_as_names_are_and_not_kept() -> None:
    before = len(policy._folded_names), len(policy._search_keys)
    assert [policy.fold_query(f"  Ａｉｋｏ {number}") for number in range(100)] == [f"aiko {number}" for number in range(100)]
    assert (len(policy._folded_names), len(policy._search_keys)) == before


def test_folded_names_are_kept_within_a_bound_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    names = policy._FoldedNames(str.lower)
    monkeypatch.setattr(policy, "MAX_KEPT_BYTES", 10_000)
    for number in range(1000):
        assert names[f"Guest {number}"] == f"guest {number}"
        assert names.size == sum(sys.getsizeof(each) for pair in names.items() for each in pair) < 10_000 + 200
    assert names
    monkeypatch.setattr(policy, "_folded_names", names)
    policy.fold_name("x" * (policy.MAX_NAME_CHARS + 1))
    assert "x" * (policy.MAX_NAME_CHARS + 1) not in names


def test_a_topic_may_be_empty_and_is_bounded() -> None:
    assert policy.check_topic(" \n ") == ""
    assert policy.check_topic("green\ntea") == "green tea"
    assert code(policy.check_topic, "x" * (policy.MAX_TOPIC_CHARS + 1)) == "invalid"


# Reactions


@pytest.mark.parametrize("emoji", ["👍", "❤️", "👩\u200d🚀", "🇯🇵", "1️⃣", "👋🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_emoji_are_what_one_reacts_with(emoji: str) -> None:
    assert policy.check_emoji(emoji) == emoji


@pytest.mark.parametrize("emoji", ["", "a", "1", ":)", "茶", "👍 👍", "👍a", "👍\n", "\u202e👍", "👍" * 17])
def test_words_and_white_space_are_not(emoji: str) -> None:
    assert code(policy.check_emoji, emoji) == "invalid"


HELLO = Message(1, 0, AIKO, "hello")
FULL = {f"kind {n}" for n in range(policy.MAX_REACTION_KINDS)}


NONE: Set[str] = frozenset()


def react(
    emoji: str = "👍",
    on: bool = True,
    message: Message = HELLO,
    total: int = 0,
    kinds: Set[str] = NONE,
    mine: Set[str] = NONE,
    begun: int = 0,
    user: User = BEN,
    role: MemberRole | None = "member",
) -> None:
    policy.check_react(user, role, message, emoji, on, total=total, kinds=kinds, mine=mine, begun=begun)


def test_a_removed_message_takes_no_reaction_and_gives_none_back() -> None:
    for on in (True, False):
        assert code(react, "👍", on, Message(1, 0, AIKO, "", removed=True)) == "not_allowed"


def test_one_person_begins_five_kinds_on_a_message_of_another_and_joins_and_takes_back_as_many_as_they_like() -> None:
    mine = {f"kind {n}" for n in range(policy.MAX_KINDS_BEGUN)}
    react(kinds=mine, mine=mine, begun=policy.MAX_KINDS_BEGUN - 1)
    with pytest.raises(NotAllowed, match="you have begun 5 different reactions to this message: join one of those that are there"):
        react(kinds=mine, mine=mine, begun=policy.MAX_KINDS_BEGUN)
    react("kind 19", kinds=FULL, mine=FULL - {"kind 19"}, begun=policy.MAX_KINDS_BEGUN)
    react("kind 0", kinds=FULL, mine=mine, begun=policy.MAX_KINDS_BEGUN)
    react("kind 0", on=False, kinds=FULL, mine=mine, begun=policy.MAX_KINDS_BEGUN)


@pytest.mark.parametrize(
    ("user", "role"), [(AIKO, "member"), (BEN, "owner"), (OLGA, "member"), (ADMIN, "member"), (BOT, "member")], ids=lambda who: str(who)
)
def test_who_wrote_it_or_manages_the_room_and_the_robot_begin_as_many_kinds_as_a_message_takes(user: User, role: MemberRole) -> None:
    mine = FULL - {"kind 0"}
    react(kinds=mine, mine=mine, begun=len(mine), user=user, role=role)
    assert code(partial(react, kinds=FULL, mine=FULL, begun=len(FULL), user=user, role=role)) == "not_allowed"


def test_who_is_nowhere_manages_nothing() -> None:
    assert code(partial(react, begun=policy.MAX_KINDS_BEGUN, user=OLGA, role=None)) == "not_allowed"


def test_a_message_takes_so_many_kinds_and_anybody_may_join_one_that_is_there() -> None:
    react(kinds=FULL - {"kind 0"})
    with pytest.raises(NotAllowed, match="20 different reactions: join one of those"):
        react(kinds=FULL)
    react("kind 0", kinds=FULL)
    react("👍", on=False, kinds=FULL)


def test_a_message_takes_so_many_reactions_in_all() -> None:
    react(total=policy.MAX_REACTIONS - 1)
    assert code(react, "👍", True, HELLO, policy.MAX_REACTIONS, {"👍"}) == "not_allowed"
    react("👍", on=False, total=policy.MAX_REACTIONS, kinds={"👍"}, mine={"👍"})


def test_a_page_tells_as_many_kinds_as_a_message_takes() -> None:
    assert reactions.MAX_KINDS == policy.MAX_REACTION_KINDS


# Who may do what: (user, their role in the room) -> allowed, for a message of Aiko's

REMOVERS = [
    (AIKO, "member", True),
    (BEN, "member", False),
    (BEN, "owner", True),
    (OLGA, "member", True),
    (ADMIN, "member", True),
    (BOT, "member", False),
]


@pytest.mark.parametrize(("user", "role", "allowed"), REMOVERS)
def test_removing_is_for_the_author_and_the_owners(user: User, role: str, allowed: bool) -> None:
    if allowed:
        policy.check_remove(user, role, Message(1, 0, AIKO, "hello"))  # type: ignore[arg-type]
    else:
        assert code(policy.check_remove, user, role, Message(1, 0, AIKO, "hello")) == "not_allowed"


@pytest.mark.parametrize(("user", "allowed"), [(AIKO, True), (BEN, False), (OLGA, False)])
def test_editing_is_for_the_author_alone(user: User, allowed: bool) -> None:
    if allowed:
        policy.check_edit(user, Message(1, 0, AIKO, "hello"))
    else:
        assert code(policy.check_edit, user, Message(1, 0, AIKO, "hello")) == "not_allowed"
    assert code(policy.check_edit, user, Message(1, 0, AIKO, "", removed=True)) == "not_allowed"


@pytest.mark.parametrize(("user", "role", "allowed"), [(AIKO, "owner", True), (AIKO, "member", False), (OLGA, "member", True)])
def test_managing_is_for_the_owners_and_never_in_a_direct_room(user: User, role: str, allowed: bool) -> None:
    if allowed:
        policy.check_manage(user, role, Room(7, "private"))  # type: ignore[arg-type]
    else:
        assert code(policy.check_manage, user, role, Room(7, "private")) == "not_allowed"
    assert code(policy.check_manage, user, role, Room(7, "direct")) == "not_allowed"


def test_the_lobby_and_direct_rooms_are_not_left() -> None:
    policy.check_leave(Room(7, "private"))
    assert code(policy.check_leave, Room(LOBBY, "public")) == "not_allowed"
    assert code(policy.check_leave, Room(7, "direct")) == "not_allowed"


def test_a_direct_room_is_for_two_different_people_and_no_third() -> None:
    policy.check_peer(AIKO, BEN)
    assert code(policy.check_peer, AIKO, AIKO) == "conflict"
    policy.check_add(Room(7, "private"))
    assert code(policy.check_add, Room(7, "direct")) == "not_allowed"


def test_people_make_rooms_and_bots_do_not() -> None:
    policy.check_create(AIKO, "public")
    assert code(policy.check_create, AIKO, "direct") == "invalid"
    assert code(policy.check_create, BOT, "private") == "not_allowed"
