"""Every setting once: its name with the unit in it, its default, and one sentence. docs/settings.md lists the same.

What is given on the command line wins over the environment (`TEAHOUSE_PORT=9000`), that over the TOML file, that over
the default. Nothing here acts: app.py and serving.py read the values and hand them out.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from teahouse.door_settings import BadDoor, DoorSettings, doors_from
from teahouse.pace import Count, GatheringLimits
from teahouse.setting_files import BadSettings as BadSettings
from teahouse.setting_files import at_home, read_secret, read_toml

ENV_PREFIX = "TEAHOUSE_"

_ORIGIN = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_OWN_PATHS = frozenset({"api", "doors", "faces", "files", "static"})
"""A house at /api could not tell /api/v1, called through a proxy that takes its path away, from the same without."""
_ENDPOINT = re.compile(r"https?://[^/\s@?#]+(/[^\s?#]*)?")
_SERVICE = re.compile(r"(tcp|udp|sctp)://.+")
"""What Kubernetes, and a link of Docker, put into TEAHOUSE_PORT beside a service called teahouse. Its other variables name no setting."""
_FAULT = re.compile(r"(?P<reason>.*) - at `\$\.(?P<name>\w+)`")

Seconds = Annotated[float, Meta(gt=0, le=86_400)]
Rate = Annotated[float, Meta(gt=0, le=1_000_000)]


class Secret:
    """A word that is not shown: not in a trace, not in a list of settings."""

    __slots__ = ("_word",)

    def __init__(self, word: object) -> None:
        self._word = word.strip() if isinstance(word, str) else ""
        if not self._word or not self._word.isascii() or not self._word.isprintable() or " " in self._word:
            raise ValueError("expected letters, digits and signs of ASCII without spaces")

    def reveal(self) -> str:
        return self._word

    def __repr__(self) -> str:
        return "(hidden)"


class Settings(GatheringLimits, frozen=True, kw_only=True):
    """The values of one server. Make them with `load`, which checks them."""

    # The house
    name: Annotated[str, Meta(min_length=1, max_length=60), "What the house is called, on its page and by its server."] = "Teahouse"
    language: Annotated[Literal["en", "zh"], "The language that comes first where a person's own is not known."] = "en"
    data_dir: Annotated[
        Path,
        "The folder that holds the database; made when it is missing. A relative one begins where the command is started, "
        "wherever the settings file is; `~` is one's home.",
    ] = Path("teahouse-data")
    copy_before_upgrade: Annotated[
        bool, "Whether an upgrade of the database first leaves a copy of it in the same folder, for 30 days, to go back by."
    ] = True

    # Where it listens
    host: Annotated[str, "The address to listen on; 127.0.0.1 means this machine only, 0.0.0.0 every network."] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535), "The TCP port to listen on; 0 takes a free one."] = 8000
    public_url: Annotated[
        str | None,
        "The address that people type when a proxy stands in front, such as https://chat.example.org or https://example.org/chat.",
    ] = None
    trusted_proxies: Annotated[
        tuple[str, ...], "Addresses and networks of the proxies in front, whose X-Forwarded-For, -Proto and -Host are believed."
    ] = ()
    open: Annotated[
        bool | None,
        "Whether strangers may sign in without an invite; unset means yes on a loopback address without a public_url, no elsewhere.",
    ] = None

    # Doors of old dialects
    doors: Annotated[
        tuple[DoorSettings, ...],
        "Doors for old chat pages, one `[[doors]]` table each; in the environment as `--door` takes them, with commas between.",
    ] = ()

    # The robot
    robot_base_url: Annotated[
        str | None, "The OpenAI-compatible endpoint of the robot's language model, such as http://127.0.0.1:11434/v1; unset means none."
    ] = None
    robot_model: Annotated[str | None, "The model's name as the endpoint knows it."] = None
    robot_api_key: Annotated[Secret | None, "The endpoint's API key, where it wants one; better in the environment or a file."] = None
    robot_api_key_file: Annotated[Path | None, "A file that holds the API key and nothing else."] = None
    robot_prompt: Annotated[str | None, "Who the robot is, in words for the model; unset means its own."] = None
    robot_context_messages: Annotated[int, Meta(ge=1, le=200), "Last messages of a room that the model is sent, the question included."] = (
        20
    )
    robot_replies_per_hour_per_user: Annotated[Count, "Answers of the model that one user gets per hour."] = 60
    robot_replies_per_hour_per_room: Annotated[Count, "Answers of the model that one room gets per hour."] = 240
    robot_replies_per_hour: Annotated[Count, "Answers of the model that the whole house gets per hour."] = 1_000
    robot_silence_timeout_s: Annotated[Seconds, "Seconds to wait for the model's first word, and for each further one."] = 30
    robot_reply_timeout_s: Annotated[Seconds, "Seconds that one answer of the model may take in all."] = 180
    robot_max_reply_bytes: Annotated[int, Meta(ge=1_000, le=49_152), "Bytes of UTF-8 in one answer of the model; longer ones are cut."] = (
        12_000
    )

    # What one message, request and connection may cost
    max_text_bytes: Annotated[int, Meta(ge=1, le=49_152), "Bytes of UTF-8 in the text of one message."] = 32_768
    max_message_bytes: Annotated[int, Meta(ge=1_024), "Bytes of one WebSocket message; longer ones close the socket (1009)."] = 65_536
    compression: Annotated[bool, "Whether WebSocket messages are compressed for clients that offer it (permessage-deflate)."] = True
    compress_above_bytes: Annotated[int, Meta(ge=0), "Bytes above which a WebSocket message is compressed for those clients."] = 256
    max_fragments: Annotated[Count, "Fragments of one WebSocket message, empty ones included."] = 64
    max_request_bytes: Annotated[int, Meta(ge=1_024), "Bytes of one HTTP request's body; a longer one is refused unread (413)."] = 65_536
    max_header_bytes: Annotated[int, Meta(ge=1_024), "Bytes of one HTTP request's line and headers together (431)."] = 32_768
    max_connections: Annotated[
        Count,
        "Connections of every kind at the same time; when all are taken, the network with most that are not live loses its idlest, "
        "else the newcomer is told to come later.",
    ] = 12_000
    sockets_per_user: Annotated[Count, "Live connections of one user at the same time; their programs may have as many, all together."] = 20
    sockets_per_address: Annotated[
        Count,
        "Live connections from one network address beyond the first two of each person; five times as many people may have those.",
    ] = 200

    # How often
    message_rate_per_s: Annotated[Rate, "Messages and reactions of one user, with their programs, per second in the long run."] = 10
    message_burst: Annotated[Count, "Messages and reactions of one user, with their programs, at once after a pause."] = 40
    commands_per_s: Annotated[
        Rate, "Commands of all kinds that one user may send per second in the long run; their programs may send as many, all together."
    ] = 50
    command_burst: Annotated[Count, "Commands that one user may send at once after a pause; their programs too, all together."] = 200
    search_rate_per_s: Annotated[
        Rate, "Searches that one user may make per second in the long run; their programs may make as many, all together."
    ] = 3
    search_burst: Annotated[Count, "Searches that one user may make at once after a pause; their programs too, all together."] = 15
    sign_ins_per_minute_per_address: Annotated[Count, "Attempts to sign in from one network address per minute."] = 30

    # How long
    header_timeout_s: Annotated[Seconds, "Seconds to send an HTTP request's headers completely."] = 10
    body_timeout_s: Annotated[Seconds, "Seconds to send an HTTP request's body completely (408)."] = 30
    keep_alive_timeout_s: Annotated[
        Count, "Seconds that an HTTP connection may rest between two requests; longer than proxies keep theirs."
    ] = 130
    handshake_timeout_s: Annotated[Seconds, "Seconds to complete the WebSocket handshake."] = 10
    hello_timeout_s: Annotated[Seconds, "Seconds from the WebSocket handshake to the client's hello (4002)."] = 10
    ping_interval_s: Annotated[Seconds, "Seconds between the server's signs of life: WebSocket pings, comments in an event stream."] = 25
    poll_wait_s: Annotated[Seconds, "Seconds that a long poll waits for news before it is answered empty."] = 25
    poll_gap_s: Annotated[Seconds, "Seconds between two long polls after which the connection counts as dead (4008)."] = 30
    ping_timeout_s: Annotated[Seconds, "Seconds to answer a ping before the socket counts as dead (4008)."] = 20
    sweep_interval_s: Annotated[Seconds, "Seconds between two comparisons of every reader with the heads of the logs."] = 5
    session_idle_days: Annotated[Count, "Days without use after which a session ends; days on which the house is open."] = 60
    session_max_days: Annotated[Count, "Days after which a session ends whether used or not; days on which the house is open."] = 365
    address_days: Annotated[
        int, Meta(ge=0, le=365), "Days for which the network that a person came from last is kept, for keepers alone to see; 0 keeps none."
    ] = 30
    resume_limit: Annotated[Count, "Entries that are replayed to one returning client; beyond, it loads the last page."] = 10_000

    # What is logged and counted
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], "The least weight of a line that is logged; debug adds each request."
    ] = "info"
    log_format: Annotated[
        Literal["auto", "console", "json"], "How a line is logged: console for people, json for machines; auto takes console on a terminal."
    ] = "auto"

    metrics: Annotated[
        Literal["off", "loopback", "open"], "Who may read /metrics: nobody, programs of this machine that come through no proxy, or all."
    ] = "loopback"

    @property
    def is_open(self) -> bool:
        """Whether strangers may sign in without an invite.

        A public address means a proxy in front: whoever listens behind one on loopback is reached by everybody all the same.
        """
        return is_loopback(self.host) and self.public_url is None if self.open is None else self.open


PATHS = frozenset(name for name, kind in get_type_hints(Settings).items() if Path in (kind, *get_args(kind)))


def load(file: Path | None = None, **given: Any) -> Settings:
    """Return the settings of `given`, the environment and `file`; BadSettings names the first mistake in one sentence."""
    values = {**({} if file is None else read_toml(file)), **_from_environment(os.environ), **given}
    for name in values:
        if name not in Settings.__struct_fields__:
            near = get_close_matches(name, Settings.__struct_fields__, n=1)
            raise BadSettings(f"There is no setting {name!r}" + (f"; did you mean {near[0]!r}?" if near else "."))
    if values.get("public_url") is not None:
        values["public_url"] = _public_address(str(values["public_url"]))
    if "trusted_proxies" in values:
        values["trusted_proxies"] = _networks(values["trusted_proxies"])
    if "doors" in values:
        try:
            values["doors"] = doors_from(values["doors"])
        except BadDoor as error:
            raise BadSettings(f"The setting doors ({ENV_PREFIX}DOORS) cannot be used: {error}.") from None
    for name in PATHS & values.keys():
        if values[name] is not None:
            values[name] = at_home(name, Path(str(values[name])))
    if values.get("robot_api_key_file") is not None:
        values.setdefault("robot_api_key", read_secret("robot_api_key_file", values["robot_api_key_file"]))
    if values.get("robot_base_url") is not None:
        _check_robot(str(values["robot_base_url"]), values.get("robot_model"))
    try:
        # Not strict, since whatever comes from the environment is a string.
        return msgspec.convert(values, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise BadSettings(_words(str(error), values)) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host.lower().removesuffix(".") == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback  # a mapped address says it of itself from Python 3.13 on


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """A variable that is set to nothing counts as not set, as compose files like to leave them; nor is a service's address a port."""
    found = {name: environment.get(f"{ENV_PREFIX}{name.upper()}", "").strip() for name in Settings.__struct_fields__}
    return {name: value for name, value in found.items() if value and not (name == "port" and _SERVICE.fullmatch(value))}


