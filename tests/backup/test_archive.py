"""The file of a backup: what was written is read, and nothing else is taken for it."""

import hashlib
import io
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from teahouse.backup import archive
from teahouse.backup.archive import BadBackup, Contents, Manifest, PackedFile

CONTENT = bytes(range(256)) * 12


def manifest(content: bytes = CONTENT, name: str = "teahouse.db") -> Manifest:
    holds = Contents(schema="0001", epoch="e1", entries=2, messages=1, people=1, last_entry_at=1, lacking=[])
    packed = PackedFile(name, len(content), hashlib.sha256(content).hexdigest())
    return Manifest(teahouse="0.1.0", at=1_780_000_000_000, contents=holds, members=[packed])


def pack(folder: Path, made: Manifest) -> bytes:
    (folder / "member").write_bytes(CONTENT)
    return b"".join(archive.pieces(made, {made.members[0].name: folder / "member"}))


@pytest.fixture
def packed(tmp_path: Path) -> bytes:
    return pack(tmp_path, manifest())


def unpacked(packed: bytes) -> tuple[Manifest, bytes]:
    out = io.BytesIO()
    return archive.read(io.BytesIO(packed), lambda _name: out), out.getvalue()


def sealed(body: bytes) -> bytes:
    """Whoever may write a backup may also seal it: the seal is no signature."""
    return body + b"\nteahouse backup sha256:%s\n" % hashlib.sha256(body).hexdigest().encode()


