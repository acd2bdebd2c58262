"""Coming in and going out over REST."""

import httpx
import pytest

from tests.faults.server import Server
from tests.gateways.http.conftest import Visit


def test_a_stranger_learns_of_the_house_what_it_takes_to_sign_in(visit: Visit) -> None:
    house = visit().get("/api/v1/house").json()

    assert set(house) == {"name", "open", "closed", "languages", "faces", "limits", "signed_in"}
    assert (house["name"], house["open"], house["signed_in"], sorted(house["languages"])) == ("Teahouse", True, False, ["en", "zh"])
    assert len(house["faces"]) >= 28
    assert set(house["limits"]) == {"max_text_bytes", "max_name_chars", "max_topic_chars"}


def test_who_signs_in_is_known_by_the_cookie(visit: Visit) -> None:
    client = visit("Aiko")

    you = client.get("/api/v1/me").json()

    assert you["you"]["name"] == "Aiko"
    assert you["inbox"] > 1
    assert client.get("/api/v1/house").json()["you"] == you["you"]


def test_the_cookie_is_out_of_scripts_reach_and_stays_on_this_site(visit: Visit) -> None:
    answer = visit().post("/api/v1/session", json={"name": "Cookie", "face": "f02"})

    common, own = [cookie.partition("=")[::2] for cookie in answer.headers.get_list("set-cookie")]
    assert (own[0].startswith("teahouse_session_"), common[0]) == (True, "teahouse_session")
    assert own[1] == common[1]
    token, *attributes = own[1].split("; ")
    assert len(token) >= 22, "128 random bits take 22 characters"
    assert set(attributes) >= {"HttpOnly", "SameSite=Lax", "Path=/"}


def test_who_signs_out_is_nobody_and_the_browser_forgets_the_cookie(visit: Visit) -> None:
    client = visit("Leaver")
    kept = dict(client.cookies)

    assert client.delete("/api/v1/session").status_code == 204
    assert dict(client.cookies) == {}
    assert not signed_in_with(visit, kept)


def test_two_people_cannot_hold_one_name(visit: Visit) -> None:
    visit("Zoë")

    answer = visit().post("/api/v1/session", json={"name": "ZOË", "face": "f02"})

    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")


def test_who_signs_in_anew_leaves_their_old_self_behind(visit: Visit) -> None:
    client = visit("Caterpillar")
    old = dict(client.cookies)

    assert client.post("/api/v1/session", json={"name": "Butterfly", "face": "f02"}).status_code == 201

    assert client.get("/api/v1/me").json()["you"]["name"] == "Butterfly"
    assert not signed_in_with(visit, old)
    visit("Caterpillar")


def test_the_owners_link_makes_whoever_is_signed_in_the_owner_once(visit: Visit, server: Server) -> None:
    key = server.ready["owner_link"].partition("#owner=")[2]
    client = visit("Boss")
    old = dict(client.cookies)

    promoted = client.post("/api/v1/session", json={"name": "Boss", "face": "f01", "owner_key": key})

    assert promoted.json()["you"]["role"] == "owner"
    assert client.get("/api/v1/me").json()["you"]["role"] == "owner"
    assert not signed_in_with(visit, old), "a new token where the privilege changes"
    again = visit().post("/api/v1/session", json={"name": "Thief", "face": "f01", "owner_key": key})
    assert (again.status_code, again.json()["code"]) == (403, "bad_key")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "  ", "face": "f01"}, "bad_name"),
        ({"name": "\u202e\u0000", "face": "f01"}, "bad_name"),
        ({"name": "x" * 1000, "face": "f01"}, "bad_name"),
        ({"name": "Faceless", "face": "../f01"}, "bad_face"),
        ({"name": "Faceless", "face": "birdie"}, "bad_face"),
        ({"name": 7, "face": "f01"}, "invalid"),
        ({"name": None, "face": "f01"}, "invalid"),
        ({"face": "f01"}, "invalid"),
        ({"name": "Keyless", "face": "f01", "owner_key": "nonsense"}, "bad_key"),
        ([], "invalid"),
        ("text", "invalid"),
    ],
)
def test_a_bad_sign_in_is_refused_by_its_code(visit: Visit, body: object, code: str) -> None:
    answer = visit().post("/api/v1/session", json=body)

    assert answer.json()["code"] == code
    assert answer.status_code in (400, 403)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 60_000, b'{"name":' * 8_000, b"\xff\xfe", b'{"name":NaN,"face":"f01"}'])
