"""A stream that fits what the client has: resumed from its cursors, or reset in words, whatever happens to memberships meanwhile."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from teahouse.auth import Identity
from teahouse.model import LOBBY, User
from tests.gateways.connection.talk import Dial, Event
from tests.storage.house import House

# Resuming


async def test_what_was_missed_follows_once_and_in_order(house: House, dial: Dial, aiko: Identity, ben: User) -> None:
    first = dial(aiko)
    welcome = await first.hello()
    head = welcome["rooms"][0]["head"]
    first.connection.close()
    seqs = [await house.say(ben, LOBBY, f"{n}") for n in range(5)]

    again = dial(aiko)
    resumed = await again.hello(epoch=welcome["epoch"], cursors={str(aiko.inbox): welcome["inbox_head"], str(LOBBY): head})

    assert resumed["resumed"] and "rooms" not in resumed
    await again.up_to(LOBBY, seqs[-1])
    assert again.seqs(LOBBY) == seqs
    assert again.events("reset") == []


@pytest.mark.parametrize(
    ("epoch", "inbox"),
    [("another life", 1), ("same", 1000), ("same", None), (None, 1)],
    ids=["another epoch", "an inbox from the future", "no cursor for the inbox", "no epoch"],
)
async def test_what_cannot_be_resumed_starts_afresh(house: House, dial: Dial, aiko: Identity, epoch: str | None, inbox: int | None) -> None:
    resume: Event = {"cursors": {str(LOBBY): 1}}
    if epoch is not None:
        resume["epoch"] = house.database.epoch if epoch == "same" else epoch
    if inbox is not None:
        resume["cursors"][str(aiko.inbox)] = inbox
    welcome = await dial(aiko).hello(**resume)
    assert not welcome["resumed"] and [one["room"]["id"] for one in welcome["rooms"]] == [LOBBY]
    assert welcome.get("other_life", False) is (epoch == "another life" or inbox == 1000)


async def test_each_room_that_cannot_be_resumed_says_why(house: House, dial: Dial, aiko: Identity, ben: User) -> None:
    kept, left, again, new = [await house.room(ben, aiko.user) for _ in range(4)]
    inbox_head = await house.chat.head(aiko.inbox)
    cursors = {aiko.inbox: inbox_head, kept: 3, left: 3, again: 3}
    said = await house.say(ben, kept, "hello")
    await house.chat.leave(aiko.user, left)
    await house.chat.leave(aiko.user, again)
    joined = await house.chat.add_member(ben, again, aiko.user.id)
    assert joined is not None

    talk = dial(aiko)
    assert (await talk.hello(epoch=house.database.epoch, cursors=cursors))["resumed"]
    await talk.up_to(kept, said)
    await talk.up_to(again, joined.seq)
    await talk.until(lambda: len(talk.events("reset")) == 4)

    lobby_head = await house.chat.head(LOBBY)
    assert {event["log"]: (event["why"], event["head"]) for event in talk.events("reset")} == {
        LOBBY: ("unknown", lobby_head),
        left: ("left", None),
        again: ("left", joined.seq - 1),
        new: ("unknown", 3),
    }
    assert talk.seqs(left) == [] and talk.seqs(again) == [joined.seq]


@pytest.mark.parametrize("above", ["inbox", "lobby", "room"])
async def test_one_cursor_above_its_head_proves_another_life_in_which_no_cursor_means_anything(
    house: House, dial: Dial, aiko: Identity, ben: User, above: str
) -> None:
    room = await house.room(ben, aiko.user)
    logs = {"inbox": aiko.inbox, "lobby": LOBBY, "room": room}
    cursors = await house.chat.heads(logs.values())
    cursors[logs[above]] += 1

    talk = dial(aiko)
    welcome = await talk.hello(epoch=house.database.epoch, cursors=cursors)

    assert (welcome["resumed"], welcome["other_life"]) == (False, True)
    assert [one["room"]["id"] for one in welcome["rooms"]] == [LOBBY, room]
    assert talk.events("reset") == []
    await talk.up_to(room, await house.say(ben, room, "and on"))


@pytest.mark.parametrize("seen", [0, 1, 1000])
async def test_a_cursor_of_a_log_that_is_not_ones_own_proves_nothing_and_tells_nothing(
    house: House, dial: Dial, aiko: Identity, ben: User, seen: int
) -> None:
    """Or whoever tries numbers learns which logs there are and how far they go."""
    foreign, absent = await house.room(ben), 123_456_789
    for log in (foreign, absent):
        talk = dial(aiko)
        cursors = {**await house.chat.heads([aiko.inbox, LOBBY]), log: seen}
        welcome = await talk.hello(epoch=house.database.epoch, cursors=cursors)
        assert (welcome["resumed"], "other_life" in welcome) == (True, False)
        assert [(reset["log"], reset["why"], reset["head"]) for reset in talk.events("reset")] == [(log, "left", None)]


async def test_cursors_at_their_heads_are_resumed(house: House, dial: Dial, aiko: Identity) -> None:
    cursors = await house.chat.heads([aiko.inbox, LOBBY])
    assert (await dial(aiko).hello(epoch=house.database.epoch, cursors=cursors))["resumed"]


async def test_a_cursor_that_only_this_server_has_not_heard_of_is_resumed(
    house: House, dial: Dial, aiko: Identity, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another server told the client of it, and this one's packet was lost: the database knows."""
    other = dial(aiko)
    await other.hello()
    await other.up_to(LOBBY, await house.say(ben, LOBBY, "heard here"))
    with monkeypatch.context() as lost:
        lost.setattr(house.hub, "receive", lambda *_: None)
        seq = await house.say(ben, LOBBY, "not heard here")
    assert (house.hub.head(LOBBY) or 0) < seq

    talk = dial(aiko)
    cursors = {aiko.inbox: await house.chat.head(aiko.inbox), LOBBY: seq}
    assert (await talk.hello(epoch=house.database.epoch, cursors=cursors))["resumed"]
    await talk.up_to(LOBBY, await house.say(ben, LOBBY, "and on"))
    assert (talk.seqs(LOBBY), talk.events("reset")) == ([seq + 1], [])