def sealed_anew(packed: bytes, old: bytes, new: bytes) -> bytes:
    """An archive in which something else stands, under a seal that fits."""
    body = packed[: packed.rindex(b"\nteahouse backup sha256:")]
    assert body.count(old) == 1 and len(old) == len(new)
    return sealed(body.replace(old, new))


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """What Python's own tar makes of such members, sealed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for header, content in members:
            header.size = len(content)
            tar.addfile(header, io.BytesIO(content))
    return sealed(out.getvalue())


def test_what_was_written_is_read(packed: bytes) -> None:
    assert unpacked(packed) == (manifest(), CONTENT)


def test_tar_unpacks_it_too(packed: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.backup").write_bytes(packed)
    done = subprocess.run(["tar", "-xf", "file.backup", "--one-top-level=out"], cwd=tmp_path, capture_output=True, check=True)
    assert done.stderr == b""
    assert (tmp_path / "out/teahouse.db").read_bytes() == CONTENT
    assert msgspec.json.decode((tmp_path / "out/manifest.json").read_bytes(), type=Manifest) == manifest()


def test_one_flipped_byte_anywhere_is_refused(packed: bytes) -> None:
    """Headers, padding, the manifest, the member and the seal: every 7th byte, and all of the seal."""
    for place in [*range(0, len(packed), 7), *range(len(packed) - 90, len(packed))]:
        flipped = bytearray(packed)
        flipped[place] ^= 0x01
        with pytest.raises(BadBackup, match=r"damaged|no backup of Teahouse, or it was cut short"):
            unpacked(bytes(flipped))


def test_a_file_that_was_cut_anywhere_is_refused(packed: bytes) -> None:
    for length in [*range(0, len(packed), 101), len(packed) - 1]:
        with pytest.raises(BadBackup, match="cut short"):
            unpacked(packed[:length])


@pytest.mark.parametrize("more", [b"\n", b"x" * 88], ids=["a byte", "as much as a seal"])
def test_something_behind_the_seal_is_refused(packed: bytes, more: bytes) -> None:
    with pytest.raises(BadBackup, match="no backup"):
        unpacked(packed + more)


def test_another_file_is_no_backup() -> None:
    with pytest.raises(BadBackup, match="no backup of Teahouse"):
        unpacked(b"SQLite format 3\0" + bytes(100_000))


def test_a_member_that_is_not_what_the_manifest_says_is_refused_under_a_good_seal(packed: bytes) -> None:
    digest = manifest().members[0].sha256.encode()
    with pytest.raises(BadBackup, match=r"'teahouse\.db' is not what the manifest says"):
        unpacked(sealed_anew(packed, digest, digest[::-1]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"name": "teahouse.db"', b'"name": "teahouse.da"'),
        (b'"bytes": 3072', b'"bytes": 3071'),
        (b'"bytes": 3072', b'"bytes": 9999'),
        (b'"at": 1780000000000', b'"at": 1770000000000'),
    ],
    ids=["name", "size below", "size above", "time"],
)
def test_a_manifest_that_lies_is_refused_under_a_good_seal(packed: bytes, old: bytes, new: bytes) -> None:
    with pytest.raises(BadBackup, match="not built as its manifest says"):
        unpacked(sealed_anew(packed, old, new))


@pytest.mark.parametrize("number", [b"-072", b"1e99", b"null"])
def test_a_manifest_whose_numbers_are_none_is_refused(packed: bytes, number: bytes) -> None:
    with pytest.raises(BadBackup, match="manifest cannot be read"):
        unpacked(sealed_anew(packed, b'"bytes": 3072', b'"bytes": ' + number))


def test_a_backup_of_a_newer_format_says_what_to_do(packed: bytes) -> None:
    with pytest.raises(BadBackup, match="format 2, and this Teahouse knows 1: use a newer Teahouse"):
        unpacked(sealed_anew(packed, b'"format": 1', b'"format": 2'))


KINDS: dict[str, dict[str, Any]] = {
    "a symbolic link": {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
    "a hard link": {"type": tarfile.LNKTYPE, "linkname": "manifest.json"},
    "a folder": {"type": tarfile.DIRTYPE},
    "a device": {"type": tarfile.CHRTYPE},
    "zeros without end": {"type": tarfile.GNUTYPE_SPARSE},
    "for everybody": {"mode": 0o666},
    "for root": {"mode": 0o4755, "uname": "root"},
}
"""What makes another thing of the member that the manifest names."""


def changed(header: tarfile.TarInfo, **fields: Any) -> tarfile.TarInfo:
    for name, value in fields.items():
        setattr(header, name, value)
    return header


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_a_member_is_a_plain_file_and_nothing_else(kind: str | None) -> None:
    made = manifest()
    first, second = (changed(tarfile.TarInfo(name), mtime=made.at // 1000, mode=0o600) for name in (archive.MANIFEST, "teahouse.db"))
    changed(second, **KINDS.get(kind or "", {}))
    words = msgspec.json.format(msgspec.json.encode(made), indent=1)
    forged = tar_of((first, words), (second, CONTENT))
    blocks = 1 + -(-len(words) // 512) + 1 + len(CONTENT) // 512 + 2
    forged = sealed(forged[: 512 * blocks])  # without the padding that Python puts at the end
    if kind is None:
        assert unpacked(forged) == (made, CONTENT), "the tests below would show nothing"
    else:
        with pytest.raises(BadBackup):
            unpacked(forged)


def test_a_bomb_of_a_manifest_is_not_read() -> None:
    large, deep = (b'{"format": 1}' + b" " * archive.MAX_MANIFEST_BYTES, b'{"format": 1, "x": ' + b"[" * 900_000)
    for words, refusal in ((large, "does not begin with a manifest"), (deep, "manifest cannot be read: JSON is nested too deep")):
        with pytest.raises(BadBackup, match=refusal):
            unpacked(tar_of((tarfile.TarInfo(archive.MANIFEST), words)))


def test_no_manifest_is_written_that_would_not_be_read(tmp_path: Path) -> None:
    holds = msgspec.structs.replace(manifest().contents, lacking=[2**60] * 60_000)
    with pytest.raises(BadBackup, match="too long to be read"):
        pack(tmp_path, msgspec.structs.replace(manifest(), contents=holds))


def test_a_device_without_an_end_is_refused() -> None:
    class Endless(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None and 0 <= size < 1000, "it would be read for ever"
            return bytes(size)

    with pytest.raises(BadBackup, match="no backup of Teahouse"):
        archive.read(Endless(), lambda _name: io.BytesIO())


def test_a_tar_that_begins_with_something_else_is_refused() -> None:
    with pytest.raises(BadBackup, match="does not begin with a manifest"):
        unpacked(tar_of((tarfile.TarInfo("../../etc/passwd"), b"{}")))


def test_what_holds_more_than_its_manifest_names_is_refused(packed: bytes) -> None:
    body = packed[: packed.rindex(b"\nteahouse backup sha256:")]
    with pytest.raises(BadBackup):
        unpacked(sealed(body + bytes(512)))
    with pytest.raises(BadBackup):
        unpacked(sealed(body[:-1024] + archive._header("../x", 3, 1) + b"abc" + bytes(509 + 1024)))


def test_a_name_of_any_kind_comes_to_whoever_reads_and_to_no_file(tmp_path: Path) -> None:
    for name in ("../x", "/etc/passwd", "a" * 300, "\n\x1b[31m"):
        asked: list[str] = []

        def into(name: str, asked: list[str] = asked) -> io.BytesIO:
            asked.append(name)
            raise BadBackup("not that one")

        with pytest.raises(BadBackup, match="not that one"):
            archive.read(io.BytesIO(pack(tmp_path, manifest(name=name))), into)
        assert asked == [name]


def test_a_source_that_changes_while_it_is_read_makes_no_backup(tmp_path: Path) -> None:
    (tmp_path / "member").write_bytes(CONTENT[::-1])
    with pytest.raises(BadBackup, match="changed while it was read"):
        list(archive.pieces(manifest(), {"teahouse.db": tmp_path / "member"}))
