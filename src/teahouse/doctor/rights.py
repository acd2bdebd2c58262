"""The files of a house: may this user open each as `serve` does, and may nobody else on the machine read them."""

import os
import shlex
import stat
from pathlib import Path

from teahouse.doctor.findings import Finding, Step, ok
from teahouse.settings import Settings
from teahouse.storage.files import DATABASE_FILE, LOCK_FILE, of_database


def files(settings: Settings) -> Step:
    """Open each file that there is for writing, and change nothing."""
    folder = settings.data_dir.absolute()
    if is_shut(folder):
        return Step("Files", [unseen(folder)])
    here = [path for path in (*of_database(folder / DATABASE_FILE), folder / LOCK_FILE) if os.path.lexists(path)]
    if not here:
        return Step("Files", [ok("files", "there are none yet")])
    findings = [finding for path in here for finding in _opened(path, folder)]
    return Step("Files", [*(findings or [ok("files", "this user may open them all")]), *_private(here, folder)])


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


def _opened(path: Path, folder: Path) -> list[Finding]:
    why = "The house opens it for writing at its start, and cannot open without."
    try:
        os.close(os.open(path, os.O_RDWR))
    except IsADirectoryError:
        return [Finding("files", "mend", f"{path} is a folder", why, {"shell": f"rmdir {shlex.quote(str(path))}"})]
    except OSError as error:
        return [Finding("files", "mend", f"{path} cannot be opened: {error.strerror}", why, _hand_over(path, os.getuid(), os.getgid()))]
    owner, here, me = path.stat(), folder.stat(), os.getuid()
    if owner.st_uid == here.st_uid or owner.st_uid == me != 0:  # another step says whether the folder is to be given to me
        return []
    seen = f"{path} belongs to another user (#{owner.st_uid}) than its folder (#{here.st_uid})"
    why = "Whoever runs the house cannot open it, unless as root: somebody once started it as another user."
    return [Finding("files", "mend", seen, why, _hand_over(path, here.st_uid, here.st_gid))]


def _hand_over(path: Path, user: int, group: int) -> dict[str, str]:
    return {"shell": f"sudo chown {user}:{group} {shlex.quote(str(path))}"}


def _private(here: list[Path], folder: Path) -> list[Finding]:
    """Nobody reads what lies in a folder that is shut to them."""
    others = stat.S_IRWXG | stat.S_IRWXO
    shut = not folder.stat().st_mode & others
    bare = [] if shut else [path for path in here if path.exists() and path.stat().st_mode & others]
    if not bare:
        return [ok("private", "nobody else may read them")]
    why = "All that was ever said is in them, private rooms too."
    line = " ".join(["chmod 600", *(shlex.quote(str(path)) for path in bare)])
    seen = f"other users of this machine may open {', '.join(path.name for path in bare)}"
    return [Finding("private", "note", seen, why, {"shell": line})]
