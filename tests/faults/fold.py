"""What a client knows, folded from docs/protocol.md's events: a reference so plain that it can be believed.

A room is the last page that was loaded of it and every entry since; what it reads now is worked out anew each time.
"""

from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]

QUOTE_CHARS = 200


@dataclass
class RoomFold:
    room: Event
    role: str
    head: int
    read: int
    unread: int
    counted_to: int
    """The head up to which `unread` was counted by the server."""
    page: list[Event] = field(default_factory=list)
    page_head: int = 0
    floor: int = 0
    """What happened up to here was not told: only a page from after it is of use."""
    loaded: bool = False
    entries: list[Event] = field(default_factory=list)

    def messages(self) -> list[Event]:
        """The page as it read, and what the entries after it did to it."""
        found = {message["seq"]: message for message in self.page}
        for entry in self.entries:
            if entry["seq"] > self.page_head:
                apply_to(found, entry)
        return [found[seq] for seq in sorted(found)]

    def unread_now(self, me: int) -> int:
        later = [entry for entry in self.entries if entry["seq"] > self.counted_to]
        said = sum(entry["fact"]["type"] == "posted" and entry["by"]["id"] != me for entry in later)
        return self.unread + said - sum(self._takes_back(entry["fact"], me) for entry in later)

    def _takes_back(self, fact: Event, me: int) -> bool:
        """Say whether a fact removes a message of somebody else's that was not read."""
        return fact["type"] == "removed" and fact.get("author", me) != me and fact["message"] > self.read


class Fold:
    """One client's knowledge. `unsettled` are rooms whose counts are unknown since a reset."""

    def __init__(self) -> None:
        self.me = self.inbox = 0
        self.cursors: dict[int, int] = {}
        self.rooms: dict[int, RoomFold] = {}
        self.unsettled: set[int] = set()

    def apply(self, event: Event) -> None:
        match event["type"]:
            case "welcome":
                self._welcome(event)
            case "entry":
                self._entry(event)
            case "reset":
                self._reset(event)
            case "page_loaded":
                self._page(event["page"])
            case "recounted":
                self._count(event["standing"])

    def essence(self) -> Event:
        """What must be the same however the state came about."""
        rooms = {
            log: {
                "room": room.room,
                "role": room.role,
                "head": room.head,
                "read": room.read,
                "unread": room.unread_now(self.me),
                "messages": room.messages(),
            }
            for log, room in self.rooms.items()
        }
        return {"cursors": self.cursors, "rooms": rooms}

    def _welcome(self, welcome: Event) -> None:
        self.me, self.inbox = welcome["you"]["id"], welcome["inbox"]
        if welcome["resumed"]:
            return
        self.rooms, self.cursors = {}, {self.inbox: welcome["inbox_head"]}
        for standing in welcome["rooms"]:
            self._open(standing, standing["head"])

    def _entry(self, entry: Event) -> None:
        log, seq, fact = entry["log"], entry["seq"], entry["fact"]
        assert seq == self.cursors.get(log, -1) + 1, f"entry {seq} of log {log} came after {self.cursors.get(log)}"
        self.cursors[log] = seq
        if log == self.inbox:
            return self._inbox(fact)
        if fact["type"] == "left" and fact["user"]["id"] == self.me:
            return self._drop(log)
        room = self.rooms[log]
        room.head = seq
        room.entries.append(entry)
        if fact["type"] == "joined" and fact["user"]["id"] == self.me:
            room.role = fact.get("role", "member")
        if fact["type"] == "renamed":
            room.room = room.room | {"name": fact["name"], "topic": fact["topic"]}

    def _inbox(self, fact: Event) -> None:
        if fact["type"] == "added" and self.cursors.get(fact["room"]["id"], -1) < fact["since"] - 1:
            since = fact["since"]
            self._open({"room": fact["room"], "role": "member", "head": since - 1, "read": since, "unread": 0}, since - 1)
        if fact["type"] == "read" and fact["room"] in self.rooms:
            self._mark(self.rooms[fact["room"]], fact["seq"], fact["unread"], fact["head"])

    def _reset(self, reset: Event) -> None:
        if reset["head"] is None:
            return self._drop(reset["log"])
        self.cursors[reset["log"]] = reset["head"]
        if reset["log"] in self.rooms:
            room = self.rooms[reset["log"]]
            room.head, room.loaded, room.page, room.page_head, room.entries = reset["head"], False, [], 0, []
            room.floor = reset["head"]
            self.unsettled.add(reset["log"])

    def _page(self, page: Event) -> None:
        room = self.rooms.get(page["room"])
        if room is None or page["head"] < max(room.floor, room.page_head):
            return  # of a room that was left, from before a reset, or overtaken by a newer one
        room.page, room.page_head, room.loaded = page["messages"], page["head"], True

    def _count(self, standing: Event) -> None:
        room = self.rooms[standing["room"]["id"]]
        room.room, room.role = standing["room"], standing["role"]
        self._mark(room, standing["read"], standing["unread"], standing["head"])
        self.unsettled.discard(standing["room"]["id"])

    def _mark(self, room: RoomFold, read: int, unread: int, head: int) -> None:
        if read > room.read or (read == room.read and head >= room.counted_to):
            room.read, room.unread, room.counted_to = read, unread, head

    def _open(self, standing: Event, cursor: int) -> None:
        log = standing["room"]["id"]
        self.cursors[log] = cursor
        marks = {name: standing[name] for name in ("room", "role", "head", "read", "unread")}
        self.rooms[log] = RoomFold(**marks, counted_to=standing["head"], floor=cursor)

    def _drop(self, log: int) -> None:
        self.cursors.pop(log, None)
        self.rooms.pop(log, None)
        self.unsettled.discard(log)


def apply_to(messages: dict[int, Event], entry: Event) -> None:
    """Let one entry of a room happen to its messages."""
    fact = entry["fact"]
    if fact["type"] == "posted":
        kept = {name: fact[name] for name in ("text", "reply_to", "edited", "removed", "mentions") if name in fact}
        messages[entry["seq"]] = {"seq": entry["seq"], "at": entry["at"], "by": entry["by"], **kept}
    message = messages.get(fact.get("message", 0))
    if message is None or message.get("removed"):
        return
    if fact["type"] == "edited":
        message = {name: value for name, value in message.items() if name != "mentions"}
        message |= {name: fact[name] for name in ("text", "mentions") if name in fact} | {"edited": True}
    elif fact["type"] == "removed":
        message = {"seq": message["seq"], "at": message["at"], "by": message["by"], "text": "", "removed": True}
    elif fact["type"] == "reacted":
        message = react(message, fact["emoji"], entry["by"], fact["on"])
    messages[message["seq"]] = message
    for seq, other in messages.items():
        if other.get("reply_to", {}).get("seq") == message["seq"]:
            messages[seq] = other | {"reply_to": other["reply_to"] | {"text": message["text"][:QUOTE_CHARS]}}


def react(message: Event, emoji: str, by: Event, on: bool) -> Event:
    """All who give one more are named here; whoever takes theirs back is named, or one of those who are not."""
    reactions = {one["emoji"]: one for one in message.get("reactions", [])}
    known = reactions.get(emoji, {"users": []})
    others = [user for user in known["users"] if user["id"] != by["id"]]
    more = known.get("more", 0) - (not on and others == known["users"])
    reactions[emoji] = {"emoji": emoji, "users": [*others, by] if on else others} | ({"more": more} if more > 0 else {})
    left = [one for one in reactions.values() if one["users"] or "more" in one]
    return {name: value for name, value in message.items() if name != "reactions"} | ({"reactions": left} if left else {})
