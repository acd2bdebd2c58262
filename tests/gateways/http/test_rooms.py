"""Rooms and messages over REST: the same rules and answers as over the WebSocket."""

from uuid import uuid4

import httpx
import pytest

from tests.faults.server import GENEROUS
from tests.gateways.http.conftest import Visit

SETTINGS = GENEROUS
LOBBY = "/api/v1/rooms/1"


@pytest.fixture
def ann(visit: Visit) -> httpx.Client:
    return visit(f"Ann {uuid4().hex[:8]}")


@pytest.fixture
def ben(visit: Visit) -> httpx.Client:
    return visit(f"Ben {uuid4().hex[:8]}")


def identity(client: httpx.Client) -> int:
    return int(client.get("/api/v1/me").json()["you"]["id"])


def say(client: httpx.Client, room: str, text: str) -> int:
    answer = client.post(f"{room}/messages", json={"text": text, "client_id": uuid4().hex})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["seq"])


def new_room(client: httpx.Client, kind: str) -> str:
    answer = client.post("/api/v1/rooms", json={"kind": kind, "name": f"Room {uuid4().hex[:8]}", "client_id": uuid4().hex})
    assert answer.status_code == 201, answer.text
    return f"/api/v1/rooms/{answer.json()['room']['id']}"


def last(client: httpx.Client, room: str) -> dict[str, object]:
    message: dict[str, object] = client.get(f"{room}/messages", params={"limit": 1}).json()["messages"][-1]
    return message


def test_what_one_says_another_reads(ann: httpx.Client, ben: httpx.Client) -> None:
    seq = say(ann, LOBBY, "hello")

    message = last(ben, LOBBY)

    assert (message["seq"], message["text"]) == (seq, "hello")


def test_a_message_sent_again_is_answered_with_the_first_one(ann: httpx.Client) -> None:
    body = {"text": "once", "client_id": uuid4().hex}

    first, second = (ann.post(f"{LOBBY}/messages", json=body) for _ in range(2))

    assert first.json() == second.json()
    assert set(first.json()) == {"room", "seq", "at"}


def test_a_message_is_edited_and_removed_by_its_author_only(ann: httpx.Client, ben: httpx.Client) -> None:
    message = f"{LOBBY}/messages/{say(ann, LOBBY, 'helo')}"

    assert ben.patch(message, json={"text": "mine"}).json()["code"] == "not_allowed"
    assert ann.patch(message, json={"text": "hello"}).status_code == 200
    assert (last(ben, LOBBY)["text"], last(ben, LOBBY)["edited"]) == ("hello", True)
    assert ben.delete(message).json()["code"] == "not_allowed"
    assert ann.delete(message).status_code == 200
    assert (last(ben, LOBBY)["text"], last(ben, LOBBY)["removed"]) == ("", True)


def test_a_reaction_is_added_and_taken_back(ann: httpx.Client, ben: httpx.Client) -> None:
    heart = f"{LOBBY}/messages/{say(ann, LOBBY, 'cake')}/reactions/❤️"

    assert ben.put(heart).json()["seq"] > 0
    assert ben.put(heart).json()["seq"] == 0, "it was so already"
    assert last(ann, LOBBY)["reactions"][0]["emoji"] == "❤️"  # type: ignore[index]
    assert ben.delete(heart).json()["seq"] > 0
    assert "reactions" not in last(ann, LOBBY)


def test_the_read_mark_only_moves_forward(ann: httpx.Client, ben: httpx.Client) -> None:
    ben.get("/api/v1/rooms")
    seq = say(ann, LOBBY, "unread")

    assert ben.put(f"{LOBBY}/read", json={"seq": seq}).json()["seq"] > 0
    assert ben.put(f"{LOBBY}/read", json={"seq": seq - 1}).json()["seq"] == 0
    [standing] = [each for each in ben.get("/api/v1/rooms").json()["rooms"] if each["room"]["id"] == 1]
    assert (standing["read"], standing["unread"]) == (seq, 0)


def test_a_public_room_is_found_joined_and_left(ann: httpx.Client, ben: httpx.Client) -> None:
    room = new_room(ann, "public")
    name = ann.get("/api/v1/rooms").json()["rooms"][-1]["room"]["name"]

    [found] = ben.get("/api/v1/rooms/find", params={"query": name}).json()["rooms"]
    assert found["joined"] is False
    joined = ben.post(f"{room}/members", json={})
    assert (joined.status_code, joined.json()["seq"] > 0) == (201, True)
    assert identity(ben) in [each["user"]["id"] for each in ann.get(f"{room}/members").json()["members"]]
    assert ben.delete(f"{room}/members/{identity(ben)}").status_code == 200
    assert ben.get(f"{room}/messages").json()["code"] == "not_member"


def test_a_private_room_is_for_those_who_were_let_in(ann: httpx.Client, ben: httpx.Client) -> None:
    room = new_room(ann, "private")
    say(ann, room, "psst")

    for refused in (
        ben.get(f"{room}/messages"),
        ben.get(f"{room}/members"),
        ben.post(f"{room}/members", json={}),
        ben.post(f"{room}/messages", json={"text": "hi", "client_id": uuid4().hex}),
    ):
        assert refused.status_code in (403, 404)
        assert "psst" not in refused.text

    assert ann.post(f"{room}/members", json={"user": identity(ben)}).status_code == 201
    assert last(ben, room)["text"] == "psst"
    assert ann.delete(f"{room}/members/{identity(ben)}").status_code == 200
    assert ben.get(f"{room}/messages").status_code in (403, 404)