async def test_the_cursor_of_a_room_that_one_is_let_into_while_cursors_are_judged_is_not_believed(
    house: House, dial: Dial, aiko: Identity, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.room(ben)
    cursors = {aiko.inbox: await house.chat.head(aiko.inbox), room: 1000}
    real = house.chat.heads

    async def heads(logs: Any) -> dict[int, int]:
        found = await real(logs)
        await house.chat.add_member(ben, room, aiko.user.id)
        return found

    monkeypatch.setattr(house.chat, "heads", heads)
    talk = dial(aiko)
    assert (await talk.hello(epoch=house.database.epoch, cursors=cursors))["resumed"]
    await talk.up_to(room, await house.say(ben, room, "welcome"))
    assert talk.seqs(room)[0] == house.chat.since(aiko.user)[room]


async def test_a_fresh_start_says_since_when_its_reader_is_here(house: House, dial: Dial, aiko: Identity) -> None:
    came_at = house.clock()
    house.clock.pass_days(1)
    assert (await dial(aiko).hello())["since"] == came_at


async def test_thousands_of_rooms_that_are_gone_are_told_in_one_write(
    house: House, dial: Dial, aiko: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursors = {aiko.inbox: await house.chat.head(aiko.inbox)} | {log: 0 for log in range(10_000, 15_000)}
    talk, writes = dial(aiko), []
    write = talk.ear.write
    monkeypatch.setattr(talk.ear, "write", lambda rendering: writes.append(len(rendering)) or write(rendering))
    assert (await talk.hello(epoch=house.database.epoch, cursors=cursors))["resumed"]
    assert {event["log"] for event in talk.events("reset")} >= set(range(10_000, 15_000))
    assert len(writes) < 10


async def test_a_cursor_from_an_earlier_membership_is_moved_to_this_one(house: House, dial: Dial, aiko: Identity, ben: User) -> None:
    room = await house.room(ben, aiko.user)
    await house.chat.leave(aiko.user, room)
    joined = await house.chat.add_member(ben, room, aiko.user.id)
    assert joined is not None
    inbox_head = await house.chat.head(aiko.inbox)  # so that the inbox has nothing more to say about it

    talk = dial(aiko)
    await talk.hello(epoch=house.database.epoch, cursors={aiko.inbox: inbox_head, LOBBY: 3, room: 3})

    await talk.up_to(room, joined.seq)
    assert talk.seqs(room) == [joined.seq]
    assert [(event["why"], event["head"]) for event in talk.events("reset", room)] == [("left", joined.seq - 1)]


async def test_a_room_joined_while_away_is_told_and_read(house: House, dial: Dial, aiko: Identity, ben: User) -> None:
    welcome = await (first := dial(aiko)).hello()
    first.connection.close()
    room = await house.room(ben, aiko.user)
    seq = await house.say(ben, room, "welcome")

    talk = dial(aiko)
    await talk.hello(epoch=welcome["epoch"], cursors={aiko.inbox: welcome["inbox_head"], LOBBY: welcome["rooms"][0]["head"]})

    await talk.until(lambda: talk.events("entry", aiko.inbox))
    assert talk.events("entry", aiko.inbox)[0]["fact"]["room"]["id"] == room
    await talk.until(lambda: seq in talk.seqs(room) or any(event["log"] == room and event["head"] >= seq for event in talk.events("reset")))
    after = await house.say(ben, room, "and on")
    await talk.up_to(room, after)


# Membership that changes between what is read and what is followed

Between = Callable[[], Awaitable[object]]


def happen_after_snapshot(house: House, monkeypatch: pytest.MonkeyPatch, happen: Between) -> None:
    real = house.chat.snapshot

    async def snapshot(*who: Any) -> Any:
        found = await real(*who)
        await happen()
        return found

    monkeypatch.setattr(house.chat, "snapshot", snapshot)


async def test_who_is_put_out_during_hello_reads_up_to_their_leaving(
    house: House, dial: Dial, aiko: Identity, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.room(ben, aiko.user)

    async def happen() -> None:
        await house.say(ben, room, "just before")
        await house.chat.remove_member(ben, room, aiko.user.id)
        await house.say(ben, room, "not for Aiko")

    happen_after_snapshot(house, monkeypatch, happen)
    talk = dial(aiko)
    welcome = await talk.hello()
    head = next(one["head"] for one in welcome["rooms"] if one["room"]["id"] == room)
    await talk.up_to(room, head + 2)
    await house.say(ben, room, "nor this")
    await talk.up_to(LOBBY, await house.say(ben, LOBBY, "for all"))
    assert talk.seqs(room) == [head + 1, head + 2]


async def test_who_is_put_out_and_let_in_again_during_hello_reads_on(
    house: House, dial: Dial, aiko: Identity, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.room(ben, aiko.user)
    secret: list[int] = []

    async def happen() -> None:
        await house.chat.remove_member(ben, room, aiko.user.id)
        secret.append(await house.say(ben, room, "not for Aiko"))
        await house.chat.add_member(ben, room, aiko.user.id)

    happen_after_snapshot(house, monkeypatch, happen)
    talk = dial(aiko)
    await talk.hello()
    await talk.up_to(room, await house.say(ben, room, "welcome back"))
    assert secret[0] not in talk.seqs(room)


async def test_who_is_let_in_during_hello_reads_from_their_joining(
    house: House, dial: Dial, aiko: Identity, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.room(ben)
    happen_after_snapshot(house, monkeypatch, lambda: house.chat.add_member(ben, room, aiko.user.id))
    talk = dial(aiko)
    await talk.hello()
    await talk.up_to(room, await house.say(ben, room, "welcome"))
    assert talk.seqs(room)[0] == house.chat.since(aiko.user)[room]


async def test_who_was_let_in_and_is_known_so_only_to_the_database_keeps_the_room(
    house: House, dial: Dial, aiko: Identity, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.room(ben)
    talk = dial(aiko)
    with monkeypatch.context() as late:
        # The commit is on disk, and the loop has not yet come to telling the roster of it.
        late.setattr(house.chat, "since", lambda user: {LOBBY: house.roster.since(user.id)[LOBBY]})
        await house.chat.add_member(ben, room, aiko.user.id)
        welcome = await talk.hello()
    assert room in [one["room"]["id"] for one in welcome["rooms"]]
    assert talk.events("reset") == []
    await talk.up_to(room, await house.say(ben, room, "welcome"))
