"""Every setting once: its name with the unit in it, its default, and one sentence. docs/settings.md lists the same.

What is given on the command line wins over the environment (`TEAHOUSE_PORT=9000`), that over the TOML file, that over
the default. Nothing here acts: app.py and serving.py read the values and hand them out.
"""

import ipaddress
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

ENV_PREFIX = "TEAHOUSE_"

_ORIGIN = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")


class BadSettings(Exception):
    """A setting that cannot be used; the message is one sentence for the person who set it."""


def _public_origin(url: str) -> str:
    origin = url.lower().removesuffix("/")
    if not _ORIGIN.fullmatch(origin):
        raise ValueError("expected http:// or https://, a host and perhaps a port, with no path")
    return origin


Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Rate = Annotated[float, Field(gt=0)]


class Settings(BaseSettings):
    """The values of one server. Make them with `load`, which turns mistakes into BadSettings."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="forbid")

    # The house
    name: str = Field("Teahouse", min_length=1, max_length=60, description="What the house is called, on its page and by its server.")
    language: Literal["en", "zh"] = Field("en", description="The language that comes first where a person's own is not known.")
    data_dir: Path = Field(Path("teahouse-data"), description="The folder that holds the database; made when it is missing.")

    # Where it listens
    host: str = Field("127.0.0.1", description="The address to listen on; 127.0.0.1 means this machine only, 0.0.0.0 every network.")
    port: int = Field(8000, ge=0, le=65_535, description="The TCP port to listen on; 0 takes a free one.")
    public_url: Annotated[str, AfterValidator(_public_origin)] | None = Field(
        None, description="The address that people type when a proxy stands in front, such as https://chat.example.org."
    )
    open: bool | None = Field(
        None, description="Whether strangers may sign in without an invite; unset means yes on a loopback address, no elsewhere."
    )

    # What one message, request and connection may cost
    max_text_bytes: int = Field(32_768, ge=1, le=49_152, description="Bytes of UTF-8 in the text of one message.")
    max_message_bytes: int = Field(65_536, ge=1_024, description="Bytes of one WebSocket message; longer ones close the socket (1009).")
    max_fragments: Count = Field(64, description="Fragments of one WebSocket message, empty ones included.")
    max_request_bytes: int = Field(65_536, ge=1_024, description="Bytes of one HTTP request's body; a longer one is refused unread (413).")
    max_header_bytes: int = Field(32_768, ge=1_024, description="Bytes of one HTTP request's line and headers together (431).")
    max_connections: Count = Field(12_000, description="Connections of every kind at the same time; further ones are told to come later.")
    sockets_per_user: Count = Field(20, description="Live WebSockets of one user at the same time.")
    sockets_per_address: Count = Field(
        200, description="Live WebSockets from one network address at the same time; loopback and a proxy's address count too."
    )

    # How often
    message_rate_per_s: Rate = Field(10, description="Messages that one user may post per second in the long run.")
    message_burst: Count = Field(40, description="Messages that one user may post at once after a pause.")
    commands_per_s: Rate = Field(50, description="Commands of all kinds that one user may send per second in the long run.")
    command_burst: Count = Field(200, description="Commands that one user may send at once after a pause.")
    sign_ins_per_minute_per_address: Count = Field(30, description="Attempts to sign in from one network address per minute.")

    # How long
    header_timeout_s: Seconds = Field(10, description="Seconds to send an HTTP request's headers completely.")
    body_timeout_s: Seconds = Field(30, description="Seconds to send an HTTP request's body completely (408).")
    keep_alive_timeout_s: Count = Field(20, description="Seconds that an HTTP connection may rest between two requests.")
    handshake_timeout_s: Seconds = Field(10, description="Seconds to complete the WebSocket handshake.")
    hello_timeout_s: Seconds = Field(10, description="Seconds from the WebSocket handshake to the client's hello (4002).")
    ping_interval_s: Seconds = Field(25, description="Seconds between the server's WebSocket pings.")
    ping_timeout_s: Seconds = Field(20, description="Seconds to answer a ping before the socket counts as dead (4008).")
    sweep_interval_s: Seconds = Field(5, description="Seconds between two comparisons of every reader with the heads of the logs.")
    session_idle_days: Count = Field(60, description="Days without use after which a session ends.")
    session_max_days: Count = Field(365, description="Days after which a session ends whether used or not.")
    resume_limit: Count = Field(10_000, description="Entries that are replayed to one returning client; beyond, it loads the last page.")

    # What is logged
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="The least weight of a line that is logged.")
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="How a line is logged: console for people, json for machines; auto takes console on a terminal."
    )

    @property
    def is_open(self) -> bool:
        """Whether strangers may sign in without an invite."""
        return is_loopback(self.host) if self.open is None else self.open

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(file: Path | None = None, **given: Any) -> Settings:
    """Return the settings of `given`, the environment and `file`; BadSettings names the first mistake in one sentence."""

    class FromFile(Settings, toml_file=file):
        pass

    if file is not None and not file.is_file():
        raise BadSettings(f"There is no settings file {file}.")
    try:
        return FromFile(**given)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{file} is not valid TOML: {error}.") from None
    except OSError as error:
        raise BadSettings(f"{file} cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        raise BadSettings(_words(error.errors(include_url=False)[0])) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _words(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        near = get_close_matches(name, Settings.model_fields, n=1)
        return f"There is no setting {name!r}" + (f"; did you mean {near[0]!r}?" if near else ".")
    reason = error["msg"].removeprefix("Value error, ")
    return f"The setting {name} ({ENV_PREFIX}{name.upper()}) cannot be {error['input']!r}: {reason[0].lower()}{reason[1:]}."
