"""Who is here and who types: counted by user, told together, never stored."""

import pytest

from teahouse.delivery import presence as module
from teahouse.delivery.presence import TYPING_EVERY_MS, Presence
from teahouse.model import Here, User

AIKO, BEN = User(1, "Aiko", "f01"), User(2, "Ben", "f01")
TEA = 7


@pytest.fixture
def presence() -> Presence:
    return Presence()


def test_someone_is_here_from_their_first_connection_to_their_last(presence: Presence) -> None:
    presence.came(TEA, AIKO)
    presence.came(TEA, AIKO)
    presence.went(TEA, AIKO)
    assert AIKO.id in presence.here(TEA) and presence.count(TEA) == 1
    presence.went(TEA, AIKO)
    assert AIKO.id not in presence.here(TEA) and presence.here(TEA) == {}


def test_changes_are_told_once_and_together(presence: Presence) -> None:
    presence.came(TEA, AIKO)
    presence.came(TEA, BEN)
    assert list(presence.changes()) == [Here(TEA, 2, [AIKO, BEN], [])]
    assert list(presence.changes()) == []
    presence.went(TEA, AIKO)
    assert list(presence.changes()) == [Here(TEA, 1, [], [AIKO.id])]


def test_a_second_connection_is_no_news(presence: Presence) -> None:
    presence.came(TEA, AIKO)
    list(presence.changes())
    presence.came(TEA, AIKO)
    presence.went(TEA, AIKO)
    assert list(presence.changes()) == []


def test_whoever_folds_the_changes_knows_who_is_here(presence: Presence) -> None:
    known: set[int] = set()
    for came, user in [(True, AIKO), (True, BEN), (False, AIKO), (True, AIKO), (False, BEN), (False, AIKO)]:
        (presence.came if came else presence.went)(TEA, user)
        for here in presence.changes():
            known = (known | {user.id for user in here.came}) - set(here.went)
            assert here.count == len(known)
        assert known == set(presence.here(TEA))


def test_who_comes_and_goes_between_two_tellings_is_told_as_they_are_now(presence: Presence) -> None:
    presence.came(TEA, AIKO)
    list(presence.changes())
    presence.went(TEA, AIKO)
    presence.came(TEA, AIKO)
    presence.came(TEA, BEN)
    presence.went(TEA, BEN)
    for here in presence.changes():
        assert here.count == 1
        assert BEN not in here.came and AIKO.id not in here.went


def test_in_a_crowd_only_the_number_is_told(presence: Presence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CROWD", 1)
    presence.came(TEA, AIKO)
    presence.came(TEA, BEN)
    assert list(presence.changes()) == [Here(TEA, 2)]


def test_rooms_are_told_apart(presence: Presence) -> None:
    presence.came(TEA, AIKO)
    presence.came(TEA + 1, BEN)
    assert list(presence.changes()) == [Here(TEA, 1, [AIKO]), Here(TEA + 1, 1, [BEN])]


def test_typing_is_news_again_after_a_while(presence: Presence) -> None:
    assert presence.may_tell_typing(TEA, AIKO.id, 0)
    assert not presence.may_tell_typing(TEA, AIKO.id, TYPING_EVERY_MS - 1)
    assert presence.may_tell_typing(TEA, BEN.id, TYPING_EVERY_MS - 1)
    assert presence.may_tell_typing(TEA + 1, AIKO.id, TYPING_EVERY_MS - 1)
    assert presence.may_tell_typing(TEA, AIKO.id, TYPING_EVERY_MS)


def test_who_typed_long_ago_is_forgotten(presence: Presence) -> None:
    for number in range(5000):
        presence.may_tell_typing(TEA, number, number * 10)
    assert len(presence._typed) <= 1001 + TYPING_EVERY_MS // 10


def test_the_more_are_here_the_less_often_they_are_told_and_at_last_they_are(presence: Presence) -> None:
    for number in range(3 * module.TOLD_AT_ONCE):
        presence.came(TEA, User(number, "Reader", "f01"))
    assert [here.count for here in presence.changes()] == [1500]
    presence.went(TEA, User(0, "Reader", "f01"))
    told = [[here.count for here in presence.changes()] for _ in range(5)]
    assert told == [[], [], [], [1499], []]


def test_a_small_room_does_not_wait_for_a_large_one(presence: Presence) -> None:
    for number in range(module.TOLD_AT_ONCE):
        presence.came(TEA, User(number, "Reader", "f01"))
    list(presence.changes())
    presence.went(TEA, User(0, "Reader", "f01"))
    presence.came(8, AIKO)
    assert list(presence.changes()) == [Here(8, 1, [AIKO], [])]
