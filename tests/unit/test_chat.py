"""The use cases: what people may do, what they are answered, and that nothing is done halfway."""

import asyncio

import pytest

from teahouse import policy
from teahouse.errors import TooMuch
from teahouse.model import LOBBY, Edited, Here, Message, Posted, Reacted, Removed, Renamed, RobotSet, Typing, User
from teahouse.storage import people
from tests.storage.conftest import Another
from tests.storage.house import MAX_TEXT_BYTES, House, living, refusal


async def messages(house: House, user: User, room: int) -> list[Message]:
    return (await house.chat.page(user, room)).messages


async def owner(house: House) -> User:
    return (await house.auth.sign_in("Olga", "f01", owner_key=await house.auth.make_owner_key()))[1].user


# Saying


async def test_what_is_answered_is_what_everyone_is_told(house: House) -> None:
    aiko = await house.guest("Aiko")
    entry = await house.chat.post(aiko, LOBBY, "hello", "c1")
    assert entry.fact == Posted("hello") and entry.by == aiko and entry.client_id == "c1"
    assert house.announced[-1] == entry
    assert [message.text for message in await messages(house, aiko, LOBBY)] == ["hello"]


async def test_posts_without_waiting_for_answers_keep_their_order(house: House) -> None:
    aiko = await house.guest("Aiko")
    await asyncio.gather(*(house.chat.post(aiko, LOBBY, f"{n}", f"c{n}") for n in range(20)))
    assert [message.text for message in await messages(house, aiko, LOBBY)] == [f"{n}" for n in range(20)]


async def test_text_is_bounded_and_not_empty(house: House) -> None:
    aiko = await house.guest("Aiko")
    for text, code in {"": "empty_text", " \n\t": "empty_text", "茶" * MAX_TEXT_BYTES: "text_too_long"}.items():
        with pytest.raises(Exception) as raised:
            house.chat.post(aiko, LOBBY, text, "c1")
        assert raised.value.code == code  # type: ignore[attr-defined]
        assert await refusal(house.chat.edit(aiko, LOBBY, 1, text)) == code


