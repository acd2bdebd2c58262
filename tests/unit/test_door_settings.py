from pathlib import Path

import pytest

from teahouse.door_settings import BadDoor, DoorSettings, doors_from
from teahouse.settings import BadSettings, load


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("lines", None),
        ("lines@9000", ("127.0.0.1", 9000)),
        ("lines@0.0.0.0:9000", ("0.0.0.0", 9000)),
        ("lines@[::1]:9000", ("::1", 9000)),
        ("lines@chat.example:0", ("chat.example", 0)),
    ],
)
def test_words_of_the_command_line_name_a_door_and_its_port(words: str, address: tuple[str, int] | None) -> None:
    [door] = doors_from([words])

    assert (door.dialect, door.address) == ("lines", address)


@pytest.mark.parametrize(
    ("words", "origins"),
    [
        ("lines", ()),
        ("lines+null", ("null",)),
        ("lines@9000+*", ("*",)),
        ("lines@[::1]:9000+null+https://Old.example:8443/", ("null", "https://old.example:8443")),
    ],
)
def test_words_of_the_command_line_name_origins(words: str, origins: tuple[str, ...]) -> None:
    assert doors_from([words])[0].origins == origins


def test_a_variable_names_several_with_commas() -> None:
    assert [door.dialect for door in doors_from("lines@9000, shout ,")] == ["lines", "shout"]


@pytest.mark.parametrize(
    "door",
    [
        "linez",
        "",
        "lines@",
        "lines@x",
        "lines@70000",
        "lines@::1:9000",
        "lines@a:b:9",
        "lines+",
        "lines+old.example",
        "lines+https://old.example/page",
        "lines+null@9000",
        {"dialect": "lines", "listen": "9000", "port": 1},
        {"dialect": "lines", "access": "closed"},
        {"dialect": "lines", "origins": "*"},
        {"dialect": "lines", "draft76": True, "listen": 9000},
        {"dialect": "shout", "draft76": True},
        {"listen": 9000},
        7,
    ],
)
def test_a_door_that_cannot_be_is_told_in_words(door: object) -> None:
    with pytest.raises(BadDoor):
        doors_from([door])  # type: ignore[list-item]


def test_one_dialect_is_on_the_houses_own_port_only_once() -> None:
    with pytest.raises(BadDoor, match="two doors lines"):
        doors_from(["lines", "lines"])
    assert len(doors_from(["lines", "lines@9000", "lines@9001"])) == 3


def test_tables_of_the_file_are_doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEAHOUSE_DOORS", raising=False)
    file = tmp_path / "teahouse.toml"
    file.write_text(
        '[[doors]]\ndialect = "shout"\nlisten = 9000\nroom = "2011"\norigins = ["*"]\ndraft76 = true\non_port_in_use = "go_on"\n'
    )

    assert load(file).doors == (
        DoorSettings(dialect="shout", listen=9000, room="2011", origins=("*",), draft76=True, on_port_in_use="go_on"),
    )
    assert load(file, doors=["lines"]).doors == (DoorSettings(dialect="lines"),)
    with pytest.raises(BadSettings, match="expected directed or lines"):
        load(file, doors=["linez"])
