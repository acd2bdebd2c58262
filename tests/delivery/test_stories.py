"""Every reader gets every entry once and in order: each story is a way in which someone lost or doubled a message elsewhere.

`Client` itself insists on order and on nothing after leaving, so that most stories only say what happens and what is there at the end.
"""

from typing import Any

from teahouse.model import Posted, Typing
from tests.delivery.scene import AIKO, BEN, TEA, WIDE, Scene

# Live


async def test_what_is_said_in_one_turn_of_the_loop_is_one_write(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    writes: list[Any] = []
    aiko.outlet.write = writes.append
    scene.say("a", "b", "c")
    await scene.quiet()
    assert [len(write) for write in writes] == [3]


async def test_a_repeated_packet_is_written_once(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    entry = scene.happen(TEA, Posted("hello"))
    scene.hub.receive(TEA, entry.seq, entry)
    await scene.quiet()
    scene.hub.receive(TEA, entry.seq, entry)
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.got[TEA] == [1, 2]


async def test_an_entry_that_overtakes_another_waits_for_it(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    first, second = (scene.truth.commit(TEA, Posted(text)) for text in "ab")
    scene.hub.receive(TEA, second.seq, second)
    scene.hub.receive(TEA, first.seq, first)
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.got[TEA] == [1, 2, 3]


# Slow


async def test_a_slow_reader_holds_no_more_than_its_socket_and_delays_nobody(scene: Scene) -> None:
    slow, fast = await scene.reader(AIKO, room=3), await scene.reader(BEN)
    for n in range(500):
        scene.say(f"{n}")
        await scene.quiet()
        fast.take(WIDE)
    assert fast.seen[TEA] == scene.truth.head(TEA)
    assert len(slow.outlet.buffer) == 3 and slow.outlet.overrun == 0
    [channel] = slow.subscriber.behind
    assert channel.pending == []

    await scene.drink_up(slow)

    assert slow.got[TEA] == list(range(1, scene.truth.head(TEA) + 1))
    assert slow.outlet.overrun == 0


async def test_a_reader_that_has_caught_up_is_live_again(scene: Scene) -> None:
    slow = await scene.reader(AIKO, room=1)
    scene.say("a", "b", "c")
    await scene.quiet()
    await scene.drink_up(slow)
    reads = scene.reads
    scene.say("d")
    await scene.quiet()
    slow.take(WIDE)
    assert slow.seen[TEA] == scene.truth.head(TEA) and scene.reads == reads


async def test_a_message_that_comes_while_a_reader_catches_up_waits_its_turn(scene: Scene) -> None:
    slow = await scene.reader(AIKO, room=1)
    scene.say("a", "b")
    await scene.quiet()
    scene.hub.channels[TEA].tail = type(scene.hub.channels[TEA].tail)()  # too long ago for the tail: the page comes from the database
    scene.open_door.clear()
    slow.take(WIDE)
    await scene.quiet()
    scene.say("c")
    await scene.quiet()
    scene.open_door.set()
    await scene.quiet()
    await scene.drink_up(slow)
    assert slow.got[TEA] == [1, 2, 3, 4]


async def test_typing_is_dropped_for_a_congested_reader(scene: Scene) -> None:
    slow, fast = await scene.reader(AIKO, room=1), await scene.reader(BEN)
    await scene.drink_up(slow)
    fast.take(WIDE)
    slow.outlet.congested = True
    scene.hub.signal(TEA, Typing(TEA, BEN))
    assert (len(slow.outlet.buffer), len(fast.outlet.buffer)) == (0, 1)
    slow.outlet.congested = False


# Lost


async def test_a_lost_packet_is_found_by_the_next_one(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    scene.say("lost", lost=True)
    await scene.quiet()
    assert aiko.outlet.buffer == []
    scene.say("heard")
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.got[TEA] == [1, 2, 3]


async def test_a_lost_last_packet_is_found_by_the_sweep(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    scene.say("lost", lost=True)
    await scene.quiet()
    assert aiko.outlet.buffer == []
    await scene.hub.sweep()
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.got[TEA] == [1, 2]


async def test_a_packet_without_its_entry_is_read_from_the_log(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    entry = scene.truth.commit(TEA, Posted("hello"))
    scene.hub.receive(TEA, entry.seq)
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.got[TEA] == [1, 2]


async def test_what_could_not_be_read_comes_when_it_can(scene: Scene) -> None:
    aiko = scene.come_in(AIKO)
    scene.broken = True
    aiko.connect(scene.hub, WIDE)
    await scene.quiet()
    assert scene.troubles and aiko.outlet.buffer == []
    scene.broken = False
    await scene.hub.sweep()
    await scene.quiet()
    aiko.take(WIDE)
    assert aiko.seen[TEA] == scene.truth.head(TEA)
    scene.troubles.clear()


async def test_readers_on_two_servers_see_the_same_in_the_same_order(two_servers: Scene) -> None:
    here, there = await two_servers.reader(AIKO, hub=0), await two_servers.reader(BEN, hub=1)
    two_servers.say(*map(str, range(20)))
    await two_servers.quiet()
    for client in (here, there):
        client.take(WIDE)
        assert client.seen[TEA] == two_servers.truth.head(TEA)


async def test_a_reader_who_moves_to_a_server_that_lags_is_neither_sent_back_nor_doubled(two_servers: Scene) -> None:
    await two_servers.reader(BEN, hub=1)
    aiko = await two_servers.reader(AIKO, hub=0)
    for n in range(3):
        entry = two_servers.truth.commit(TEA, Posted(f"{n}"))
        two_servers.hubs[0].receive(TEA, entry.seq, entry)
    await two_servers.quiet()
    aiko.take(WIDE)
    aiko.disconnect()
    aiko.connect(two_servers.hubs[1], WIDE)  # which has heard of none of the three
    await two_servers.quiet()
    two_servers.say("and on")
    await two_servers.quiet()
    aiko.take(WIDE)
    assert aiko.got[TEA] == list(range(aiko.got[TEA][0], two_servers.truth.head(TEA) + 1))
