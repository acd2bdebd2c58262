"""Nobody is told what came after they left: not live, not from the log, not by a jump, whatever cursors they say hello with."""

from collections.abc import AsyncIterator

import pytest

from teahouse.model import Added, Entry, Posted, Read, Room
from tests.delivery.scene import AIKO, BEN, TEA, WIDE, Scene, resets
from tests.delivery.world import Client

RESUME_LIMIT = 20
STEPS = 40
"""More turns of the loop than any of these resumes takes."""


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A tea room where much was said before Aiko came and little since, read in pages of four."""
    async with Scene(resume_limit=RESUME_LIMIT) as scene:
        scene.page_entries = 4
        yield scene
    assert scene.troubles == []


def come_in_late(scene: Scene, *, said: int = 12) -> Client:
    for _ in range(30):
        scene.post()
    aiko = scene.come_in(AIKO)
    for _ in range(said):
        scene.post()
    return aiko


def claims(scene: Scene, aiko: Client) -> dict[str, dict[int, int]]:
    since = scene.truth.since[AIKO.id, TEA]
    inbox = {aiko.inbox: scene.truth.head(aiko.inbox)}
    return {
        "honest": inbox | {TEA: since},
        "before the joining": inbox | {TEA: 2},
        "from the future": inbox | {TEA: 1000},
        "unknown": inbox,
        "by the old added": {aiko.inbox: 0},
        "by the old added and a cursor": {aiko.inbox: 0, TEA: since + 3},
        "afresh": {},
    }


async def read_on(scene: Scene, aiko: Client) -> None:
    """Let all that can still happen happen. The client cries out at the first thing that is not for it."""
    for _ in range(3):
        await scene.hub.sweep()
        await scene.quiet()
        await scene.drink_up(aiko)


@pytest.mark.parametrize("narrow", [False, True], ids=["a wide socket", "a narrow one"])
@pytest.mark.parametrize("said", [12, 60], ids=["near", "too far"])
@pytest.mark.parametrize("trimmed", [0, 36], ids=["whole", "trimmed"])
@pytest.mark.parametrize(
    "claim", ["honest", "before the joining", "from the future", "unknown", "by the old added", "by the old added and a cursor", "afresh"]
)
@pytest.mark.parametrize("returns", [False, True], ids=["for good", "and comes back"])
async def test_who_leaves_at_any_step_of_a_resume_reads_nothing_from_after_it(
    claim: str, trimmed: int, said: int, narrow: bool, returns: bool
) -> None:
    for step in range(STEPS):
        async with Scene(resume_limit=RESUME_LIMIT) as scene:
            scene.page_entries = 4
            aiko = come_in_late(scene, said=said)
            scene.truth.trimmed[TEA] = trimmed
            ben = await scene.reader(BEN)
            aiko.connect(scene.hub, 2 if narrow else WIDE, claims(scene, aiko)[claim])
            for _ in range(step):
                await scene.turn()
                aiko.take(1)
            scene.leave(aiko)
            scene.edit(40)
            scene.post()
            await scene.turn()
            scene.post()
            if returns:
                scene.join(aiko)
                scene.post()
            await read_on(scene, aiko)
            if returns:
                assert aiko.seen[TEA] == scene.truth.head(TEA), f"back at step {step}, and not reading on"
            else:
                assert TEA not in aiko.seen, f"out at step {step}, and still holding the room"
                assert AIKO.id not in scene.presence.here(TEA)
            await read_on(scene, ben)
            assert ben.seen[TEA] == scene.truth.head(TEA)
        assert scene.troubles == []


@pytest.mark.parametrize("said", [12, 60], ids=["near", "too far"])
async def test_an_old_added_is_history_and_no_ticket(scene: Scene, said: int) -> None:
    aiko = come_in_late(scene, said=said)
    scene.leave(aiko)
    scene.post()
    aiko.connect(scene.hub, WIDE, {aiko.inbox: 0})
    await scene.quiet()
    assert aiko.outlet is not None
    assert resets(aiko.outlet) == [("left", None)]
    assert not any(isinstance(each, Entry) and each.log == TEA for each in aiko.outlet.buffer)
    assert AIKO.id not in scene.presence.here(TEA)


async def test_an_old_added_leaves_a_newer_membership_alone(scene: Scene) -> None:
    aiko = come_in_late(scene)
    scene.leave(aiko)
    scene.post()
    scene.join(aiko)
    scene.post()
    aiko.connect(scene.hub, WIDE, {aiko.inbox: 0, TEA: scene.truth.head(TEA)})
    await scene.quiet()
    assert aiko.outlet is not None
    assert resets(aiko.outlet) == []
    await read_on(scene, aiko)
    assert aiko.seen[TEA] == scene.truth.head(TEA)


async def test_an_added_of_a_membership_that_is_over_ends_the_one_before_it(scene: Scene) -> None:
    """Two memberships end while a slow socket reads its inbox first: the first one's cursor may not go on under the second's name."""
    aiko = await scene.reader(AIKO, room=1)
    scene.post()
    await scene.quiet()
    scene.happen(aiko.inbox, Read(TEA, 1, 0, 1))
    await scene.quiet()
    for _ in range(6):
        scene.post()
    await scene.quiet()
    scene.leave(aiko)
    scene.join(aiko)
    scene.leave(aiko)
    scene.post()
    await read_on(scene, aiko)
    assert TEA not in aiko.seen


async def test_who_is_put_out_while_catching_up_reads_up_to_their_leaving_without_what_was_edited(scene: Scene) -> None:
    aiko = come_in_late(scene)
    since = scene.truth.since[AIKO.id, TEA]
    aiko.connect(scene.hub, 3, {aiko.inbox: scene.truth.head(aiko.inbox), TEA: since})
    await scene.quiet()
    scene.leave(aiko)
    left = scene.truth.head(TEA)
    scene.edit(left - 1)
    heard: list[Entry] = []
    while aiko.outlet is not None and aiko.outlet.buffer:
        heard += [each for each in aiko.outlet.buffer if isinstance(each, Entry)]
        aiko.take(WIDE)
        await scene.quiet()
    assert [entry.seq for entry in heard] == list(range(since + 1, left + 1))
    assert [entry.fact for entry in heard[-2:-1]] == [Posted("", edited=True)]


async def test_a_gap_that_is_read_for_all_shows_former_members_no_edits(scene: Scene) -> None:
    """The page that fills a gap for live readers is read after one of them left, which this server has not heard of either."""
    aiko, ben = await scene.reader(AIKO), await scene.reader(BEN)
    scene.post(lost=True)
    message = scene.truth.head(TEA)
    scene.leave(aiko, lost=True)
    scene.edit(message, lost=True)
    scene.post()
    for client in (aiko, ben):
        await read_on(scene, client)
    assert TEA not in aiko.seen
    assert ben.seen[TEA] == scene.truth.head(TEA)


async def test_a_server_that_lags_behind_a_joining_shows_nothing_from_before_it(scene: Scene) -> None:
    await scene.reader(BEN)
    for _ in range(5):
        scene.post(lost=True)
    aiko = Client(AIKO, 100 + AIKO.id, scene.truth)
    scene.clients.append(aiko)
    scene.join(aiko, lost=True)
    aiko.connect(scene.hub, WIDE, {aiko.inbox: scene.truth.head(aiko.inbox)})
    await read_on(scene, aiko)
    scene.post()
    await read_on(scene, aiko)
    assert aiko.seen[TEA] == scene.truth.head(TEA)


async def test_what_was_trimmed_before_this_server_heard_of_it_stops_nobody(scene: Scene) -> None:
    aiko = await scene.reader(AIKO)
    for _ in range(5):
        scene.post(lost=True)
    scene.truth.trimmed[TEA] = scene.truth.head(TEA) - 1
    await read_on(scene, aiko)
    assert aiko.seen[TEA] == scene.truth.head(TEA)
    scene.post()
    await read_on(scene, aiko)
    assert aiko.seen[TEA] == scene.truth.head(TEA)


async def test_a_room_that_was_never_ones_own_is_not_opened_by_any_added(scene: Scene) -> None:
    scene.post()
    ben = await scene.reader(BEN)
    scene.happen(ben.inbox, Added(Room(8, "private", "Secret"), 1))
    scene.happen(8, Posted("not for Ben"))
    await read_on(scene, ben)
    assert 8 not in ben.seen and 8 not in scene.hub.channels
