"""Encryption in the age format (age-encryption.org/v1), so that the `age` command opens backups as well. Only this file knows `pyrage`.

A key file is what `age-keygen` writes. One that holds the public line alone makes backups and opens none: the machine that is broken
into then has no key to those it made.
"""

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from teahouse.backup.archive import CHUNK_BYTES, BadBackup, Sink

MAGIC = b"age-encryption.org/v1\n"
MAX_KEY_BYTES = 64 * 1024
MAX_HEADER_BYTES = 128 * 1024
"""Who may open a file stands in its header. For no key file it is longer than this, and the library takes minutes for some megabytes."""
_HEADER_ENDS = b"\n--- "


class BadKey(Exception):
    """The key file cannot be used; the words say why."""


class Key:
    """What a key file holds: whom to encrypt for, and what opens it again, if that is there. Raise BadKey."""

    def __init__(self, path: Path) -> None:
        self._age = _age()
        try:
            with path.open("rb") as file:
                words = file.read(MAX_KEY_BYTES).decode("ascii").split()
        except (OSError, UnicodeDecodeError) as error:
            raise BadKey(f"the key file {path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}") from None
        try:
            self._identities = [self._age.x25519.Identity.from_str(word) for word in words if word.startswith("AGE-SECRET-KEY-")]
            self._recipients = [self._age.x25519.Recipient.from_str(word) for word in words if word.startswith("age1")]
        except (self._age.IdentityError, self._age.RecipientError):
            raise BadKey(f"the key file {path} holds a key that is mistyped, cut off, or of a kind that is not known here") from None
        if not self._recipients:
            self._recipients = [identity.to_public() for identity in self._identities]
        if not self._recipients:
            raise BadKey(f"the key file {path} holds no age key: make one with `age-keygen -o FILE`")

    @property
    def opens(self) -> bool:
        return bool(self._identities)

    def encrypt(self, pieces: Iterable[bytes], out: Sink) -> None:
        """Write `pieces` to `out`, encrypted. What they or `out` raise comes back as it was."""
        source, sink = _KeepingReader(pieces), _KeepingWriter(out)
        try:
            self._age.encrypt_io(source, sink, self._recipients)
        except (self._age.EncryptError, OSError) as error:
            raise source.error or sink.error or BadKey(f"the key file's key encrypts nothing: {error}") from None
        if sink.error is not None:  # the last bytes are written when the library is done, and it does not look whether that went well
            raise sink.error

    def decrypt(self, file: BinaryIO, out: Sink) -> None:
        """Write to `out` what `file` holds. Raise BadBackup for a wrong key or a changed byte, perhaps after a part was written."""
        if not self.opens:
            raise BadKey("the key file holds the public key alone: to read a backup its secret key is needed")
        begin = file.read(MAX_HEADER_BYTES)
        if len(begin) == MAX_HEADER_BYTES and _HEADER_ENDS not in begin:
            raise BadBackup("it is encrypted for too many keys, or it is damaged")
        source, sink = _KeepingReader(chain([begin], iter(lambda: file.read(CHUNK_BYTES), b""))), _KeepingWriter(out)
        try:
            self._age.decrypt_io(source, sink, self._identities)
        except (self._age.DecryptError, OSError) as error:  # a changed byte is the one or the other, by where it is
            words = f"it cannot be decrypted with this key, or it is damaged: {error}"
            raise source.error or sink.error or BadBackup(words) from None
        if sink.error is not None:
            raise sink.error


class _KeepingReader:
    """Reads what an iterable yields, and keeps its error: what comes back from the library is its words alone."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.error: BaseException | None = None
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except BaseException as error:
            self.error = error
            raise
        chunk, self._rest = bytes(self._rest[:size]), self._rest[size:]
        return chunk


class _KeepingWriter:
    """Writes on, and keeps the error."""

    def __init__(self, out: Sink) -> None:
        self.error: BaseException | None = None
        self._out = out

    def write(self, data: bytes) -> int:
        try:
            self._out.write(data)
        except BaseException as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None: ...


def is_sealed(file: BinaryIO) -> bool:
    """Say whether a file, which stands at its beginning and is left there, is encrypted."""
    begin = file.read(len(MAGIC))
    file.seek(0)
    return begin == MAGIC


def _age() -> Any:
    try:
        import pyrage  # type: ignore[import-untyped]  # its stubs are a package of their own
    except ImportError:
        raise BadKey(f"encryption needs one package more: {sys.executable} -m pip install pyrage") from None
    return pyrage
