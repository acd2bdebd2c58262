"""Coming back and leaving: all that was missed follows from the cursor, or a reset says why not, and nothing follows one's own leaving."""

import pytest

from teahouse.delivery.subscriber import Subscriber
from teahouse.model import Entry, Posted, Removed, ReplyBegin, ReplyDelta
from tests.delivery.scene import AIKO, BEN, TEA, WIDE, Scene, resets, seqs
from tests.delivery.world import FillingOutlet

# Coming back


async def test_after_a_cut_everything_missed_follows_from_the_cursor(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    scene.say("a")
    await scene.quiet()
    aiko.disconnect()  # "a" was written and never arrived
    scene.say("b", "c")
    aiko.connect(scene.hub, WIDE)
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.got[TEA] == [1, 2, 3, 4]


async def test_a_thousand_missed_entries_are_several_pages_and_all_of_them_come(scene: Scene) -> None:
    aiko = scene.come_in(AIKO)
    scene.say(*map(str, range(1000)))
    aiko.connect(scene.hub, WIDE)
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.got[TEA] == list(range(1, 1002))
    assert scene.reads > 4, "it was not several pages"


async def test_a_message_that_comes_while_one_subscribes_is_not_lost(scene: Scene) -> None:
    aiko = scene.come_in(AIKO)
    scene.open_door.clear()
    aiko.connect(scene.hub, WIDE)
    await scene.quiet()
    scene.say("while the head is being read")
    scene.open_door.set()
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.seen[TEA] == scene.truth.head(TEA)


async def test_an_old_socket_that_dies_late_takes_nothing_from_the_new_one(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    old = aiko.subscriber
    aiko.connect(scene.hub, WIDE)
    await scene.quiet()
    old.close()
    scene.say("hello")
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.seen[TEA] == scene.truth.head(TEA)
    assert AIKO.id in scene.presence.here(TEA)


async def test_following_again_doubles_nothing_and_is_one_presence(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    for after in (0, aiko.seen[TEA], None):
        aiko.subscriber.follow(TEA, after, 1)
    scene.say("hello")
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.got[TEA] == [1, 2]
    aiko.disconnect()
    assert AIKO.id not in scene.presence.here(TEA)


async def test_nothing_is_kept_of_a_log_that_nobody_reads(scene: Scene) -> None:
    aiko, ben = await scene.reader(AIKO), await scene.reader(BEN)
    aiko.disconnect()
    assert set(scene.hub.channels) == {TEA, ben.inbox}
    ben.disconnect()
    assert scene.hub.channels == {}
    scene.say("to nobody")


async def test_a_reader_that_was_closed_is_written_nothing(scene: Scene) -> None:
    aiko = await scene.reader(AIKO, room=1)
    scene.say("a", "b")
    await scene.quiet()
    outlet, subscriber = aiko.outlet, aiko.subscriber
    scene.open_door.clear()
    aiko.take(WIDE)
    await scene.quiet()
    subscriber.close()
    written = len(outlet.buffer)
    scene.open_door.set()
    scene.say("c")
    subscriber.follow(TEA, 0, 1)
    await scene.quiet()
    assert len(outlet.buffer) == written


# Leaving


@pytest.mark.parametrize("room", [WIDE, 1], ids=["live", "in catch-up"])
async def test_nothing_is_written_past_ones_own_leaving(scene: Scene, room: int) -> None:
    aiko, ben = await scene.reader(AIKO, room=room), await scene.reader(BEN)
    scene.say("a", "b")
    scene.leave(aiko)
    scene.say("not for Aiko")
    await scene.quiet()
    scene.say("nor this")
    await scene.quiet()
    await scene.drink_up(aiko)
    ben.take(WIDE)
    left = aiko.got[TEA][-1]
    assert aiko.got[TEA] == list(range(1, left + 1)) and left == scene.truth.head(TEA) - 2
    assert ben.seen[TEA] == scene.truth.head(TEA)
    assert AIKO.id not in scene.presence.here(TEA)


async def test_a_resume_ends_at_a_leaving_that_was_missed(scene: Scene) -> None:
    scene.come_in(AIKO)
    outlet = FillingOutlet(WIDE)
    subscriber = Subscriber(AIKO, outlet, scene.hub)
    scene.say("a")
    scene.leave(scene.clients[0])
    scene.say("not for Aiko")
    subscriber.follow(TEA, 1, 1)
    await scene.quiet()
    assert seqs(outlet) == [2, 3]


@pytest.mark.parametrize("room", [WIDE, 1], ids=["live", "in catch-up"])
async def test_who_leaves_and_comes_back_reads_on_from_the_new_joining(scene: Scene, room: int) -> None:
    aiko = await scene.reader(AIKO, room=room)
    scene.leave(aiko)
    scene.say("not for Aiko")
    scene.join(aiko)
    scene.say("welcome back")
    await scene.quiet()
    await scene.drink_up(aiko)
    assert aiko.seen[TEA] == scene.truth.head(TEA)
    assert 3 not in aiko.got[TEA], "what was said while she was out"


async def test_being_let_into_a_room_opens_it_from_the_joining_on(scene: Scene) -> None:
    scene.say("before")
    aiko = await scene.reader(AIKO)
    assert aiko.got[TEA] == [2]


# Resets


async def test_without_a_cursor_the_stream_goes_on_after_the_head_and_says_so(scene: Scene) -> None:
    scene.say("a", "b", "c")
    outlet = await scene.bare_reader(None)
    scene.say("d")
    await scene.quiet()
    assert (resets(outlet), seqs(outlet)) == ([("unknown", 3)], [4])


async def test_a_cursor_from_the_future_is_unknown(scene: Scene) -> None:
    scene.say("a")
    outlet = await scene.bare_reader(50)
    scene.say("b")
    await scene.quiet()
    assert (resets(outlet), seqs(outlet)) == ([("unknown", 1)], [2])


async def test_a_cursor_that_is_ahead_of_a_lagging_server_alone_waits_until_that_has_read_up(scene: Scene) -> None:
    scene.say("a")
    await scene.bare_reader(1)
    scene.say("b", lost=True)
    scene.broken_pages = True
    outlet = await scene.bare_reader(2)
    assert resets(outlet) == []
    scene.broken_pages = False
    scene.troubles.clear()
    await scene.hub.sweep()
    await scene.quiet()
    scene.say("c")
    await scene.quiet()
    assert (resets(outlet), seqs(outlet)) == ([], [3])


async def test_a_cursor_too_far_back_is_reset_to_the_head() -> None:
    async with Scene(resume_limit=5) as scene:
        scene.say(*map(str, range(10)))
        near, far = await scene.bare_reader(5), await scene.bare_reader(4)
        assert (resets(near), seqs(near)) == ([], [6, 7, 8, 9, 10])
        assert (resets(far), seqs(far)) == ([("too_far", 10)], [])


async def test_a_reader_who_was_live_is_never_too_far_back() -> None:
    async with Scene(resume_limit=5) as scene:
        slow = await scene.reader(AIKO, room=1)
        scene.say(*map(str, range(50)))
        await scene.quiet()
        await scene.drink_up(slow)
        assert slow.seen[TEA] == scene.truth.head(TEA)


async def test_a_log_that_was_trimmed_past_the_cursor_is_reset(scene: Scene) -> None:
    scene.say(*map(str, range(10)))
    scene.truth.trimmed[TEA] = 5
    outlet = await scene.bare_reader(2)
    scene.say("and on")
    await scene.quiet()
    assert (resets(outlet), seqs(outlet)) == ([("trimmed", 10)], [11])


# Erased


async def test_a_removed_text_is_told_to_nobody_who_reads_later(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    scene.say("a secret")
    secret = scene.truth.head(TEA)
    scene.happen(TEA, Removed(secret))
    await scene.quiet()
    scene.truth.logs[TEA][secret - 1] = Entry(TEA, secret, 0, AIKO, Posted("", removed=True))  # as the database reads from now on
    late = await scene.bare_reader(secret - 1)
    assert seqs(late) == [secret, secret + 1]
    assert "a secret" not in str(late.buffer)
    aiko.take(WIDE)


# What has no number and still goes on


async def test_who_becomes_live_is_shown_what_goes_on_and_misses_no_part_after_it(scene: Scene) -> None:
    begun = ReplyBegin(TEA, BEN, "re-7-1", AIKO.id, 2, "Once upon")
    scene.hub.ongoing = lambda log: [begun] if log == TEA else []
    scene.say("a", "b")
    aiko = scene.come_in(AIKO)
    aiko.connect(scene.hub, WIDE)
    scene.hub.signal(TEA, ReplyDelta(TEA, "re-7-1", 2, "Once upon"))  # nobody is live yet: it goes nowhere
    await scene.quiet()
    scene.hub.signal(TEA, ReplyDelta(TEA, "re-7-1", 3, " a time"))
    [buffer] = [aiko.outlet.buffer]
    signals = [said for said in buffer if isinstance(said, ReplyBegin | ReplyDelta)]
    assert signals == [begun, ReplyDelta(TEA, "re-7-1", 3, " a time")]


async def test_a_slow_reader_is_shown_again_what_goes_on_when_it_has_caught_up(scene: Scene) -> None:
    slow = await scene.reader(AIKO, room=6)
    begun = ReplyBegin(TEA, BEN, "re-7-1", AIKO.id, 2, "Once upon")
    scene.hub.ongoing = lambda log: [begun] if log == TEA else []
    for text in "abcdefgh":
        scene.say(text)
        await scene.quiet()
    assert slow.subscriber.behind
    slow.take(WIDE)
    await scene.quiet()
    assert not slow.subscriber.behind
    assert slow.outlet.buffer[-1] == begun
