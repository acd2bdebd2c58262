"""Log lines: structlog to standard error, for people on a terminal and as JSON for machines; few unless asked.

What must never be logged is kept out where lines are made. This file is the net below: it blanks fields whose names say
that they are secret or somebody's words, and takes the control characters out of everything.
"""

import logging
import re
import sys
import traceback
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor

SECRET_FIELDS = frozenset({"authorization", "cookie", "invite", "key", "owner_key", "password", "query", "query_string", "text", "token"})

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def configure(level: str, form: str, stream: TextIO | None = None) -> None:
    """Send the lines of structlog and of the standard library (uvicorn, SQLAlchemy) to `stream`, standard error by default."""
    out = stream or sys.stderr
    shared: list[Processor] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso"), _trace, _clean]
    render = _renderer(form, out)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    _route_standard_library(level, out, shared, render)


def _route_standard_library(level: str, out: TextIO, shared: list[Processor], render: Processor) -> None:
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
            keep_exc_info=False,
        )
    )
    # What libraries say at `info` is each of their steps, which tells whoever runs a house nothing.
    logging.basicConfig(handlers=[handler], level="WARNING" if level == "info" else level.upper(), force=True)
    # uvicorn warns of every malformed request, which lets any stranger fill the log.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


def neutral(words: str) -> str:
    """Return `words` on one line: control characters and those that turn the writing direction become visible escapes."""
    return _CONTROLS.sub(lambda found: found.group().encode("unicode_escape").decode(), words)


def _renderer(form: str, out: TextIO) -> Processor:
    on_terminal = out.isatty()
    if form == "json" or (form == "auto" and not on_terminal):
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return _for_people(structlog.dev.ConsoleRenderer(colors=on_terminal))


def _for_people(render: Processor) -> Processor:
    """Wrap `render` so that a trace stands below its line, indented so that no line of it can pass for a log line."""

    def rendered(logger: Any, method: str, event: EventDict) -> str:
        trace = event.pop("trace", [])
        return "\n    | ".join([str(render(logger, method, event)), *trace])

    return rendered


def _trace(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Put the trace into the field `trace`, as a list of lines without the values of variables."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["trace"] = [line for part in traceback.format_exception(error) for line in part.splitlines()]
    return event


def _clean(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {name: "(hidden)" if name in SECRET_FIELDS else _plain(value) for name, value in event.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return neutral(value) if isinstance(value, str) else value
