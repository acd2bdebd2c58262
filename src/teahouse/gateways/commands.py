"""Each command of the native protocol as a call of Chat, and what its `ok` carries."""

from collections.abc import Awaitable
from typing import Any

from teahouse import wire
from teahouse.access import Access
from teahouse.chat import Chat
from teahouse.model import Entry, User


def post(chat: Chat, user: User, command: wire.Post) -> Awaitable[Entry]:
    """Submit a post. Not a coroutine, so that posts sent in a row are stored in a row without waiting for each other."""
    return chat.post(user, command.room, command.text, command.client_id, command.reply_to)


async def carry_out(chat: Chat, user: User, command: wire.AnyCommand, access: Access | None = None) -> Any:
    """Do what `command` asks for as `user` and return its result; `access` bounds what a look around the house finds.

    Hello and ping are the connection's own.
    """
    match command:
        case wire.Post():
            return stored(command.room, await post(chat, user, command))
        case wire.Edit():
            return stored(command.room, await chat.edit(user, command.room, command.message, command.text))
        case wire.Remove():
            return stored(command.room, await chat.remove(user, command.room, command.message))
        case wire.React():
            return stored(command.room, await chat.react(user, command.room, command.message, command.emoji, command.on))
        case wire.MarkRead():
            return stored(command.room, await chat.read(user, command.room, command.seq))
        case wire.SayTyping():
            return chat.typing(user, command.room)
        case wire.CreateRoom():
            return await chat.create_room(user, command.kind, command.name, command.topic, command.client_id)
        case wire.OpenDirect():
            return await chat.open_direct(user, command.user)
        case wire.Join():
            return await chat.join(user, command.room)
        case wire.Leave():
            return stored(command.room, await chat.leave(user, command.room))
        case wire.AddMember():
            return stored(command.room, await chat.add_member(user, command.room, command.user))
        case wire.RemoveMember():
            return stored(command.room, await chat.remove_member(user, command.room, command.user))
        case wire.ChangeRoom():
            return stored(command.room, await chat.change_room(user, command.room, command.name, command.topic))
        case wire.SetRobot():
            return stored(command.room, await chat.set_robot(user, command.room, command.mode))
        case wire.StopReply():
            return chat.replies.stop(user, command.room, command.client_id)
        case wire.GetPage():
            places = {"before": command.before, "after": command.after, "around": command.around}
            return await chat.page(user, command.room, **places, limit=command.limit)
        case wire.GetMembers():
            return await chat.members(user, command.room, command.query, command.limit)
        case wire.FindRooms():
            return await chat.find_rooms(user, command.query, command.limit, access)
        case wire.Search():
            return await chat.search(user, command.query, command.room, command.before, command.limit, access)
        case _:
            raise TypeError(f"{type(command).__name__} is not carried out here")


def stored(room: int, entry: Entry | None) -> wire.Stored:
    """Return where a change was stored; seq 0 where nothing had to change."""
    return wire.Stored(room, entry.seq, entry.at) if entry else wire.Stored(room, 0, 0)
