"""The commands that keep a copy of a house, and put one back."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse.cli_keeping import minutes

if TYPE_CHECKING:
    from teahouse.backup.archive import Contents
    from teahouse.settings import Settings

KEEP = 14
TELL_EVERY_S = 0.1


def backup(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Copy a whole house into one file, whether it runs or not, and read that back."""
    from teahouse.backup import making, sealing
    from teahouse.backup.rotation import Rotation
    from teahouse.listening import CannotServe

    now_ms, file, rotation = time.time_ns() // 1_000_000, arguments.file, None
    try:
        if arguments.every is not None:
            rotation = Rotation(_folder(file), making.epoch(settings.data_dir))
            if not rotation.is_due(arguments.every * 60_000, now_ms):
                return
            file = rotation.next_file(now_ms)
        key = None if arguments.key is None else sealing.Key(arguments.key)
        with ProgressLine() as progress:
            manifest = making.make(settings.data_dir, file, now_ms, key, progress, may_lack=arguments.incomplete)
        if rotation is not None:
            rotation.drop_old(arguments.keep)
    except (making.CannotBackUp, sealing.BadKey) as error:
        raise CannotServe(_sentence(f"no backup: {error}")) from None
    except OSError as error:
        raise CannotServe(_sentence(f"{error.filename or file}: {error.strerror or error}")) from None
    print(f"{file} holds {_told(manifest.contents)}, schema {manifest.contents.schema}. It was read back.")
    if rotation is not None and (others := len(rotation.others())):
        print(f"Backups of another house or life in {rotation.folder}: {others}. They stay until you remove them.")


def _folder(folder: Path) -> Path:
    from teahouse.listening import CannotServe

    if not folder.is_dir():
        raise CannotServe(f"There is no folder {folder}: with --every it is one in which backups are kept.")
    return Path(os.path.realpath(folder))


def restore(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Put a backup in the place of a house that is shut; what was there is kept beside it."""
    from teahouse.backup import restoring, sealing
    from teahouse.listening import CannotServe

    try:
        key = None if arguments.key is None else sealing.Key(arguments.key)
        with ProgressLine() as progress:
            done = restoring.restore(arguments.file, settings.data_dir, key, progress)
    except (restoring.CannotRestore, sealing.BadKey) as error:
        raise CannotServe(_sentence(f"nothing was restored: {error}")) from None
    print(f"{settings.data_dir} holds {_told(done.manifest.contents)}.")
    print("It has a new epoch: whoever has it open loads it anew.")
    if done.kept is not None:
        print(f"The house as it was is kept in {done.kept}: remove that when you are sure.")


def new_epoch(_arguments: argparse.Namespace, settings: "Settings") -> None:
    """Give a house that is shut a new epoch, because its folder is a copy that was put back by hand."""
    from teahouse.backup import restoring
    from teahouse.listening import CannotServe

    try:
        restoring.renew_epoch(settings.data_dir)
    except restoring.CannotRestore as error:
        raise CannotServe(_sentence(str(error))) from None
    print("It begins a life of its own with its next start: whoever has it open loads it anew.")


def tidy(data: Path) -> None:
    """Take away, before a house opens, what killed backups and restores left there: words may be in it that were removed since."""
    from teahouse.backup.folder import has_leftovers

    if not has_leftovers(data):
        return
    from teahouse.backup import restoring

    kept = restoring.tidy(data)
    if kept is not None:
        print(f"A restore was killed here. The house as it was before is kept in {kept}: remove that when you are sure.", file=sys.stderr)


COMMANDS: dict[str, Callable[[argparse.Namespace, "Settings"], None]] = {"backup": backup, "restore": restore, "new-epoch": new_epoch}


def add_arguments(name: str, command: argparse.ArgumentParser) -> None:
    """Give a command's parser what it takes beside the house's own arguments."""
    if name == "backup":
        command.add_argument("file", type=Path, metavar="FILE", help="where to; with --every, a folder in which they are numbered")
        command.add_argument("--every", type=minutes, metavar="TIME", help="only where the newest in the folder is older, such as 6h or 1d")
        command.add_argument("--keep", type=_count, default=KEEP, metavar="NUMBER", help=f"with --every: how many stay, {KEEP} by default")
        command.add_argument("--key", type=Path, metavar="KEYFILE", help="encrypt for the age key in this file, or the public part of it")
        command.add_argument("--incomplete", action="store_true", help="also where entries are missing, as after a repair of the database")
    if name == "restore":
        command.add_argument("file", type=Path, metavar="FILE", help="what `teahouse backup` wrote")
        command.add_argument("--key", type=Path, metavar="KEYFILE", help="the age key that opens it")


class ProgressLine:
    """How far it is, on one line of a terminal; elsewhere nothing."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr is not None and sys.stderr.isatty()
        self._told_at_s = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now_s = time.monotonic()
        if self._is_shown and now_s - self._told_at_s >= TELL_EVERY_S:
            self._told_at_s = now_s
            print(f"\r{what} {100 * done // max(total, 1):3} %  ", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *_: object) -> None:
        if self._told_at_s:
            print("\r" + " " * 20 + "\r", end="", file=sys.stderr, flush=True)


def _told(contents: "Contents") -> str:
    last = datetime.fromtimestamp(contents.last_entry_at / 1000, UTC)
    people = "1 person" if contents.people == 1 else f"{contents.people:,} people"
    what = f"{contents.messages:,} messages of {people}, {contents.entries:,} entries in all"
    holes = f" (not all of them in {len(contents.lacking):,} logs)" if contents.lacking else ""
    return f"{what}{holes}, the last of {last:%Y-%m-%d %H:%M:%S} UTC"


def _count(word: str) -> int:
    if not word.isascii() or not word.isdigit() or not int(word):
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, got {word!r}")
    return int(word)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].removesuffix('.')}."
