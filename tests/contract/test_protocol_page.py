"""docs/protocol.md and the code say the same: every command, event, fact, object and error code, with its fields."""

import re
from pathlib import Path
from typing import get_args

import pytest
from msgspec import Struct
from msgspec.structs import fields

from teahouse import access, errors, keeping, model, wire
from tests.contract.tables import CODE, name, names, rows, section

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
OBJECTS: tuple[type[Struct], ...] = (
    model.User,
    model.Room,
    model.Standing,
    model.Message,
    model.Page,
    model.Found,
    model.FoundMessages,
    access.Token,
    keeping.Ban,
    keeping.Invite,
    keeping.Person,
)


def test_every_command_is_documented_with_its_fields_and_no_other_is() -> None:
    documented = {name(row[0]): names(row[1]) for row in rows(PAGE, "## Commands", "type")}

    # Every command may carry `id`; the page says so once, above the table.
    assert documented == {tag(command): field_names(command) - {"id"} for command in get_args(wire.AnyCommand)}


def test_every_event_is_documented_with_its_fields_and_no_other_is() -> None:
    documented = {name(row[0]): names(row[1]) for row in rows(PAGE, "## Events", "type")}

    assert documented == {tag(event): field_names(event) for event in get_args(wire.Event)}


def test_every_fact_is_documented_with_its_fields_under_the_log_that_carries_it() -> None:
    of_rooms = {name(row[0]): names(row[1]) for row in rows(PAGE, "### Facts of a room's log", "fact")}
    of_inbox = {name(row[0]): names(row[1]) for row in rows(PAGE, "### Facts of your inbox", "fact")}

    of_house = {name(row[0]): names(row[1]) for row in rows(PAGE, "### Facts of the house log", "fact")}

    assert of_rooms | of_inbox | of_house == {tag(fact): field_names(fact) for fact in get_args(model.Fact)}
    assert set(of_inbox) == {tag(model.Added), tag(model.Read)}
    assert set(of_house) == {tag(fact) for fact in get_args(keeping.HouseFact)}


@pytest.mark.parametrize("kind", OBJECTS, ids=lambda kind: kind.__name__)
def test_every_object_is_documented_with_its_fields(kind: type[Struct]) -> None:
    assert documented_objects(PAGE)[kind.__name__] == field_names(kind)


def test_every_error_code_is_documented_in_the_words_of_the_code() -> None:
    documented = {name(row[0]): row[2] for row in rows(PAGE, "## Codes", "code")}

    assert documented == errors.CODES


def test_every_class_of_refusal_has_its_code_in_the_table_with_its_http_status() -> None:
    documented = {name(row[0]): int(row[1]) for row in rows(PAGE, "## Codes", "code")}
    refusals = [errors.TeahouseError, *errors.TeahouseError.__subclasses__()]

    assert {refusal.code: refusal.status for refusal in refusals}.items() <= documented.items()


def test_every_example_command_of_the_page_is_one_that_the_server_takes() -> None:
    examples = [text for text in CODE.findall(PAGE) if text.startswith('{"type":"') and "…" not in text and text != '{"LOG": seq}']
    taken = [wire.decode(text.replace(":E,", ':"E",')) for text in examples]

    assert {type(command) for command in taken} >= {wire.Hello, wire.Post}


def test_a_row_too_few_or_too_many_is_noticed() -> None:
    page = (
        "## Commands\n\ntext\n\n| type | fields |\n| --- | --- |\n| `post` | `room`, `kind` (`public`), `limit`=50, `on`? |\n\n## Events\n"
    )

    assert rows(page, "## Commands", "type") == [["`post`", "`room`, `kind` (`public`), `limit`=50, `on`?"]]
    assert names(rows(page, "## Commands", "type")[0][1]) == {"room", "kind", "limit", "on"}
    with pytest.raises(LookupError):
        rows(page, "## Events", "type")


def documented_objects(page: str) -> dict[str, set[str]]:
    """Return the fields of each object that the page draws as `- **Name** {field, field?, field: Type}`."""
    lines = [line for line in section(page, "### Objects") if line.startswith("- **")]
    return {re.findall(r"\*\*(\w+)\*\*", line)[0]: set(re.findall(r"[{,] ?([a-z_]+)", CODE.findall(line)[0])) for line in lines}


def tag(kind: type[Struct]) -> str:
    return str(kind.__struct_config__.tag)


def field_names(kind: type[Struct]) -> set[str]:
    return {field.encode_name for field in fields(kind)}
