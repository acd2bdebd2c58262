"""Who keeps back the end of a request's body is asked again who they are when it comes: they may be somebody else by then, or nobody."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.gateways.house import LOBBY, Arrive, rest, say
from tests.gateways.http.raw_http import Answer, Line
from tests.gateways.stranger import Session, Stranger

REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "a post": (f"POST /rooms/{LOBBY}/messages", {"text": "after all", "client_id": "late"}),
    "an edit": (f"PATCH /rooms/{LOBBY}/messages/SEQ", {"text": "after all"}),
    "a room": ("POST /rooms", {"kind": "public", "name": "After all", "client_id": "late"}),
    "a direct room": ("POST /directs", {"user": "OLGA"}),
    "a token": ("POST /tokens", {"name": "late", "scope": "write"}),
    "a poll": ("POST /polls", {"type": "hello"}),
}


class Held:
    """A request of which all is sent but the last byte, and whose guards have let it pass."""

    def __init__(self, line: Line, origin: str, asked: str, body: bytes, *proof: str) -> None:
        method, _, path = asked.partition(" ")
        self._line = line
        self._last = body[-1:]
        lines = f"{method} /api/v1{path} HTTP/1.1", f"Host: {self._line.host}", f"Origin: {origin}", *proof
        length = "Content-Type: application/json", f"Content-Length: {len(body)}", "Expect: 100-continue"
        self._line.send("\r\n".join([*lines, *length, "", ""]).encode() + body[:-1])
        heard = b""
        while not heard.endswith(b"\r\n\r\n"):  # the server says so when it begins to read the body
            heard += self._line.socket.recv(1)
        assert heard.startswith(b"HTTP/1.1 100")

    def finish(self) -> Answer:
        self._line.send(self._last)
        return self._line.answer()


Hold = Callable[..., Held]


@pytest.fixture
def hold() -> Iterator[Hold]:
    with ExitStack() as lines:

        def hold(session: Session, asked: str, body: bytes, *proof: str) -> Held:
            return Held(lines.enter_context(Line(session.address)), session.address, asked, body, *proof)

        yield hold


@pytest.mark.parametrize(("end", "status", "code"), [("ban", 403, "banned"), ("end_sessions", 401, "not_signed_in")])
async def test_who_is_shut_out_meanwhile_gets_nothing_done(
    arrive: Arrive, olga: Stranger, hold: Hold, end: str, status: int, code: str
) -> None:
    pest = await arrive(f"Pest {code}")
    seq, held = await say(pest, LOBBY, "buy now"), []
    for asked, body in REQUESTS.values():
        text = json.dumps(body).replace('"OLGA"', str(olga.session.you["id"]))
        held.append(hold(pest.session, asked.replace("SEQ", str(seq)), text.encode(), f"Cookie: teahouse_session={pest.session.cookie}"))
    await olga.ask(end, user=pest.id)
    answers = [each.finish() for each in held]
    assert [(answer.status, answer.json["code"]) for answer in answers] == [(status, code)] * len(REQUESTS)
    page = await olga.ask("page", room=LOBBY)
    assert [message["text"] for message in page["messages"] if message["by"]["id"] == pest.id] == ["buy now"]


async def test_a_token_that_is_revoked_meanwhile_posts_nothing(arrive: Arrive, hold: Hold) -> None:
    maker = await arrive("Maker")
    async with rest(maker) as http:
        made = (await http.post("/api/v1/tokens", json={"name": "late", "scope": "write"})).json()
        asked, body = REQUESTS["a post"]
        held = hold(maker.session, asked, json.dumps(body).encode(), f"Authorization: Bearer {made['secret']}")
        await http.delete(f"/api/v1/tokens/{made['token']['id']}")
    assert held.finish().status == 401


async def test_who_is_no_admin_any_more_acts_as_none(arrive: Arrive, olga: Stranger, hold: Hold) -> None:
    admin = await arrive("Adam")
    await olga.ask("set_role", user=admin.id, role="admin")
    body = json.dumps({"topic": "Adam rules"}).encode()
    held = hold(admin.session, f"PATCH /rooms/{LOBBY}", body, f"Cookie: teahouse_session={admin.session.cookie}")
    await olga.ask("set_role", user=admin.id, role="guest")
    assert held.finish().status == 403
