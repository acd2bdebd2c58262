"""What the HTTP door needs from the rest of the house; serving.py fills it in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from teahouse.auth import Authenticator
from teahouse.chat import Chat
from teahouse.gateways.cookie import SessionCookie
from teahouse.gateways.stream.streams import Streams
from teahouse.metrics import Metrics
from teahouse.moderation import Moderation
from teahouse.occurrences import Occurrences
from teahouse.throttle import Throttle
from teahouse.tokens import Tokens
from teahouse.troubles import Troubles
from teahouse.wire import Limits


@dataclass(frozen=True, kw_only=True)
class Parts:
    """`check` returns once the database answers; `now_ms` is the time; `nickname` makes one up in a language.

    `troubles` says what is wrong now; `commands` is the rate of all that one user asks for, shared with the WebSocket door;
    `metrics_for` is the setting `metrics`, `epoch` the name of the database's life.
    """

    chat: Chat
    auth: Authenticator
    tokens: Tokens
    moderation: Moderation
    check: Callable[[], Awaitable[None]]
    now_ms: Callable[[], int]
    nickname: Callable[[str], str]
    sign_ins: Throttle
    visits: Throttle
    commands: Throttle
    limits: Limits
    web: Path
    name: str
    languages: tuple[str, ...]
    faces: tuple[str, ...]
    public_url: str | None
    cookie: SessionCookie
    max_request_bytes: int
    epoch: str
    troubles: Troubles
    metrics: Metrics
    foreign: Occurrences
    streams: Streams
    metrics_for: str
    ping_interval_s: float