def test_a_room_is_renamed_by_its_owner(ann: httpx.Client, ben: httpx.Client) -> None:
    room = new_room(ann, "public")
    ben.post(f"{room}/members", json={})

    assert ben.patch(room, json={"topic": "mine now"}).json()["code"] == "not_allowed"
    assert ann.patch(room, json={"topic": "tea"}).status_code == 200
    assert ann.get("/api/v1/rooms").json()["rooms"][-1]["room"]["topic"] == "tea"


def test_when_the_robot_answers_is_chosen_by_the_rooms_owner(ann: httpx.Client, ben: httpx.Client) -> None:
    room = new_room(ann, "public")
    ben.post(f"{room}/members", json={})

    assert ben.put(f"{room}/robot", json={"mode": "always"}).json()["code"] == "not_allowed"
    assert ann.put(f"{room}/robot", json={"mode": "loudly"}).json()["code"] == "invalid"
    assert ann.put(f"{room}/robot", json={"mode": "always"}).status_code == 200
    assert ben.get("/api/v1/rooms").json()["rooms"][-1]["room"]["robot"] == "always"


def test_a_direct_room_is_the_same_from_both_sides(ann: httpx.Client, ben: httpx.Client) -> None:
    mine = ann.post("/api/v1/directs", json={"user": identity(ben)})
    theirs = ben.post("/api/v1/directs", json={"user": identity(ann)})

    assert (mine.status_code, mine.json()["room"]["id"]) == (201, theirs.json()["room"]["id"])
    assert mine.json()["room"]["peer"]["id"] == identity(ben)


def test_pages_are_read_before_after_and_around(ann: httpx.Client) -> None:
    room = new_room(ann, "private")
    seqs = [say(ann, room, f"message {number}") for number in range(5)]

    def page(**place: int) -> list[int]:
        return [each["seq"] for each in ann.get(f"{room}/messages", params=place).json()["messages"]]

    assert page() == seqs
    assert page(before=seqs[2]) == seqs[:2]
    assert page(after=seqs[2]) == seqs[3:]
    assert seqs[2] in page(around=seqs[2], limit=2)
    assert page(limit=2) == seqs[-2:]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "before=0", "before=-1", "after=x", "around=9007199254740992", "before=1&after=1"]
)
def test_a_page_that_makes_no_sense_is_refused(ann: httpx.Client, query: str) -> None:
    answer = ann.get(f"{LOBBY}/messages?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert query not in answer.text, "an answer does not repeat the query"


@pytest.mark.parametrize("room", ["0", "x", "9007199254740992", "9" * 5000, "-1", "1.0"])
def test_a_room_that_is_no_number_is_refused(ann: httpx.Client, room: str) -> None:
    answer = ann.get(f"/api/v1/rooms/{room}/messages")

    assert answer.status_code in (400, 404)
    assert answer.json()["code"] in ("invalid", "not_found")


@pytest.mark.parametrize("room", ["999999", "9007199254740991"])
def test_an_unknown_room_is_not_found(ann: httpx.Client, room: str) -> None:
    assert ann.get(f"/api/v1/rooms/{room}/messages").json()["code"] in ("not_found", "not_member")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "", "client_id": "a"}, "empty_text"),
        ({"text": " \n\t", "client_id": "a"}, "empty_text"),
        ({"text": "x" * 40_000, "client_id": "a"}, "text_too_long"),
        ({"text": "x", "client_id": "has space"}, "invalid"),
        ({"text": "x", "client_id": ""}, "invalid"),
        ({"client_id": "a"}, "invalid"),
        ({"text": 1, "client_id": "a"}, "invalid"),
        ({"text": "x", "client_id": "a", "reply_to": "1"}, "invalid"),
        ({"text": "x", "client_id": "a", "reply_to": 2**53}, "invalid"),
    ],
)
def test_a_message_that_is_none_is_refused_by_its_code(ann: httpx.Client, body: dict[str, object], code: str) -> None:
    answer = ann.post(f"{LOBBY}/messages", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_who_left_a_moment_before_is_kept_out_by_the_rooms_owner(ann: httpx.Client, ben: httpx.Client) -> None:
    room = new_room(ann, "public")
    ben.post(f"{room}/members", json={})
    assert ben.delete(f"{room}/members/{identity(ben)}").status_code == 200

    for _ in range(2):
        out = ann.delete(f"{room}/members/{identity(ben)}")
        assert (out.status_code, out.json()["seq"]) == (200, 0)
    assert ben.post(f"{room}/members", json={}).json()["code"] == "put_out"


def test_who_reads_on_is_told_that_the_house_was_put_back(ann: httpx.Client) -> None:
    """By the epoch that they send back; and without it, by a number that nothing here has had."""
    seq = say(ann, LOBBY, "the last so far")

    def read_on(after: int, **epoch: str) -> httpx.Response:
        return ann.get(f"{LOBBY}/messages", params={"after": after, **epoch})

    answer = read_on(seq)
    again = read_on(seq, epoch=answer.headers["Teahouse-Epoch"])
    refused = [read_on(seq, epoch="another"), read_on(seq + 1)]

    assert [each.json()["messages"] for each in (answer, again)] == [[], []]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(409, "other_life")] * 2
