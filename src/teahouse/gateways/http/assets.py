"""The page's files in memory: read once at the start, so a request can only name what was there and never a path on disk."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
"""Litestar adds the charset to what is text."""
_PACKED_ALREADY = frozenset({".png", ".woff2"})


@dataclass(frozen=True)
class Asset:
    """One file: its bytes and what they are."""

    name: str
    body: bytes

    @property
    def content_type(self) -> str:
        return _TYPES.get(self._suffix, "application/octet-stream")

    @cached_property
    def gzipped(self) -> bytes | None:
        """The body compressed, None where that gains nothing. Made when first asked for: the start must be quick."""
        packed = None if self._suffix in _PACKED_ALREADY else gzip.compress(self.body, mtime=0)
        return packed if packed is not None and len(packed) < len(self.body) else None

    @property
    def _suffix(self) -> str:
        return PurePosixPath(self.name).suffix


@dataclass(frozen=True)
class Assets:
    """Files by their path under the web folder, the hash of all of them together, and the path of the house for browsers.

    One hash for the whole tree lets modules import each other by relative paths and still be cached for ever.
    """

    files: dict[str, Asset]
    version: str
    root: str

    @property
    def base(self) -> str:
        """The path under which this version of the files lies. root.js relies on its depth below the root."""
        return f"{self.root}static/{self.version}/"


def read_assets(folder: Path, root: str = "/") -> Assets:
    """Return every file under `folder` but hidden ones; `root` is the path of the house."""
    files: dict[str, Asset] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            files[name] = Asset(name, path.read_bytes())
            digest.update(f"{name}\0{len(files[name].body)}\0".encode() + files[name].body)
    return Assets(files, digest.hexdigest()[:12], root)