async def test_a_text_is_measured_then_paced_and_only_then_looked_into(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_into = []
    check = policy.check_text
    monkeypatch.setattr(policy, "check_text", lambda text, size: looked_into.append(text) or check(text, size))
    async with living(url, burst=3) as house:
        aiko = await house.guest("Aiko")
        for _ in range(5):  # what is too long for anything costs no turn
            assert await refusal(house.chat.edit(aiko, LOBBY, 1, "茶" * (MAX_TEXT_BYTES + 1))) == "text_too_long"
        assert looked_into == []
        crowded = "a" + "\u0301\u0323" * 16
        refused = [await refusal(house.chat.edit(aiko, LOBBY, 1, crowded)) for _ in range(5)]
        assert refused == ["invalid"] * 3 + ["too_much"] * 2
        assert looked_into == [crowded] * 3


async def test_outsiders_do_not_post(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    public, private = await house.room(aiko, kind="public"), await house.room(aiko)
    for room, code in {public: "not_member", private: "not_found", 999: "not_found"}.items():
        assert await refusal(house.chat.post(ben, room, "let me in", f"c{room}")) == code


async def test_a_message_sent_again_after_leaving_is_answered_as_the_first_time(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    first = await house.chat.post(ben, room, "bye", "c1")
    await house.chat.leave(ben, room)
    assert await house.chat.post(ben, room, "bye", "c1") == first
    assert await refusal(house.chat.post(ben, room, "one more", "c2")) == "not_found"


async def test_a_client_id_used_elsewhere_does_not_pass_for_a_post_to_a_room_one_is_not_in(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, kind="public")
    await house.chat.post(ben, LOBBY, "hello", "c1")
    assert await refusal(house.chat.post(ben, room, "hello", "c1")) == "conflict"


async def test_who_joins_while_their_message_waits_is_heard(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, kind="public")
    joining = asyncio.ensure_future(house.chat.join(ben, room))
    await asyncio.sleep(0)
    posting = house.chat.post(ben, room, "here I am", "c1")
    assert (await posting).fact == Posted("here I am")
    await joining


async def test_people_write_at_a_bounded_rate_and_robots_as_they_must(url: str) -> None:
    async with living(url, burst=3) as house:
        aiko = await house.guest("Aiko")
        robot, _ = await house.committer.run(lambda tx: people.create(tx, "Robot", "robot", "f01", "bot"))
        for n in range(3):
            await house.say(aiko, LOBBY, f"{n}")
        with pytest.raises(TooMuch) as refused:
            house.chat.post(aiko, LOBBY, "and on", "c1")
        house.clock.ms += int((refused.value.retry_after_s or 0) * 1000)
        await house.chat.post(aiko, LOBBY, "and on", "c1")
        for n in range(10):
            assert await refusal(house.chat.post(robot, 999, "beep", f"r{n}")) == "not_found"


# Changing what was said


async def test_an_edit_is_told_and_read(house: House) -> None:
    aiko = await house.guest("Aiko")
    seq = await house.say(aiko, LOBBY, "helo")
    entry = await house.chat.edit(aiko, LOBBY, seq, "hello")
    assert entry.fact == Edited(seq, "hello")
    [message] = await messages(house, aiko, LOBBY)
    assert (message.text, message.edited) == ("hello", True)


async def test_only_the_author_edits(house: House) -> None:
    aiko, olga = await house.guest("Aiko"), await owner(house)
    seq = await house.say(aiko, LOBBY, "mine")
    assert await refusal(house.chat.edit(olga, LOBBY, seq, "hers")) == "not_allowed"
    assert await refusal(house.chat.edit(aiko, LOBBY, seq + 1, "what?")) == "not_found"


async def test_a_removed_message_takes_no_edit_and_no_reaction(house: House) -> None:
    aiko = await house.guest("Aiko")
    seq = await house.say(aiko, LOBBY, "oops")
    removed = await house.chat.remove(aiko, LOBBY, seq)
    assert removed is not None and removed.fact == Removed(seq, author=aiko.id)
    assert await house.chat.remove(aiko, LOBBY, seq) is None
    assert await refusal(house.chat.edit(aiko, LOBBY, seq, "again")) == "not_allowed"
    assert await refusal(house.chat.react(aiko, LOBBY, seq, "👍")) == "not_allowed"


async def test_the_author_the_rooms_owner_and_the_houses_owner_remove(house: House) -> None:
    aiko, ben, carl, olga = [await house.guest(name) for name in ("Aiko", "Ben", "Carl")] + [await owner(house)]
    room = await house.room(aiko, ben, carl, olga)
    seqs = [await house.say(ben, room, f"{n}") for n in range(4)]
    assert await refusal(house.chat.remove(carl, room, seqs[0])) == "not_allowed"
    for seq, user in zip(seqs, (ben, aiko, olga), strict=False):
        assert await house.chat.remove(user, room, seq) is not None


async def test_a_reaction_goes_on_once_and_off_once(house: House) -> None:
    aiko = await house.guest("Aiko")
    seq = await house.say(aiko, LOBBY, "tea?")
    on = await house.chat.react(aiko, LOBBY, seq, "🍵")
    assert on is not None and on.fact == Reacted(seq, "🍵", True)
    assert await house.chat.react(aiko, LOBBY, seq, "🍵") is None
    off = await house.chat.react(aiko, LOBBY, seq, "🍵", on=False)
    assert off is not None and off.fact == Reacted(seq, "🍵", False)
    assert await house.chat.react(aiko, LOBBY, seq, "🍵", on=False) is None


async def test_outsiders_change_nothing_that_was_said(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    seq = await house.say(ben, room, "mine")
    await house.chat.leave(ben, room)
    for attempt in (
        house.chat.edit(ben, room, seq, "changed"),
        house.chat.remove(ben, room, seq),
        house.chat.react(ben, room, seq, "👍"),
        house.chat.read(ben, room, seq),
        house.chat.members(ben, room),
        house.chat.add_member(ben, room, ben.id),
        house.chat.change_room(ben, room, "Ben's", None),
    ):
        assert await refusal(attempt) == "not_found"


# Rooms


async def test_a_room_made_again_with_the_same_client_id_is_the_same_room(house: House, another: Another) -> None:
    aiko = await house.guest("Aiko")
    first = await house.chat.create_room(aiko, "public", "Tea", "", "c1")
    later = await another()
    assert (await later.chat.create_room(aiko, "public", "Tea", "", "c1")).room == first.room


async def test_a_room_that_one_made_and_left_is_not_made_again(house: House) -> None:
    aiko = await house.guest("Aiko")
    room = (await house.chat.create_room(aiko, "public", "Tea", "", "c1")).room.id
    await house.chat.leave(aiko, room)
    assert await refusal(house.chat.create_room(aiko, "public", "Tea", "", "c1")) == "not_member"


async def test_a_client_id_used_for_a_message_makes_no_room(house: House) -> None:
    aiko = await house.guest("Aiko")
    await house.chat.post(aiko, LOBBY, "hello", "c1")
    assert await refusal(house.chat.create_room(aiko, "public", "Tea", "", "c1")) == "conflict"


async def test_a_new_public_room_has_its_owner_and_the_robots_in_it(house: House) -> None:
    aiko = await house.guest("Aiko")
    robot, _ = await house.committer.run(lambda tx: people.create(tx, "Robot", "robot", "f01", "bot"))
    house.chat.robots = [robot]
    room = (await house.chat.create_room(aiko, "public", "Tea", "green", "c1")).room.id
    rows = (await house.chat.members(aiko, room)).members
    assert [(row.user.name, row.role) for row in rows] == [("Aiko", "owner"), ("Robot", "member")]


async def test_a_direct_room_takes_two_different_people_who_exist(house: House) -> None:
    aiko = await house.guest("Aiko")
    assert await refusal(house.chat.open_direct(aiko, aiko.id)) == "conflict"
    assert await refusal(house.chat.open_direct(aiko, 999)) == "not_found"
    assert await refusal(house.chat.create_room(aiko, "direct", "us", "", "c1")) == "invalid"


async def test_public_rooms_are_joined_and_private_ones_are_not(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    public, private = await house.room(aiko, kind="public"), await house.room(aiko)
    assert (await house.chat.join(ben, public)).room.id == public
    assert (await house.chat.join(ben, public)).role == "member"
    assert await refusal(house.chat.join(ben, private)) == "not_found"
    assert await refusal(house.chat.join(ben, 999)) == "not_found"


async def test_members_let_others_in_and_only_the_owner_puts_them_out(house: House) -> None:
    aiko, ben, carl = [await house.guest(name) for name in ("Aiko", "Ben", "Carl")]
    room = await house.room(aiko, ben)
    assert await house.chat.add_member(ben, room, carl.id) is not None
    assert await refusal(house.chat.remove_member(ben, room, carl.id)) == "not_allowed"
    assert await house.chat.remove_member(aiko, room, carl.id) is not None
    assert await house.chat.remove_member(aiko, room, carl.id) is None
    assert await refusal(house.chat.remove_member(aiko, room, 999)) == "not_found"


async def test_who_has_left_the_house_is_not_let_into_rooms(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest_identity("Ben")
    room = await house.room(aiko)
    await house.auth.sign_out(ben.session)
    assert await refusal(house.chat.add_member(aiko, room, ben.user.id)) == "not_found"


async def test_the_lobby_and_direct_rooms_are_not_left_or_managed(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    direct = (await house.chat.open_direct(aiko, ben.id)).room.id
    for room in (LOBBY, direct):
        assert await refusal(house.chat.leave(aiko, room)) == "not_allowed"
        assert await refusal(house.chat.change_room(aiko, room, "Ours", None)) == "not_allowed"
        assert await refusal(house.chat.remove_member(aiko, room, ben.id)) == "not_allowed"
    assert await refusal(house.chat.add_member(aiko, direct, ben.id)) == "not_allowed"


async def test_a_name_or_topic_left_out_stays_as_it_is(house: House) -> None:
    aiko = await house.guest("Aiko")
    room = await house.room(aiko)
    renamed = await house.chat.change_room(aiko, room, "Tea", None)
    assert renamed is not None and renamed.fact == Renamed("Tea", "")
    assert await house.chat.change_room(aiko, room, "Tea", "") is None
    renamed = await house.chat.change_room(aiko, room, None, "green")
    assert renamed is not None and renamed.fact == Renamed("Tea", "green")


async def test_a_room_chooses_when_the_robot_answers_and_everyone_learns_it(house: House, another: Another) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko, ben)
    assert house.chat.room(room).robot == "mention"
    entry = await house.chat.set_robot(aiko, room, "always")
    assert entry is not None and entry.fact == RobotSet("always")
    assert await house.chat.set_robot(aiko, room, "always") is None
    assert house.chat.room(room).robot == "always"
    assert (await house.chat.standings(ben))[-1].room.robot == "always"
    assert [notice.fact for notice in (await house.chat.page(ben, room)).notices][-1] == RobotSet("always")
    assert (await another()).chat.room(room).robot == "always"


async def test_only_who_manages_a_room_chooses_when_the_robot_answers(house: House) -> None:
    aiko, ben, olga = await house.guest("Aiko"), await house.guest("Ben"), await owner(house)
    room, direct = await house.room(aiko, ben), (await house.chat.open_direct(aiko, ben.id)).room.id
    for user, place in [(ben, room), (aiko, LOBBY), (aiko, direct)]:
        assert await refusal(house.chat.set_robot(user, place, "never")) == "not_allowed"
    assert await refusal(house.chat.set_robot(olga, room, "never")) == "not_found"
    assert await house.chat.set_robot(olga, LOBBY, "never") is not None
    assert house.chat.room(room).robot == "mention"


async def test_two_who_change_name_and_topic_at_once_both_succeed(house: House) -> None:
    aiko = await house.guest("Aiko")
    room = await house.room(aiko)
    await asyncio.gather(house.chat.change_room(aiko, room, "Tea", None), house.chat.change_room(aiko, room, None, "green"))
    found = house.roster.rooms[room]
    assert (found.name, found.topic) == ("Tea", "green")


async def test_rooms_are_found_by_a_part_of_their_name_when_they_are_public(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    await house.chat.create_room(aiko, "public", "Green Tea", "", "c1")
    await house.chat.create_room(aiko, "private", "Secret Tea", "", "c2")
    found = (await house.chat.find_rooms(ben, "TEA")).rooms
    assert [(one.room.name, one.members, one.joined) for one in found] == [("Green Tea", 1, False)]


# Looking around


async def test_members_who_are_here_come_first_and_are_found_by_a_part_of_their_name(house: House) -> None:
    aiko, ben, carl = [await house.guest(name) for name in ("Aiko", "Ben", "Carl")]
    room = await house.room(aiko, ben, carl)
    house.presence.came(room, carl)
    found = await house.chat.members(aiko, room)
    assert [(row.user.name, row.here) for row in found.members] == [("Carl", True), ("Aiko", False), ("Ben", False)]
    assert (found.count, found.here) == (3, 1)
    assert [row.user.name for row in (await house.chat.members(aiko, room, "AR")).members] == ["Carl"]


async def test_typing_is_told_to_the_room_not_too_often_and_not_by_outsiders(house: House) -> None:
    aiko, ben = await house.guest("Aiko"), await house.guest("Ben")
    room = await house.room(aiko)
    for _ in range(3):
        house.chat.typing(aiko, room)
    assert house.signals == [Typing(room, aiko)]
    house.clock.ms += 3000
    house.chat.typing(aiko, room)
    assert len(house.signals) == 2
    with pytest.raises(Exception, match="does not exist"):
        house.chat.typing(ben, room)
    assert not any(isinstance(signal, Here) for signal in house.signals)
