"""What the steps of one examination share: the target, and what earlier steps learned."""

from typing import Any

import msgspec

from teahouse.doctor.findings import Finding
from teahouse.doctor.line import Answer, Headers, Line
from teahouse.doctor.target import Target
from teahouse.strict_json import Reader

API = "api/v1/"

_anything = Reader[Any](Any)


class Arrival(msgspec.Struct, frozen=True):
    """How a request arrived at the house, in its own words: the answer of `GET /api/v1/doctor`."""

    server: str
    now: int
    http_version: str
    scheme: str
    host: str
    client: str
    upgrade: str | None = None
    connection: str | None = None
    forwarded_for: list[str] = []
    forwarded_proto: list[str] = []
    forwarded_host: list[str] = []
    via: list[str] = []
    public_url: str | None = None
    trusted: bool = True
    peer: str = ""
    cookie: str = ""
    ping_interval_s: float = 25
    max_request_bytes: int = 65_536


class Visit:
    """One examination of one server."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.verify = True
        """False once the certificate is known to be bad: the steps after it still want to see what lies behind."""
        self.server = ""
        """What the answers call the program that sent them; the house itself gives no name."""
        self.arrival: Arrival | None = None
        self.upgrades = False
        """True once a handshake went through."""

    def line(self) -> Line:
        return Line(self.target, verify=self.verify)

    def ask(self, method: str, name: str, headers: Headers = (), body: bytes = b"") -> Answer:
        """Send one request for the house's own path `name` on a connection of its own."""
        with self.line() as line:
            return line.ask(method, self.target.path(name), headers, body)

    @property
    def arrived(self) -> Arrival:
        """How requests arrive. Only for steps after the one that asked."""
        if self.arrival is None:
            raise RuntimeError("the step that asks how requests arrive comes first")
        return self.arrival


def words_of(answer: Answer) -> dict[str, Any]:
    """Return the JSON object in an answer, an empty one where it has none."""
    try:
        found = _anything.read(answer.body)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def unwell(answer: Answer) -> list[Finding]:
    """Return what a house says to be wrong with it, when it was asked for /healthz. A proxy may keep that to itself."""
    words = words_of(answer)
    if answer.status != 503 or "code" not in words:
        return []
    why = "Its log says since when, and in which words the database or the disk complained. People are refused what cannot be done."
    return [Finding("health", "mend", f"the house says of itself: {words.get('words')}", why)]
