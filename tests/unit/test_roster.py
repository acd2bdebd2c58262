"""Who is in which room, in memory: loaded once, then following the logs."""

from itertools import count

import pytest

from teahouse.errors import TeahouseError
from teahouse.model import Created, Entry, Fact, Joined, Left, Posted, Renamed, RobotSet, Room, RoomKind, User
from teahouse.roster import Roster, Seat

AIKO, BEN = User(1, "Aiko", "f01"), User(2, "Ben", "f01")
TEA = 7


class Log:
    """Feeds a roster with the entries of one room."""

    def __init__(self, roster: Roster, kind: RoomKind = "private", room: int = TEA) -> None:
        self._roster = roster
        self._room = room
        self._numbers = count(1)
        self.add(Created(kind, "Tea", ""))

    def add(self, fact: Fact) -> None:
        self._roster.apply(Entry(self._room, next(self._numbers), 0, AIKO, fact))


def test_a_joining_seats_and_a_leaving_unseats() -> None:
    roster = Roster()
    log = Log(roster)
    log.add(Joined(AIKO, "owner"))
    log.add(Joined(BEN))
    assert roster.seat(BEN.id, TEA) == Seat(BEN, "member", 3)
    assert roster.count(TEA) == 2
    log.add(Left(BEN))
    assert roster.seat(BEN.id, TEA) is None
    assert (roster.rooms_of(BEN.id), roster.since(BEN.id)) == (set(), {})
    assert [seat.user for seat in roster.seats(TEA)] == [AIKO]


def test_a_membership_that_begins_anew_counts_from_its_new_joining() -> None:
    roster = Roster()
    log = Log(roster)
    for fact in (Joined(AIKO, "owner"), Left(AIKO), Joined(AIKO)):
        log.add(fact)
    assert roster.since(AIKO.id) == {TEA: 4}
    assert roster.require(AIKO.id, TEA).role == "member"


def test_loading_gives_what_following_gave() -> None:
    followed, loaded = Roster(), Roster()
    log = Log(followed)
    for fact in (Joined(AIKO, "owner"), Joined(BEN), Left(BEN), Renamed("Cake", "chocolate"), RobotSet("never")):
        log.add(fact)
    loaded.load([Room(TEA, "private", "Cake", "chocolate", robot="never")], [(TEA, AIKO, "owner", 2)])
    assert loaded.rooms == followed.rooms
    assert loaded.since(AIKO.id) == followed.since(AIKO.id)
    assert list(loaded.seats(TEA)) == list(followed.seats(TEA))


@pytest.mark.parametrize(("kind", "code"), [("public", "not_member"), ("private", "not_found"), ("direct", "not_found")])
def test_outsiders_hear_of_public_rooms_only(kind: RoomKind, code: str) -> None:
    roster = Roster()
    Log(roster, kind).add(Joined(AIKO))
    assert roster.require(AIKO.id, TEA).user == AIKO
    for room, expected in ((TEA, code), (999, "not_found")):
        with pytest.raises(TeahouseError) as refused:
            roster.require(BEN.id, room)
        assert refused.value.code == expected


def test_what_is_said_and_what_never_was_change_nothing() -> None:
    roster = Roster()
    log = Log(roster)
    log.add(Posted("hello"))
    log.add(Left(BEN))
    assert roster.count(TEA) == 0
    assert list(roster.seats(999)) == [] and roster.count(999) == 0


def test_a_user_whose_role_changed_is_seen_so_in_all_rooms() -> None:
    roster = Roster()
    for room in (TEA, TEA + 1):
        Log(roster, room=room).add(Joined(AIKO))
    promoted = User(AIKO.id, "Aiko", "f01", "owner")
    roster.refresh(promoted)
    assert [roster.require(AIKO.id, room).user for room in (TEA, TEA + 1)] == [promoted, promoted]
    assert roster.since(AIKO.id) == {TEA: 2, TEA + 1: 2}
