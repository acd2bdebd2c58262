"""Settings: where values come from, which one wins, and what is said of a bad one."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from teahouse.settings import BadSettings, Settings, load

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_without_anything_the_house_listens_on_this_machine_only_and_is_open_to_it() -> None:
    settings = load()

    assert (settings.host, settings.port, settings.is_open) == ("127.0.0.1", 8000, True)


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "teahouse.toml"
    file.write_text('port = 1001\nname = "From the file"\nlanguage = "zh"')
    monkeypatch.setenv("TEAHOUSE_PORT", "1002")
    monkeypatch.setenv("TEAHOUSE_NAME", "From the environment")

    settings = load(file, port=1003)

    assert (settings.port, settings.name, settings.language) == (1003, "From the environment", "zh")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "localhost", "LocalHost"])
def test_a_house_on_loopback_is_open_unless_told_otherwise(host: str) -> None:
    assert load(host=host).is_open
    assert not load(host=host, open=False).is_open


@pytest.mark.parametrize(
    "host", ["", "0", "0.0.0.0", "::", "::ffff:0.0.0.0", "::ffff:192.168.1.5", "192.168.1.5", "chat.example.org", "127.0.0.1.example.org"]
)
def test_a_house_that_others_can_reach_is_closed_unless_told_otherwise(host: str) -> None:
    assert not load(host=host).is_open
    assert load(host=host, open=True).is_open


@pytest.mark.parametrize("url", ["https://chat.example.org", "http://192.168.1.5/chat", "http://localhost:8080", "http://[::1]:8080"])
def test_a_house_with_a_public_address_is_closed_on_loopback_too_unless_told_otherwise(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in front lets everybody through to 127.0.0.1."""
    assert not load(public_url=url).is_open
    assert load(public_url=url, open=True).is_open
    monkeypatch.setenv("TEAHOUSE_PUBLIC_URL", url)
    assert not load().is_open
    monkeypatch.setenv("TEAHOUSE_OPEN", "")
    assert not load().is_open, "set to nothing is not set"
    monkeypatch.setenv("TEAHOUSE_OPEN", "true")
    assert load().is_open


def test_the_public_address_has_one_form_however_it_was_written() -> None:
    assert load(public_url="HTTPS://Chat.Example.org/").public_url == "https://chat.example.org"
    assert load(public_url="https://Example.org/Chat/").public_url == "https://example.org/Chat"


@pytest.mark.parametrize(
    "url",
    [
        "chat.example.org",
        "ftp://chat.example.org",
        "https://a b",
        "https://",
        "",
        "https://a/b?c",
        "https://a//b",
        "https://a/../b",
        "https://a/%2e",
    ],
)
def test_a_public_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match=r"public_url .* expected http:// or https://"):
        load(public_url=url)


def test_a_public_path_that_the_house_has_below_it_is_refused() -> None:
    with pytest.raises(BadSettings, match="the house uses that path itself"):
        load(public_url="https://example.org/api")


def test_trusted_proxies_are_a_list_in_the_file_and_one_string_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(trusted_proxies=["127.0.0.1", "10.0.0.0/8"]).trusted_proxies == ("127.0.0.1", "10.0.0.0/8")
    monkeypatch.setenv("TEAHOUSE_TRUSTED_PROXIES", "127.0.0.1, ::1")
    assert load().trusted_proxies == ("127.0.0.1", "::1")


def test_a_trusted_proxy_that_is_no_network_is_refused_in_words() -> None:
    with pytest.raises(BadSettings, match=r"trusted_proxies .* cannot hold 'nginx': expected addresses"):
        load(trusted_proxies="127.0.0.1 nginx")
    with pytest.raises(BadSettings, match="cannot hold '5'"):
        load(trusted_proxies=5)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"port": 70_000}, "The setting port (TEAHOUSE_PORT) cannot be 70000: expected int <= 65535."),
        ({"language": "fr"}, "The setting language (TEAHOUSE_LANGUAGE) cannot be 'fr': expected en or zh."),
        ({"compression": "a bit"}, "The setting compression (TEAHOUSE_COMPRESSION) cannot be 'a bit': expected true or false."),
        ({"open": "perhaps"}, "The setting open (TEAHOUSE_OPEN) cannot be 'perhaps': expected true or false."),
        ({"header_timeout_s": 0}, "The setting header_timeout_s (TEAHOUSE_HEADER_TIMEOUT_S) cannot be 0: expected float > 0.0."),
        ({"prot": 8000}, "There is no setting 'prot'; did you mean 'port'?"),
        ({"xyzzy": 1}, "There is no setting 'xyzzy'."),
    ],
)
def test_a_mistake_is_told_in_one_sentence_that_names_the_setting(given: dict[str, Any], words: str) -> None:
    with pytest.raises(BadSettings) as refused:
        load(**given)

    assert str(refused.value) == words


