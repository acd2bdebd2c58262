"""Log lines: quiet, on one line, without secrets."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from teahouse import logs


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def lines(form: str = "json", level: str = "info") -> io.StringIO:
    out = io.StringIO()
    logs.configure(level, form, out)
    return out


def test_a_line_below_the_level_is_not_written() -> None:
    out = lines(level="warning")

    structlog.get_logger().info("request", path="/")
    logging.getLogger("sqlalchemy").info("SELECT")

    assert out.getvalue() == ""


def test_what_strangers_can_provoke_in_uvicorn_is_not_written() -> None:
    out = lines(level="debug")

    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")

    assert out.getvalue() == ""


@pytest.mark.parametrize("field", ["token", "cookie", "text", "invite", "owner_key", "password", "query"])
def test_a_field_that_holds_a_secret_or_somebodys_words_is_blank(field: str) -> None:
    out = lines()

    structlog.get_logger().info("oops", **{field: "hush"})

    assert "hush" not in out.getvalue()
    assert json.loads(out.getvalue())[field] == "(hidden)"


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\x00", "\x9b", "\u2028", "\u202e", "\u2066"])
def test_no_word_of_a_stranger_makes_a_line_of_its_own_or_turns_one_around(form: str, character: str) -> None:
    out = lines(form)

    structlog.get_logger().info(f"a{character}b", name=f"c{character}d")
    logging.getLogger("library").error("e%sf", character)

    assert len(out.getvalue().splitlines()) == 2
    assert character not in out.getvalue().replace("\n", "", 2) or character == "\n"


def test_a_trace_shows_where_and_not_the_values_of_variables() -> None:
    out = lines("console")
    password = "hush"
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger().exception("fault", id="0a1b")

    assert "ValueError: broken" in out.getvalue()
    assert "test_logs.py" in out.getvalue()
    assert password not in out.getvalue().replace('password = "hush"', "")


def test_no_line_of_a_trace_can_pass_for_a_log_line() -> None:
    out = lines("console")
    try:
        raise ValueError("x\n2026-01-01T00:00:00Z [info     ] forged")
    except ValueError:
        structlog.get_logger().exception("fault")

    _first, *rest = out.getvalue().splitlines()
    assert rest
    assert all(line.startswith("    | ") for line in rest)


def test_machines_get_one_json_object_a_line() -> None:
    out = lines("json")

    structlog.get_logger().warning("slow", ms=12)

    line = json.loads(out.getvalue())
    assert (line["event"], line["level"], line["ms"]) == ("slow", "warning", 12)


def test_what_libraries_say_of_their_steps_is_not_written_unless_asked_for() -> None:
    out = lines(level="info")
    logging.getLogger("alembic").info("Context impl SQLiteImpl.")
    assert out.getvalue() == ""
    logging.getLogger("alembic").warning("odd")
    assert "odd" in out.getvalue()

    out = lines(level="debug")
    logging.getLogger("alembic").info("Context impl SQLiteImpl.")
    assert "SQLiteImpl" in out.getvalue()
