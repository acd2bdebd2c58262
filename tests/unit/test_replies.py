"""Replies that grow: what the room is told of them, what someone who comes late is shown, and who may stop one."""

import pytest

from teahouse.errors import NotAllowed, NotFound, TeahouseError
from teahouse.model import MemberRole, ReplyBegin, ReplyDelta, ReplyEnd, Role, Signal, User
from teahouse.replies import Replies, Reply
from teahouse.roster import Seat

BIRDIE = User(100, "Birdie", "birdie", "bot")
ROOM = 7


class Stage:
    """A room's replies, what was signalled, and who sits there."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []
        self.seats: dict[int, Seat] = {}
        self.replies = Replies(self.require, lambda room, signal: self.signals.append(signal))

    def require(self, user: int, room: int) -> Seat:
        if user not in self.seats:
            raise NotFound(f"room {room} does not exist, or you are not in it")
        return self.seats[user]

    def sits(self, user_id: int, role: MemberRole = "member", house_role: Role = "guest") -> User:
        user = User(user_id, f"user {user_id}", "f01", house_role)
        self.seats[user_id] = Seat(user, role, 1)
        return user

    def begin(self, asker: int = 1, client_id: str = "re-7-3") -> Reply:
        return self.replies.begin(BIRDIE, ROOM, client_id, asker, 3)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def begun(part: int, text: str) -> ReplyBegin:
    return ReplyBegin(ROOM, BIRDIE, "re-7-3", 1, part, text, 3)


def test_the_room_is_told_what_was_added_in_parts_that_count_up(stage: Stage) -> None:
    reply = stage.begin()
    reply.add("Green ")
    reply.add("tea")
    reply.tell()
    reply.tell()
    reply.add("!")
    reply.tell()
    reply.end()
    assert stage.signals == [
        begun(0, ""),
        ReplyDelta(ROOM, "re-7-3", 1, "Green tea"),
        ReplyDelta(ROOM, "re-7-3", 2, "!"),
        ReplyEnd(ROOM, "re-7-3"),
    ]


def test_who_comes_in_the_middle_is_shown_what_was_told_and_the_next_part_follows_it(stage: Stage) -> None:
    reply = stage.begin()
    reply.add("Green ")
    reply.tell()
    reply.add("tea")
    assert stage.replies.shown(ROOM) == [begun(1, "Green ")]
    reply.tell()
    assert stage.signals[-1] == ReplyDelta(ROOM, "re-7-3", 2, "tea")


def test_a_reminder_tells_all_that_was_told(stage: Stage) -> None:
    reply = stage.begin()
    reply.add("Green tea")
    reply.tell()
    reply.remind()
    assert stage.signals[-1] == begun(1, "Green tea")


def test_an_ended_reply_is_shown_to_nobody_and_other_rooms_show_nothing(stage: Stage) -> None:
    first, second = stage.begin(), stage.begin(client_id="re-7-4")
    assert stage.replies.shown(8) == []
    first.end()
    assert [shown.client_id for shown in stage.replies.shown(ROOM)] == ["re-7-4"]
    second.end()
    assert stage.replies.shown(ROOM) == []


@pytest.mark.parametrize(
    ("user", "role", "house_role"), [(1, "member", "guest"), (2, "owner", "guest"), (2, "member", "owner"), (2, "member", "admin")]
)
def test_who_asked_and_who_keeps_order_may_stop_it(stage: Stage, user: int, role: MemberRole, house_role: Role) -> None:
    reply = stage.begin(asker=1)
    calls: list[str] = []
    reply.on_stop = lambda: calls.append("stop")
    stage.replies.stop(stage.sits(user, role, house_role), ROOM, "re-7-3")
    assert reply.stopped and calls == ["stop"]


def test_others_may_not_stop_it_and_outsiders_do_not_learn_of_it(stage: Stage) -> None:
    reply = stage.begin(asker=1)
    with pytest.raises(NotAllowed):
        stage.replies.stop(stage.sits(2), ROOM, "re-7-3")
    stranger = User(9, "Eve", "f09")
    words = set()
    for client_id in ("re-7-3", "re-7-99"):
        with pytest.raises(TeahouseError) as refused:
            stage.replies.stop(stranger, ROOM, client_id)
        words.add(refused.value.words)
    assert not reply.stopped and len(words) == 1


def test_what_has_ended_cannot_be_stopped(stage: Stage) -> None:
    user = stage.sits(1)
    stage.begin(asker=1).end()
    with pytest.raises(NotFound):
        stage.replies.stop(user, ROOM, "re-7-3")