def test_a_mistake_in_the_environment_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAHOUSE_PORT", "eighty")

    with pytest.raises(BadSettings, match="TEAHOUSE_PORT"):
        load()


def test_a_variable_that_is_set_to_nothing_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAHOUSE_PUBLIC_URL", "")
    monkeypatch.setenv("TEAHOUSE_PORT", "")

    assert (load().public_url, load().port) == (None, 8000)


@pytest.mark.parametrize("address", ["tcp://10.96.0.1:8000", "tcp://[fd00::1]:8000", "udp://172.17.0.5:8000", "sctp://10.96.0.1:9"])
def test_the_address_of_a_service_called_teahouse_is_no_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for name, value in {"PORT": address, "SERVICE_HOST": "10.96.0.1", "SERVICE_PORT": "8000", "PORT_8000_TCP_ADDR": "10.96.0.1"}.items():
        monkeypatch.setenv(f"TEAHOUSE_{name}", value)
    file = tmp_path / "teahouse.toml"
    file.write_text("port = 1001")

    assert (load().port, load(file).port, load(port=1003).port) == (8000, 1001, 1003)


@pytest.mark.parametrize("port", ["tcp", "tcp://", "http://10.96.0.1:8000", "10.96.0.1:8000"])
def test_what_is_no_port_nor_a_services_address_is_still_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("TEAHOUSE_PORT", port)

    with pytest.raises(BadSettings, match="TEAHOUSE_PORT"):
        load()


def test_no_other_setting_has_the_name_of_a_services_variable() -> None:
    """A Service `teahouse-x` sets TEAHOUSE_X_PORT and the like, with addresses that the setting could not take."""
    of_a_service = re.compile(r"(.*_)?(service_host|service_port(_.*)?|port(_\d+_(tcp|udp|sctp)(_(proto|port|addr))?)?)")

    assert [name for name in Settings.__struct_fields__ if of_a_service.fullmatch(name)] == ["port"]


def test_what_the_environment_says_in_letters_becomes_what_it_means(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"OPEN": "true", "HEADER_TIMEOUT_S": "0.5", "DATA_DIR": "/srv/tea", "MAX_TEXT_BYTES": "100"}.items():
        monkeypatch.setenv(f"TEAHOUSE_{name}", value)

    settings = load()

    assert (settings.open, settings.header_timeout_s, settings.max_text_bytes) == (True, 0.5, 100)
    assert settings.data_dir == Path("/srv/tea")


def test_a_missing_or_broken_file_is_told_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "teahouse.toml"
    with pytest.raises(BadSettings, match=r"There is no settings file .*teahouse\.toml"):
        load(file)

    file.write_text("port = ")
    with pytest.raises(BadSettings, match=r"teahouse\.toml is not valid TOML"):
        load(file)


def test_a_misspelt_setting_in_the_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "teahouse.toml"
    file.write_text("opne = true")

    with pytest.raises(BadSettings, match="did you mean 'open'"):
        load(file)


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "teahouse.toml"
    file.write_text('name = "茶屋"', encoding="utf-8-sig")

    assert load(file).name == "茶屋"