def _public_address(url: str) -> str:
    """Return the address in its one form: scheme and host in lower case, no slash at the end."""
    scheme, separator, rest = url.removesuffix("/").partition("://")
    host, slash, path = rest.partition("/")
    origin = (scheme + separator + host).lower()
    if not _ORIGIN.fullmatch(origin) or not _PATH.fullmatch(slash + path) or {".", ".."} & set(path.split("/")):
        reason = "expected http:// or https://, a host, perhaps a port and perhaps a path"
        raise BadSettings(f"The setting public_url ({ENV_PREFIX}PUBLIC_URL) cannot be {url!r}: {reason}.")
    if path.partition("/")[0] in _OWN_PATHS:
        raise BadSettings(f"The setting public_url ({ENV_PREFIX}PUBLIC_URL) cannot be {url!r}: the house uses that path itself.")
    return origin + slash + path


def _networks(given: Any) -> list[str]:
    """Return the networks one by one; from the environment they come in one string."""
    listed = given if isinstance(given, list | tuple) else [given]
    each = re.split(r"[,\s]+", given.strip()) if isinstance(given, str) else [str(item) for item in listed]
    for address in each:
        try:
            ipaddress.ip_network(address, strict=False)
        except ValueError:
            reason = "expected addresses such as 127.0.0.1 or networks such as 10.0.0.0/8"
            raise BadSettings(f"The setting trusted_proxies ({ENV_PREFIX}TRUSTED_PROXIES) cannot hold {address!r}: {reason}.") from None
    return each


def _check_robot(base_url: str, model: object) -> None:
    if not _ENDPOINT.fullmatch(base_url):
        reason = "expected http:// or https://, a host and perhaps a path, with no name, password or query"
        raise BadSettings(f"The setting robot_base_url ({ENV_PREFIX}ROBOT_BASE_URL) cannot be what it is: {reason}.")
    if not model:
        raise BadSettings("The setting robot_base_url needs robot_model beside it: the model's name as the endpoint knows it.")


def _words(error: str, values: Mapping[str, Any]) -> str:
    fault = _FAULT.fullmatch(error)
    if fault is None:
        return f"The settings cannot be used: {error}."
    name, reason = fault["name"], _expected(fault["name"]) or fault["reason"].replace("`", "")
    shown = "what it is" if get_type_hints(Settings)[name] == Secret | None else repr(values[name])
    return f"The setting {name} ({ENV_PREFIX}{name.upper()}) cannot be {shown}: {reason[0].lower()}{reason[1:]}."


def _expected(name: str) -> str | None:
    """List the legal values where they are few."""
    kind = get_type_hints(Settings)[name]
    if get_origin(kind) is Literal:
        return f"expected {' or '.join(get_args(kind))}"
    return "expected true or false" if kind in (bool, bool | None) else None
