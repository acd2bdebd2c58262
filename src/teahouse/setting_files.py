"""Files that settings come from or name, read as people write them: with a byte order mark, Windows' line ends, `~` for home."""

import tomllib
from pathlib import Path
from typing import Any


class BadSettings(Exception):
    """A setting that cannot be used; the message is one sentence for the person who set it."""


def read_toml(file: Path) -> dict[str, Any]:
    """Return what a settings file says."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # Notepad may begin it with a mark
    except FileNotFoundError:
        raise BadSettings(f"There is no settings file {file}.") from None
    except OSError as error:
        raise BadSettings(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise BadSettings(f"{file} is not valid TOML: {error}.") from None


def read_secret(setting: str, file: Path) -> str:
    """Return what stands in the file that `setting` names."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadSettings(f"The setting {setting} names {file}, which cannot be read: {error.strerror}.") from None
    except ValueError:
        raise BadSettings(f"The setting {setting} names {file}, which is not text.") from None


def at_home(setting: str, path: Path) -> Path:
    """Return a path whose `~` is written out, as a shell would: in a file and in the environment nobody else does it."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise BadSettings(f"The setting {setting} cannot be {str(path)!r}: there is no such home.") from None