def test_a_body_that_is_no_json_is_refused(visit: Visit, content: bytes) -> None:
    answer = visit().post("/api/v1/session", content=content)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("DELETE", "/session"),
        ("GET", "/rooms"),
        ("GET", "/rooms/find"),
        ("POST", "/rooms"),
        ("POST", "/directs"),
        ("PATCH", "/rooms/1"),
        ("GET", "/rooms/1/members"),
        ("POST", "/rooms/1/members"),
        ("DELETE", "/rooms/1/members/1"),
        ("GET", "/rooms/1/messages"),
        ("POST", "/rooms/1/messages"),
        ("PATCH", "/rooms/1/messages/1"),
        ("DELETE", "/rooms/1/messages/1"),
        ("PUT", "/rooms/1/messages/1/reactions/x"),
        ("DELETE", "/rooms/1/messages/1/reactions/x"),
        ("PUT", "/rooms/1/read"),
    ],
)
@pytest.mark.parametrize("cookie", ["", "nonsense"])
def test_without_a_session_nothing_is_told_or_done(visit: Visit, method: str, path: str, cookie: str) -> None:
    answer = visit().request(method, f"/api/v1{path}", content=b"{}", headers={"Cookie": f"teahouse_session={cookie}"})

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_nickname_comes_in_the_language_asked_for(visit: Visit) -> None:
    client = visit()

    assert client.get("/api/v1/nickname?lang=en").json()["name"].isascii()
    assert not client.get("/api/v1/nickname?lang=zh").json()["name"].isascii()
    assert client.get("/api/v1/nickname?lang=xx").json()["code"] == "invalid"


def test_the_database_is_asked_before_the_house_is_called_healthy(visit: Visit) -> None:
    answer = visit().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_head_is_answered_like_get_without_a_body(visit: Visit) -> None:
    answer = visit().head("/healthz")

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_second_person_signing_in_does_not_see_the_first_ones_session(visit: Visit) -> None:
    first, second = visit("First"), visit("Second")

    assert [names(first), names(second)] == ["First", "Second"]


def signed_in_with(visit: Visit, cookies: dict[str, str]) -> bool:
    """Whether a browser that kept these cookies is still let in."""
    client = visit()
    client.cookies.update(cookies)
    return client.get("/api/v1/me").status_code == 200


def names(client: httpx.Client) -> str:
    return str(client.get("/api/v1/me").json()["you"]["name"])


def test_who_signs_in_again_as_oneself_keeps_name_and_rooms_under_a_new_session(visit: Visit) -> None:
    client = visit("Zoë Again")
    old, you = dict(client.cookies), client.get("/api/v1/me").json()
    room = client.post("/api/v1/rooms", json={"kind": "private", "name": "Mine", "client_id": "mine"}).json()["room"]["id"]

    answer = client.post("/api/v1/session", json={"name": "ZOË  again", "face": "f03"})

    assert answer.status_code == 201
    assert answer.json()["you"] == you["you"] | {"face": "f03"}
    assert client.get("/api/v1/me").json() == {"you": answer.json()["you"], "inbox": you["inbox"]}
    assert room in [standing["room"]["id"] for standing in client.get("/api/v1/rooms").json()["rooms"]]
    assert not signed_in_with(visit, old), "the old session ends"
    assert visit().post("/api/v1/session", json={"name": "Zoë Again", "face": "f02"}).status_code == 409, "of a stranger"
    assert visit("Else").post("/api/v1/session", json={"name": "Zoë Again", "face": "f02"}).status_code == 409, "of somebody else"
    refused = client.post("/api/v1/session", json={"name": "Zoë Again", "face": "no face"})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_face")
    assert client.get("/api/v1/me").status_code == 200, "what is refused ends nothing"


def test_a_house_on_the_same_host_signs_nobody_out_here(visit: Visit) -> None:
    client = visit("Neighbour")
    own = next(name for name in client.cookies if name != "teahouse_session")
    token = client.cookies[own]
    for cookies in (
        {own: token, "teahouse_session": "of-another-house"},
        {"teahouse_session": token},
        {own: "ended", "teahouse_session": token},
    ):
        assert signed_in_with(visit, cookies), cookies
    assert not signed_in_with(visit, {own: "ended", "teahouse_session": "of-another-house"})
    assert not signed_in_with(visit, {own[:-1] + "x": token}), "a name that is another house's"
