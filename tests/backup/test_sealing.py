"""Encrypted backups: who has the key reads what was written, and nobody else, and nothing that was changed."""

import io
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

import teahouse
from teahouse.backup import making, sealing
from teahouse.backup.archive import BadBackup
from teahouse.backup.making import CannotBackUp, make
from teahouse.backup.restoring import CannotRestore, restore
from teahouse.backup.sealing import BadKey, Key
from tests.backup.houses import AT_MS, command, epoch, names, said


class Keys:
    """A pair as `age-keygen` writes it, its public line alone, and another pair."""

    def __init__(self, folder: Path) -> None:
        identity, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
        self.pair, self.public, self.other = (folder / name for name in ("pair.txt", "public.txt", "other.txt"))
        self.pair.write_text(f"# created: 2026-11-29T02:00:00Z\n# public key: {identity.to_public()}\n{identity}\n")
        self.public.write_text(f"{identity.to_public()}\n")
        self.other.write_text(f"{stranger}\n")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path)


@pytest.fixture
def file(data: Path, tmp_path: Path, keys: Keys) -> Path:
    file = tmp_path / "house.backup.age"
    make(data, file, AT_MS, Key(keys.pair))
    return file


@pytest.mark.parametrize("which", ["pair", "public"])
def test_what_was_encrypted_is_restored_with_the_key(data: Path, tmp_path: Path, keys: Keys, which: str) -> None:
    file = tmp_path / "house.backup.age"
    make(data, file, AT_MS, Key(getattr(keys, which)))
    content = file.read_bytes()
    assert sealing.is_sealed(io.BytesIO(content)) and b"line 29" not in content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restore(file, tmp_path / "copy", Key(keys.pair))
    assert said(tmp_path / "copy") == said(data)
    assert epoch(tmp_path / "copy") != epoch(data)


@pytest.mark.parametrize(("which", "words"), [("other", "cannot be decrypted with this key"), ("public", "its secret key is needed")])
def test_a_wrong_key_opens_nothing(data: Path, file: Path, keys: Keys, which: str, words: str) -> None:
    before = said(data)
    with pytest.raises(CannotRestore, match=words):
        restore(file, data, Key(getattr(keys, which)))
    assert said(data) == before and "before-restore-1" not in names(data)


def test_without_a_key_it_is_said_that_one_is_needed(data: Path, file: Path) -> None:
    with pytest.raises(CannotRestore, match="is encrypted: give the key file with --key"):
        restore(file, data)


def test_a_cut_file_and_a_flipped_byte_are_refused_anywhere(data: Path, file: Path, keys: Keys, tmp_path: Path) -> None:
    content, key = file.read_bytes(), Key(keys.pair)
    places = [30, 60, 150, len(content) // 2, len(content) - 1]
    flipped = [content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :] for place in places]
    for damaged in [*flipped, *(content[:place] for place in places)]:
        file.write_bytes(damaged)
        with pytest.raises(CannotRestore):
            restore(file, tmp_path / "copy", key)
    assert names(tmp_path / "copy") == {"teahouse.lock"}, "what was opened until then stayed there"


