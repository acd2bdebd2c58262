"""The file of a backup: a tar of a manifest and of what that names, and after it one line with the SHA-256 of all before.

Any `tar` unpacks it. Here it is never taken for one: every byte follows from the manifest and from what the members hold, and is
compared with what it must be. So no header is acted upon that somebody else wrote.
"""

import hashlib
import io
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Protocol

import msgspec
from msgspec import Meta, Struct

from teahouse.strict_json import Reader

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK_BYTES = 1 << 20
MAX_MANIFEST_BYTES = 1 << 20
_BLOCK_BYTES = 512
_END = bytes(2 * _BLOCK_BYTES)
_SEAL = "\nteahouse backup sha256:%s\n"
_SEALED = re.compile((_SEAL % "([0-9a-f]{64})").encode())
_SEAL_BYTES = len(_SEAL % "") + 64
_NOT_AS_SAID = "it is not built as its manifest says"

Tell = Callable[[str, int, int], None]
"""Hears (what is done, how much of it is, out of how much)."""

Count = Annotated[int, Meta(ge=0, le=2**62)]
Time = Annotated[int, Meta(ge=0, le=253_402_300_799_999)]
"""Unix milliseconds, up to the last year that has four digits."""


class BadBackup(Exception):
    """This is no backup, or not a whole one; the words say what is wrong with it."""


class Contents(Struct, frozen=True, kw_only=True):
    """What a database holds. `lacking` are logs that have not all entries up to their head; `last_entry_at` is 0 where there is none."""

    schema: str
    epoch: str
    entries: Count
    messages: Count
    people: Count
    last_entry_at: Time
    lacking: list[int]


class PackedFile(Struct, frozen=True):
    name: str
    bytes: Count
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What a backup says of itself. `at` is when it was made, by the calendar."""

    format: int = FORMAT
    teahouse: str
    at: Time
    contents: Contents
    members: list[PackedFile]


class _Format(Struct):
    format: Count


_formats = Reader[_Format](_Format)
_manifests = Reader[Manifest](Manifest)


class Sink(Protocol):
    def write(self, data: bytes, /) -> Any: ...


class Nowhere:
    """Takes what is read only to be checked."""

    def write(self, _data: bytes) -> None: ...


def quiet(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pieces(manifest: Manifest, sources: Mapping[str, Path], tell: Tell = quiet) -> Iterator[bytes]:
    """Yield the archive of `manifest`, whose members' bytes are in `sources`. Raise BadBackup when one of them is not as it says."""
    sha256 = hashlib.sha256()
    for piece in _tar(manifest, sources, tell):
        sha256.update(piece)
        yield piece
    yield (_SEAL % sha256.hexdigest()).encode()


def read(file: BinaryIO, into: Callable[[str], Sink], tell: Tell = quiet) -> Manifest:
    """Check a whole archive; write each member to what `into` returns for its name. Raise BadBackup, perhaps after a part was written."""
    _check_seal(file, tell)
    file.seek(0)
    manifest = _read_manifest(file)
    for member in manifest.members:
        sink = into(member.name)
        _expect(file, _header(member.name, member.bytes, manifest.at))
        _copy(file, member, sink, tell)
        _expect(file, _padding(member.bytes))
    _expect(file, _END)
    if len(file.read(_SEAL_BYTES + 1)) != _SEAL_BYTES:
        raise BadBackup("it holds more than its manifest names")
    return manifest


def _tar(manifest: Manifest, sources: Mapping[str, Path], tell: Tell) -> Iterator[bytes]:
    words = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    if len(words) > MAX_MANIFEST_BYTES:  # or whoever has the public key alone would make what nobody can read
        raise BadBackup("it would have a manifest that is too long to be read: too many logs lack entries")
    yield _header(MANIFEST, len(words), manifest.at) + words + _padding(len(words))
    done, total = 0, sum(member.bytes for member in manifest.members)
    for member in manifest.members:
        yield _header(member.name, member.bytes, manifest.at)
        sha256 = hashlib.sha256()
        with sources[member.name].open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                sha256.update(chunk)
                done += len(chunk)
                tell("writing", done, total)
                yield chunk
        if sha256.hexdigest() != member.sha256:
            raise BadBackup(f"{sources[member.name]} changed while it was read")
        yield _padding(member.bytes)
    yield _END


def seal(file: BinaryIO) -> str | None:
    """Return the SHA-256 that stands at the end of a backup; None where it ends otherwise. It is not compared with anything."""
    file.seek(max(file.seek(0, io.SEEK_END) - _SEAL_BYTES, 0))
    found = _SEALED.fullmatch(file.read(_SEAL_BYTES + 1))  # some devices have no end
    return None if found is None else found[1].decode()


def _check_seal(file: BinaryIO, tell: Tell) -> None:
    sealed = seal(file)
    if sealed is None:
        raise BadBackup("it is no backup of Teahouse, or it was cut short")
    size = file.tell() - _SEAL_BYTES
    file.seek(0)
    sha256, left = hashlib.sha256(), size
    while left and (chunk := file.read(min(left, CHUNK_BYTES))):
        sha256.update(chunk)
        left -= len(chunk)
        tell("checking", size - left, size)
    if sha256.hexdigest() != sealed:
        raise BadBackup("it is damaged: its bytes are not those that were written")


def _read_manifest(file: BinaryIO) -> Manifest:
    block = file.read(_BLOCK_BYTES)
    try:
        first = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, ValueError):
        raise BadBackup("it does not begin with a manifest") from None
    if first.name != MANIFEST or not 0 <= first.size <= MAX_MANIFEST_BYTES:
        raise BadBackup("it does not begin with a manifest")
    words = file.read(first.size)
    manifest = _decoded(words)
    if block != _header(MANIFEST, len(words), manifest.at):
        raise BadBackup(_NOT_AS_SAID)
    _expect(file, _padding(len(words)))
    return manifest


def _decoded(words: bytes) -> Manifest:
    try:
        found = _formats.read(words).format
        if found > FORMAT:
            raise BadBackup(f"it has format {found}, and this Teahouse knows {FORMAT}: use a newer Teahouse")
        return _manifests.read(words)
    except msgspec.DecodeError as error:
        raise BadBackup(f"its manifest cannot be read: {error}") from None


def _header(name: str, size: int, at_ms: int) -> bytes:
    """Return what stands before a member. Of tar's forms GNU's has place for any size in its one block."""
    header = tarfile.TarInfo(name)
    header.size, header.mtime, header.mode = size, at_ms // 1000, 0o600
    return header.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK_BYTES)


def _expect(file: BinaryIO, wanted: bytes) -> None:
    if file.read(len(wanted)) != wanted:
        raise BadBackup(_NOT_AS_SAID)


def _copy(file: BinaryIO, member: PackedFile, sink: Sink, tell: Tell) -> None:
    sha256, left = hashlib.sha256(), member.bytes
    while left and (chunk := file.read(min(left, CHUNK_BYTES))):
        sha256.update(chunk)
        sink.write(chunk)
        left -= len(chunk)
        tell("reading", member.bytes - left, member.bytes)
    if left or sha256.hexdigest() != member.sha256:
        raise BadBackup(f"{member.name!r} is not what the manifest says")
