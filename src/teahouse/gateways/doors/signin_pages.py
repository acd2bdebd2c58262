"""The pages of the `signin` door as an ASGI application: sign in with a name and a face, the room, sign out, the faces."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs

from teahouse.auth import Authenticator, Identity
from teahouse.errors import Invalid, NotSignedIn, TeahouseError
from teahouse.faces import FACES
from teahouse.gateways.address import Proxies, network
from teahouse.gateways.dialects.signin import face_of
from teahouse.gateways.doors.admission import admits_page, check_proof, note_foreign, proof
from teahouse.gateways.doors.cookie import door_token, forget, keep
from teahouse.gateways.doors.door import Door
from teahouse.gateways.doors.words import WORDS
from teahouse.gateways.escapes import stands_for_text
from teahouse.gateways.handshake import Asked, asked
from teahouse.gateways.headers import preferred, values_of
from teahouse.gateways.origin import plain
from teahouse.throttle import Throttle

_PAGE = Path(str(files("teahouse"))) / "gateways" / "doors" / "page"
_FACES = Path(str(files("teahouse"))) / "web" / "faces"
_TYPES = {"door.css": "text/css; charset=utf-8", "room.js": "text/javascript; charset=utf-8"}
_PICTURE = {"content-type": "image/svg+xml", "cross-origin-resource-policy": "cross-origin", "cache-control": "public, max-age=86400"}
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
MAX_FORM_BYTES = 4096


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class SignInPages:
    """Call it with a scope like any ASGI application; paths in the scope begin with the door's prefix."""

    door: Door
    auth: Authenticator
    proxies: Proxies
    nickname: Callable[[], str]
    sign_ins: Throttle
    session_max_days: int
    base: str
    """The path of the house for browsers, without its last slash."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = _Request(scope, self.proxies)
        try:
            answer = await self._answer(request, receive)
        except TeahouseError as error:
            answer = _words(error.status, error.words)
        headers = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
        headers.append((b"content-length", str(len(answer.body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, request: "_Request", receive: Any) -> Answer:
        match request.method, request.path.removeprefix(self.door.prefix):
            case "GET", "":
                return self._to("/")
            case "GET", ("/signin/" | "/signout/") as path:  # what the pages link to is found from beside them
                return self._to(plain(path) + (f"?{request.query}" if request.query else ""))
            case "GET", "/":
                return self._room(request) if await self._who(request) else self._to("/signin")
            case "GET", "/signin":
                return self._form(request, 200, self.nickname(), str(random.randint(1, len(FACES))))  # noqa: S311
            case "POST", "/signin":
                return await self._sign_in(request, _fields(await _body(receive)))
            case "GET", "/signout":
                return await self._sign_out(request)
            case "GET", path if path.startswith("/static/images/"):
                return _picture(path.removeprefix("/static/images/"))
            case "GET", path if path.removeprefix("/static/") in _TYPES:
                name = path.removeprefix("/static/")
                return Answer(200, {"content-type": _TYPES[name], "cache-control": "no-cache"}, _read(_PAGE / name))
            case _:
                return _words(404, "there is no such page at this door")

    def _room(self, request: "_Request") -> Answer:
        return self._page("room.html", request, 200)

    def _form(self, request: "_Request", status: int, name: str, imageid: str, refusal: str = "") -> Answer:
        faces = "\n".join(_choice(number, imageid) for number in range(1, len(FACES) + 1))
        shown = f'<p class="refusal" role="alert">{escape(refusal)}</p>' if refusal else ""
        action = "signin" + (f"?{escape(request.query)}" if request.query else "")
        return self._page("signin.html", request, status, name=escape(name), faces=faces, refusal=shown, action=action)

    async def _sign_in(self, request: "_Request", fields: dict[str, list[str]]) -> Answer:
        name, imageid = fields.get("name", [""])[0], fields.get("imgid", [""])[0]
        if not admits_page(self.door, request.asked):
            note_foreign(self.door, request.asked)
            return _words(403, "this form comes from another page; open the door from its own address")
        lodge, known = self.door.lodge, await self._who(request)
        try:
            self.sign_ins.check(network(request.address), lodge.clock_ms() / 1000, "attempts to sign in from here")
            self.auth.bans.check(None, request.address)
            opener = await check_proof(self.door, request.asked, partial(self.auth.prove, keep_ticket=True))
            shown = None if opener is None else proof(request.asked)
            ticket = shown.secret if shown is not None and shown.kind == "ticket" else None
            face, room = face_of(imageid) or "", self.door.room
            token, _identity = await self.auth.sign_in(name, face, address=request.address, door=room, opener=opener, ticket=ticket)
        except TeahouseError as refusal:
            self.auth.refused.add(refusal.code)
            return self._form(request, refusal.status, name, imageid, refusal.words)
        if known is not None:
            await self.auth.sign_out(known.session, "replaced")
        answer = self._to("/")
        answer.headers["set-cookie"] = keep(token, self.door, request.asked, max_days=self.session_max_days)
        return answer

    async def _sign_out(self, request: "_Request") -> Answer:
        known = await self._who(request)
        if known is not None and request.header("sec-fetch-site") not in ("cross-site", "same-site"):
            await self.auth.sign_out(known.session)
        answer = self._to("/signin")
        answer.headers["set-cookie"] = forget(self.door, request.asked)
        return answer

    async def _who(self, request: "_Request") -> Identity | None:
        try:
            return await self.auth.identify_guest(door_token(self.door, request.asked), self.door.room)
        except NotSignedIn:
            return None

    @property
    def _root(self) -> str:
        return self.base + self.door.prefix

    def _to(self, path: str) -> Answer:
        return Answer(303, {"location": self._root + path})

    def _page(self, file: str, request: "_Request", status: int, **values: str) -> Answer:
        text = Template(_read(_PAGE / file).decode())
        words = WORDS[request.language]
        host = request.asked.host
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
        # With no-referrer, the default elsewhere, browsers would call the origin of our own form "null" (Fetch, "append a request Origin").
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy, "referrer-policy": "same-origin"}
        return Answer(status, headers, text.substitute(words, lang=request.language, **values).encode())


class _Request:
    """What is asked, by whom, and in which language an answer is best."""

    def __init__(self, scope: Any, proxies: Proxies) -> None:
        self._lines = scope["headers"]
        caller = proxies.caller((scope["client"] or ("",))[0], scope["scheme"], self._values)
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode("latin-1")
        self.address = caller.address
        self.asked: Asked = asked(f"{self.path}?{self.query}", caller, self._values)

    @property
    def language(self) -> str:
        """Chinese, as this room has always been, unless the browser asks for English first."""
        return "en" if preferred(self._values("accept-language")).startswith("en") else "zh"

    def header(self, name: str) -> str:
        return next(iter(self._values(name)), "")

    def _values(self, name: str) -> list[str]:
        return values_of(self._lines, name)


def _choice(number: int, chosen: str) -> str:
    checked = " checked" if str(number) == chosen else ""
    return (
        f'<label><input type="radio" name="imgid" value="{number}" aria-label="{number}" required{checked}>'
        f'<img src="static/images/{number}.jpg" alt="" loading="lazy"></label>'
    )


def _picture(name: str) -> Answer:
    face = face_of(name.removesuffix(".jpg")) if name.endswith(".jpg") else None
    if face is None:
        return _words(404, "there is no such face")
    return Answer(200, {**_PICTURE, "content-security-policy": _PICTURE_POLICY}, _read(_FACES / f"{face}.svg"))


@cache
def _read(file: Path) -> bytes:
    """Return a file's bytes, from memory after the first time."""
    return file.read_bytes()


def _words(status: int, words: str) -> Answer:
    return Answer(status, {"content-type": "text/plain; charset=utf-8"}, f"{words}\n".encode())


async def _body(receive: Any) -> bytes:
    """Return the request's body; Invalid where it is longer than a form needs. The server bounds it as well."""
    body, more = b"", True
    while more and len(body) <= MAX_FORM_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if len(body) > MAX_FORM_BYTES:
        raise Invalid(f"expected a form of at most {MAX_FORM_BYTES:,} bytes")
    return body


def _fields(form: bytes) -> dict[str, list[str]]:
    if not stands_for_text(form):
        raise Invalid("expected a form in UTF-8")
    return parse_qs(form.decode())
