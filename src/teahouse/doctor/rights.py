"""The files of a house: may this user open each as `serve` does, and may nobody else on the machine read them."""

import errno
import os
import shlex
import stat
from pathlib import Path

from teahouse.doctor.findings import Finding, Step, ok
from teahouse.doctor.mounts import to_be_written
from teahouse.settings import Settings
from teahouse.storage.files import DATABASE_FILE, LOCK_FILE, RESCUED, STAGE, of_database

COPIES = ("teahouse*.db*", f"{RESCUED}*", "before-restore-*/*", ".backup/*", f"{STAGE}/*", f"{STAGE}/*/*")
"""What upgrades, rescues, restores and backups leave in the folder of a house: nearly all of it is whole databases."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def files(settings: Settings) -> Step:
    """Open each file that there is for writing, and change nothing. What is no file is not opened."""
    folder = settings.data_dir.absolute()
    if is_shut(folder):
        return Step("Files", [unseen(folder)])
    here = [path for path in (*_beside(folder / DATABASE_FILE), folder / LOCK_FILE) if os.path.lexists(path)]
    copies = _copies(folder)
    if not here and not copies:
        return Step("Files", [ok("files", "there are none yet")])
    findings = [finding for path in here for finding in _opened(path, folder)]
    return Step("Files", [*(findings or [ok("files", "this user may open them all")]), _private([*here, *copies], folder)])


def is_shut(folder: Path) -> bool:
    """Say whether this user is kept from what is in the folder, by its own rights or by those of one above it."""
    try:
        os.stat(folder / DATABASE_FILE)
    except OSError as error:
        return isinstance(error, PermissionError)
    return False


def unseen(folder: Path) -> Finding:
    """What is in a folder that is shut can only be told once it is open."""
    return Finding("unseen", "note", f"this user may not see what is in {folder}", 'The line under "Data folder" mends that first.')


def is_no_file(path: Path) -> bool:
    """Say whether a folder, a pipe or a device is there in place of a file: who opens one of these may wait without end."""
    return os.path.exists(path) and not os.path.isfile(path)


def no_file(database: Path) -> Path | None:
    """Return which of those that SQLite opens with a database is no file, None where all of them are. Ask before you open it."""
    return next((path for path in _beside(database) if is_no_file(path)), None)


def unread(path: Path) -> Finding:
    """What is no file is opened by no step."""
    return Finding("unread", "note", f"{path} is no file", 'The line under "Files" mends that first.')


def _beside(database: Path) -> tuple[Path, ...]:
    log = of_database(database)[1]
    return *of_database(database), log.with_name(f"{log.name.removesuffix('wal')}journal")


def _opened(path: Path, folder: Path) -> list[Finding]:
    why = "The house opens it for writing at its start, and cannot open without."
    if is_no_file(path):
        words, remove = ("is a folder", "rmdir") if os.path.isdir(path) else ("is no file", "rm")
        return [Finding("files", "mend", f"{path} {words}", why, {"shell": f"{remove} {shlex.quote(str(path))}"})]
    try:
        os.close(os.open(path, os.O_RDWR))
    except OSError as error:
        lines = to_be_written(path) if error.errno == errno.EROFS else _hand_over(path, os.getuid(), os.getgid())
        return [Finding("files", "mend", f"{path} cannot be opened: {error.strerror}", why, lines)]
    owner, here, me = path.stat(), folder.stat(), os.getuid()
    if owner.st_uid == here.st_uid or owner.st_uid == me != 0:  # another step says whether the folder is to be given to me
        return []
    seen = f"{path} belongs to another user (#{owner.st_uid}) than its folder (#{here.st_uid})"
    why = "Whoever runs the house cannot open it, unless as root: somebody once started it as another user."
    return [Finding("files", "mend", seen, why, _hand_over(path, here.st_uid, here.st_gid))]


def _hand_over(path: Path, user: int, group: int) -> dict[str, str]:
    return {"shell": f"sudo chown {user}:{group} {shlex.quote(str(path))}"}


def _copies(folder: Path) -> list[Path]:
    """Return what lies there beside the database. A link is none of it: nobody is told to change what that leads to."""
    real = Path(os.path.realpath(folder))
    found = [path for pattern in COPIES for path in sorted(real.glob(pattern)) if os.path.isfile(path) and path == path.resolve()]
    return [folder / path.relative_to(real) for path in found]


def _private(paths: list[Path], folder: Path) -> Finding:
    bare = [path for path in dict.fromkeys(paths) if os.path.isfile(path) and _is_bare(path, folder)]
    if not bare:
        return ok("private", "nobody else may read them")
    why = "All that was ever said is in them, private rooms too."
    line = " ".join(["chmod 600", *(shlex.quote(str(path)) for path in bare)])
    seen = f"other users of this machine may open {', '.join(os.path.relpath(path, folder) for path in bare)}"
    return Finding("private", "note", seen, why, {"shell": line})


def _is_bare(path: Path, folder: Path) -> bool:
    """Nobody reads what lies in a folder that is shut to them."""
    try:
        between = [each for each in path.parents if each.is_relative_to(folder)]
        return all(each.stat().st_mode & OTHERS for each in (path, folder, *between))
    except OSError:
        return False  # it went meanwhile, or is a link that leads nowhere
