"""What a request says that posts a message, in each of the three ways."""

import json

import pytest
from litestar.exceptions import HTTPException

from teahouse.errors import Invalid
from teahouse.gateways.http.posting import FORM, JSON, TEXT, NewMessage, client_id_of, read_post


@pytest.mark.parametrize("kind", [TEXT, "Text/Plain; charset=UTF-8", 'text/plain;charset="us-ascii"', FORM])
@pytest.mark.parametrize(
    "text", ["backup done", "a=1&b=2", "50% of + and %zz", "%41+%C3%A9", "texts=1&context=2", "日本 = 茶", " \n spaces \n", ""]
)
def test_a_bare_text_is_taken_as_it_came(kind: str, text: str) -> None:
    assert read_post(text.encode(), kind) == NewMessage(text)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("text=backup+done", NewMessage("backup done")),
        ("host=a&text=100%25+%C3%A9%26%3D", NewMessage("100% é&=")),
        ("text=a=b", NewMessage("a=b")),
        ("text=", NewMessage("")),
        ("text=a&client_id=b7d1&reply_to=3&icon=x&icon=y", NewMessage("a", "b7d1", 3)),
    ],
)
def test_a_form_with_the_field_text_is_a_form(form: str, message: NewMessage) -> None:
    assert read_post(form.encode(), FORM) == message


@pytest.mark.parametrize("kind", [JSON, "application/json; charset=utf-8", ""])
def test_json_is_json(kind: str) -> None:
    said = {"text": "a", "client_id": "b", "reply_to": 3, "unknown": True}
    assert read_post(json.dumps(said).encode(), kind) == NewMessage("a", "b", 3)


def test_without_a_type_what_is_no_object_is_the_text() -> None:
    assert read_post(b"[1] backup", "") == NewMessage("[1] backup")


OTHERS = ["multipart/form-data; boundary=x", "text/html", "text/plain; charset=latin-1", "nonsense", f"{JSON}, {TEXT}"]


@pytest.mark.parametrize("kind", OTHERS)
def test_another_type_is_told_what_is_taken(kind: str) -> None:
    with pytest.raises(HTTPException, match="expected application/json, application/x-www-form-urlencoded or text/plain") as refusal:
        read_post(b"a", kind)
    assert refusal.value.status_code == 415


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff", TEXT),
        (b"\xff", FORM),
        (b"text=%FF", FORM),
        (b"text=\xff", FORM),
        (b'{"text":"\xff"}', JSON),
        (b"\xff", ""),
        (b"text=a&text=b", FORM),
        (b"text=a&reply_to=+1", FORM),
        (b"text=a&reply_to=0", FORM),
        (b"text=a&reply_to=", FORM),
        (b"text=a&client_id=has+space", FORM),
        (b"", JSON),
        (b'{"text":1}', JSON),
        (b'{"client_id":"a"}', JSON),
    ],
)
def test_what_is_no_message_is_refused_in_words(body: bytes, kind: str) -> None:
    with pytest.raises(Invalid):
        read_post(body, kind)


@pytest.mark.parametrize(
    ("own", "key", "found"),
    [(None, None, None), ("a", None, "a"), (None, "a", "a"), (None, '"a"', "a"), ("a", "a", "a"), ("a", '"a"', "a")],
)
def test_a_client_id_stands_in_the_body_or_in_the_header(own: str | None, key: str | None, found: str | None) -> None:
    assert client_id_of(NewMessage("", own), key) == found


@pytest.mark.parametrize(("own", "key"), [("a", "b"), (None, ""), (None, "has space"), (None, "x" * 65), (None, "a, b"), (None, '"')])
def test_a_header_that_differs_or_cannot_be_is_refused(own: str | None, key: str) -> None:
    with pytest.raises(Invalid):
        client_id_of(NewMessage("", own), key)
