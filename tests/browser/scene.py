"""A lively house in two languages, for pictures: who is in it and what they say."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from tests.gateways.house import LOBBY
from tests.gateways.stranger import Event, Session, Stranger, sign_in

FACES = {"阿青": "f03", "Ben": "f07", "小满": "f11", "Aiko": "f16", "老周": "f22", "Mira": "f05"}
VIEWER, VIEWERS_FACE = "Robin", "f01"
ROBOT = "小小鸟"
SAID_TWICE = "mochi"
"""What a search finds in two rooms."""

CODE = "```python\nfor leaf in pot:\n    leaf.steep(minutes=3)\n```"


@dataclass
class Scene:
    """The house after everybody spoke; `viewer` is whom the pictures show it to."""

    viewer: Session
    direct: str
    """The name of the person whose direct room is worth a picture."""


@asynccontextmanager
async def playing(address: str) -> AsyncIterator[Scene]:
    """Fill the house at `address`, whose people stay until the end."""
    async with AsyncExitStack() as house:

        async def arrive(name: str, face: str) -> Stranger:
            client = await house.enter_async_context(Stranger(await sign_in(address, name, face=face)))
            await client.connect()
            return client

        people = {name: await arrive(name, face) for name, face in FACES.items()}
        viewer = await arrive(VIEWER, VIEWERS_FACE)
        await talk(people, viewer)
        await viewer.close()
        yield Scene(viewer.session, "阿青")


async def talk(people: dict[str, Stranger], viewer: Stranger) -> None:
    await small_talk(people, viewer)
    await ask_the_robot(people["小满"])
    await rooms(people, viewer)
    await private_words(people["阿青"], viewer)
    await read(viewer, LOBBY)
    await unread_words(people["Ben"], viewer)


async def small_talk(people: dict[str, Stranger], viewer: Stranger) -> None:
    await post(people["阿青"], LOBBY, "早！今天的龙井到了，谁要一起喝？")
    await post(people["阿青"], LOBBY, "水已经烧上了 🫖")
    tea = await post(people["Ben"], LOBBY, "Morning! Save me a cup, I will be there in ten minutes.")
    await post(people["Aiko"], LOBBY, "I have **fresh mochi**, enough for everyone")
    await react(LOBBY, tea, "👍", people["阿青"], people["Aiko"])
    await post(viewer, LOBBY, "On my way. Is anybody bringing the good cups?", reply_to=tea)
    cups = await post(people["老周"], LOBBY, "我带。上次那套青瓷，别再摔了 😅")
    await react(LOBBY, cups, "😂", people["Ben"], people["Mira"], viewer)
    await react(LOBBY, cups, "🙏", people["阿青"])
    await post(people["Mira"], LOBBY, f"The recipe, as promised:\n{CODE}\nMore at https://example.org/tea")
    await post(viewer, LOBBY, "`leaf.steep` 我喜欢！谢谢 @Mira")


async def ask_the_robot(asker: Stranger) -> None:
    """The robot answers in its own time; the picture waits for it."""
    said = len(asker.texts(LOBBY))
    await post(asker, LOBBY, f"@{ROBOT} 掷骰子 2d6+1")
    await asker.until(lambda: len(asker.texts(LOBBY)) > said + 1)
    await post(asker, LOBBY, "手气不错 🎉")


async def rooms(people: dict[str, Stranger], viewer: Stranger) -> None:
    """Others to have a list of: one that was read, one with news, one with a mention, one that is private."""
    books = await room(people["小满"], "读书会", "public", "这个月：《茶经》", viewer)
    await post(people["小满"], books, "第三章读完了吗？")
    await post(people["老周"], books, "还差一点点", joins=True)
    trips = await room(people["Ben"], "Weekend trips", "public", "Hills, trains, picnics", viewer)
    await post(people["Ben"], trips, f"@{VIEWER} are you in for Saturday?")
    await room(people["Aiko"], "厨房 kitchen", "private", "谁做饭、谁洗碗", viewer)


async def room(owner: Stranger, name: str, kind: str, topic: str, viewer: Stranger) -> int:
    made = await owner.ask("create_room", kind=kind, name=name, topic=topic, client_id=str(uuid4()))
    number = int(made["room"]["id"])
    await owner.ask("add_member", room=number, user=viewer.id)
    return number


async def private_words(other: Stranger, viewer: Stranger) -> None:
    direct = int((await other.ask("open_direct", user=viewer.id))["room"]["id"])
    await post(other, direct, "给你留了一泡最好的，别告诉他们 🤫")
    await post(viewer, direct, "Your secret is safe with me")
    place = await post(other, direct, "下午三点，老地方？")
    await react(direct, place, "❤️", viewer)
    await post(viewer, direct, "好！I bring the mochi.")
    await read(viewer, direct)


async def unread_words(other: Stranger, viewer: Stranger) -> None:
    direct = int((await other.ask("open_direct", user=viewer.id))["room"]["id"])
    await post(other, direct, "Psst, whose birthday is it on Friday?")


async def react(room: int, message: int, emoji: str, *people: Stranger) -> None:
    for person in people:
        await person.ask("react", room=room, message=message, emoji=emoji)


async def read(reader: Stranger, room: int) -> None:
    """All that was said so far."""
    head = (await reader.ask("page", room=room, limit=1))["head"]
    await reader.ask("read", room=room, seq=head)


async def post(speaker: Stranger, room: int, text: str, *, reply_to: int | None = None, joins: bool = False) -> int:
    """Return the message's number; with `joins` the speaker comes into the public room first."""
    if joins:
        await speaker.ask("join", room=room)
    answer = {} if reply_to is None else {"reply_to": reply_to}
    stored: Event = await speaker.ask("post", room=room, text=text, client_id=str(uuid4()), **answer)
    return int(stored["seq"])