@pytest.mark.parametrize("which", ["pair", "public"])
def test_what_reads_back_otherwise_takes_nobodys_place(
    data: Path, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    real = making._reread

    def reread(half: object) -> None:
        real(half)  # type: ignore[arg-type]
        half.seek(3000)  # type: ignore[attr-defined]
        half.write(b"?" * 10)  # type: ignore[attr-defined]
        half.seek(0)  # type: ignore[attr-defined]

    monkeypatch.setattr(making, "_reread", reread)
    with pytest.raises(CannotBackUp):
        make(data, tmp_path / "house.backup.age", AT_MS, Key(getattr(keys, which)))
    assert "house.backup.age" not in names(tmp_path)


FULL = OSError(28, "No space left on device")


class Full:
    def write(self, _data: bytes) -> int:
        raise FULL


@pytest.mark.parametrize("count", [1, 100], ids=["at its end", "in its midst"])
def test_a_disk_that_fails_while_it_is_encrypted_or_decrypted_ends_it(keys: Keys, count: int) -> None:
    """What is short is written when the library has already said that all went well."""
    key, sealed = Key(keys.pair), io.BytesIO()
    plain = [bytes(100)] if count == 1 else [bytes(1 << 16)] * count
    with pytest.raises(OSError, match="No space left") as caught:
        key.encrypt(plain, Full())
    assert caught.value is FULL
    key.encrypt(plain, sealed)
    sealed.seek(0)
    with pytest.raises(OSError, match="No space left") as caught:
        key.decrypt(sealed, Full())
    assert caught.value is FULL


def test_what_is_wrong_with_the_source_comes_back_as_it_was(keys: Keys) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise BadBackup("it changed")

    with pytest.raises(BadBackup, match="it changed"):
        Key(keys.pair).encrypt(pieces(), io.BytesIO())


def test_a_header_without_end_is_not_left_to_the_library(keys: Keys) -> None:
    """It would parse it for hours."""
    begin = sealing.MAGIC + (b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n") * 5_000
    with pytest.raises(BadBackup, match="too many keys"):
        Key(keys.pair).decrypt(io.BytesIO(begin + b"--- " + b"A" * 43 + b"\n"), io.BytesIO())


def test_for_as_many_keys_as_a_file_may_hold_it_opens_again(keys: Keys, tmp_path: Path) -> None:
    many, sealed, out = tmp_path / "many.txt", io.BytesIO(), io.BytesIO()
    many.write_text(keys.public.read_text() * (sealing.MAX_KEY_BYTES // len(keys.public.read_text())))
    Key(many).encrypt([b"tea"], sealed)
    sealed.seek(0)
    Key(keys.pair).decrypt(sealed, out)
    assert out.getvalue() == b"tea"


def test_a_disk_that_cannot_be_read_is_not_called_a_wrong_key(keys: Keys) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        Key(keys.pair).decrypt(Broken(), io.BytesIO())


@pytest.mark.parametrize("length", [0, 1, 65_536, 1_000_000])
def test_every_length_comes_back(keys: Keys, length: int) -> None:
    content, sealed, opened = os.urandom(length), io.BytesIO(), io.BytesIO()
    Key(keys.public).encrypt([content[:10], b"", content[10:]], sealed)
    sealed.seek(0)
    Key(keys.pair).decrypt(sealed, opened)
    assert opened.getvalue() == content


@pytest.mark.skipif(shutil.which("age") is None, reason="the age command is not installed")
def test_the_age_command_opens_it(file: Path, keys: Keys, tmp_path: Path) -> None:
    command = f"age -d -i {keys.pair} {file} | tar -x --one-top-level=out"
    subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=tmp_path, check=True)
    assert said(tmp_path / "out")[-1] == "line 29"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "holds no age key"),
        ("AGE-SECRET-KEY-1QQQ\n", "mistyped, cut off"),
        ("age1qqq\n", "mistyped, cut off"),
        ("ключ", "no text"),
    ],
)
def test_a_bad_key_file_is_refused_in_words(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "key.txt").write_text(content)
    with pytest.raises(BadKey, match=words):
        Key(tmp_path / "key.txt")
    with pytest.raises(BadKey, match="No such file"):
        Key(tmp_path / "none.txt")


def test_a_house_without_the_package_says_how_to_get_it(data: Path, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)
    with pytest.raises(BadKey, match="-m pip install pyrage"):
        Key(keys.pair)


def test_the_package_is_imported_by_whoever_encrypts_alone(data: Path, tmp_path: Path) -> None:
    look = "import sys, teahouse.app, teahouse.cli, teahouse.backup.making, teahouse.backup.restoring; print('pyrage' in sys.modules)"
    source = str(Path(teahouse.__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": source}
    done = subprocess.run([sys.executable, "-c", look], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_commands_take_a_key(data: Path, tmp_path: Path, keys: Keys) -> None:
    lines = said(data)
    assert command(data, "backup", str(tmp_path / "house.backup"), "--key", str(keys.public)).returncode == 0
    done = command(data, "restore", str(tmp_path / "house.backup"), "--key", str(keys.pair))
    assert done.returncode == 0, done.stderr
    assert said(data) == lines
    refused = command(data, "restore", str(tmp_path / "house.backup"), "--key", str(keys.other))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