@pytest.mark.parametrize("sign", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_every_editor_are_read(tmp_path: Path, sign: str, end: str) -> None:
    (tmp_path / "key").write_bytes(f"{sign}sk-secret{end}".encode())
    (tmp_path / "teahouse.toml").write_bytes(f'{sign}name = "茶屋"{end}robot_api_key_file = "{tmp_path}/key"{end}'.encode())

    settings = load(tmp_path / "teahouse.toml")

    assert settings.name == "茶屋"
    assert settings.robot_api_key is not None
    assert settings.robot_api_key.reveal() == "sk-secret"


def test_the_end_of_a_line_in_the_environment_is_no_part_of_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAHOUSE_DATA_DIR", "/srv/tea\r")
    monkeypatch.setenv("TEAHOUSE_PORT", "9000\r")

    assert (load().data_dir, load().port) == (Path("/srv/tea"), 9000)


def test_home_is_written_out_wherever_a_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key").write_text("sk-secret")
    file = tmp_path / "teahouse.toml"
    file.write_text('data_dir = "~/tea"\nrobot_api_key_file = "~/key"')

    from_file = load(file)
    monkeypatch.setenv("TEAHOUSE_DATA_DIR", "~")

    assert from_file.data_dir == tmp_path / "tea"
    assert from_file.robot_api_key is not None
    assert load().data_dir == tmp_path
    assert load(data_dir=Path("a~/~b")).data_dir == Path("a~/~b")


def test_a_home_of_nobody_is_told() -> None:
    with pytest.raises(BadSettings, match="data_dir cannot be '~nobody-of-that-name/tea': there is no such home"):
        load(data_dir="~nobody-of-that-name/tea")


def test_a_connection_rests_longer_here_than_at_the_proxies_that_are_common() -> None:
    """Or they send on one that ends just then, and answer 502: nginx 60 s, Traefik (Go) 90 s, Caddy 120 s by themselves."""
    assert load().keep_alive_timeout_s > max(60, 90, 120)


def test_the_page_tells_the_defaults_that_hold() -> None:
    rows = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    told = {row[1].strip(" `"): row[2].strip(" `") for row in rows}

    assert told == {name: as_told(value) for name, value in msgspec.structs.asdict(Settings()).items()}


def as_told(value: object) -> str:
    if value in (None, ()):
        return "–"
    return str(value).lower() if isinstance(value, bool) else str(value)


# The robot's key


def test_the_robots_key_comes_from_the_environment_or_a_file_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text("sk-from-file\n")
    of_file = load(robot_api_key_file=file).robot_api_key
    monkeypatch.setenv("TEAHOUSE_ROBOT_API_KEY", "sk-from-environment")
    of_environment = load(robot_api_key_file=file).robot_api_key

    assert of_file is not None and of_file.reveal() == "sk-from-file"
    assert of_environment is not None and of_environment.reveal() == "sk-from-environment"


def test_the_robots_key_is_not_shown_with_the_settings() -> None:
    settings = load(robot_api_key="sk-secret")

    for shown in (repr(settings), str(settings.robot_api_key), f"{msgspec.structs.asdict(settings)}"):
        assert "sk-secret" not in shown
    with pytest.raises(TypeError):
        msgspec.json.encode(settings)


@pytest.mark.parametrize("key", ["sk secret", "sk-secret\nX-Evil: 1", "sk-sécret", 12345.5 + 1j, ["sk-secret"]])
def test_a_key_that_cannot_be_sent_is_refused_without_being_shown(key: Any) -> None:
    with pytest.raises(BadSettings, match="robot_api_key") as refused:
        load(robot_api_key=key)

    assert "secret" not in str(refused.value) and "12345" not in str(refused.value)


def test_a_key_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        load(robot_api_key_file=tmp_path / "nothing")
    with pytest.raises(BadSettings, match="robot_api_key_file names 5"):
        load(robot_api_key_file=5)


@pytest.mark.parametrize(
    "url", ["127.0.0.1:11434", "ftp://models", "https://me:secret@models.example", "https://models/v1?key=secret", "http://a b"]
)
def test_an_endpoint_that_is_no_plain_address_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(BadSettings, match="robot_base_url") as refused:
        load(robot_base_url=url, robot_model="bird-1")

    assert "secret" not in str(refused.value)


def test_an_endpoint_needs_a_model() -> None:
    assert load(robot_base_url="http://127.0.0.1:11434/v1", robot_model="bird-1").robot_base_url == "http://127.0.0.1:11434/v1"
    with pytest.raises(BadSettings, match="robot_model"):
        load(robot_base_url="http://127.0.0.1:11434/v1")
