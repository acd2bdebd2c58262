"""Which area of the code a file belongs to: the folders that the code is moving into, so that nothing here is cut anew by that.

A file's folder is its area, in `gateways/` the folder below. Listed are those that do not stand in their area's folder yet.
"""

import subprocess
from collections.abc import Iterable
from pathlib import PurePosixPath

from tests.mutants.mutant import Mutant

LISTED = {
    "domain": "access answers characters emoji_forms errors mentions model networks policy text throttle user",
    "measures": "tally",
    "identity": "auth bans doorkeeper faces identity invites keepers known_sessions last_seen lifetimes lookalikes newcomers "
    "nicknames proving scripts tokens",
    "core": "chat clearing house_follower keeping moderation pace replies rooms roster search search_line",
    "protocol": "strict_json wire wire_fields wire_keeping",
    "request": "gateways/address gateways/cookie gateways/credentials gateways/escapes gateways/handshake gateways/headers gateways/origin",
    "native": "gateways/commands gateways/connection gateways/keeping gateways/returning gateways/dialects/native",
    "websocket": "gateways/deflate gateways/desk gateways/messages gateways/practice gateways/socket_outlet gateways/websocket "
    "gateways/dialects/deflated gateways/dialects/framed",
    "streaming": "gateways/stream gateways/dialects/http",
    "doors": "gateways/dialects",
    "connections": "gateways/connections gateways/crowds gateways/held_bytes gateways/intake gateways/shares gateways/slots gateways/turns "
    "gateways/unread",
    "readers": "bots",
    "settings": "door_settings setting_files settings",
    "app": "app chores door_building first_start metrics moderation_building robot_building timekeeping troubles watch",
    "server": "acceptor door_serving listening logs open_files reserve serving streams whereabouts",
    "cli": "cli cli_backup cli_keeping console",
}
"""Files and folders below src/teahouse, without their `.py`."""

_AREA_OF = {path: area for area, paths in LISTED.items() for path in paths.split()}


def area_of(file: str) -> str:
    """Return the area of a file below `src/teahouse`. A new file in no folder is the application's until it has one."""
    path = PurePosixPath(file)
    for each in (path.with_suffix(""), *path.parents):
        if area := _AREA_OF.get(str(each)):
            return area
    if len(path.parts) == 1:
        return "app"
    return path.parts[1] if path.parts[0] == "gateways" and len(path.parts) > 2 else path.parts[0]


def areas_of(mutant: Mutant) -> set[str]:
    return {area_of(edit.file) for edit in mutant.edits}


def touched(mutants: Iterable[Mutant], changed: set[str], known: str) -> list[Mutant]:
    """Return the mutants of the areas that a change touches, those nearest to it first.

    `changed` are the files of the repository that it changes, `known` what tests/mutants said before it.
    """
    sources = {file.removeprefix("src/teahouse/") for file in changed if file.startswith("src/teahouse/")}
    areas = {area_of(file) for file in sources}

    def distance(mutant: Mutant) -> int:
        if f'"{mutant.name}"' not in known:
            return 0
        if any(edit.file in sources for edit in mutant.edits):
            return 1
        if any(test.partition("::")[0] in changed for test in mutant.tests):
            return 2
        return 3 if areas_of(mutant) & areas else 4

    return sorted((mutant for mutant in mutants if distance(mutant) < 4), key=distance)


def git(*arguments: str) -> str:
    """Return what git says, nothing where it cannot."""
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def base_of_change() -> str:
    """Return the commit that this work began at: where the branch left main, on main itself twenty commits ago, else nothing."""
    head = git("rev-parse", "HEAD")
    for main in ("origin/main", "main"):
        if (base := git("merge-base", "HEAD", main)) and base != head:
            return base
    if git("status", "--porcelain"):
        return head
    return git("rev-parse", "--verify", "--quiet", "HEAD~20") or git("rev-list", "--max-parents=0", "HEAD").partition("\n")[0]


def changed_since(base: str) -> set[str]:
    """Return the files that differ from `base` in the working tree, new ones among them."""
    return {*git("diff", "--name-only", base).splitlines(), *git("ls-files", "--others", "--exclude-standard").splitlines()}


def known_at(base: str) -> str:
    """Return what the files of mutants said at `base`."""
    files = git("ls-tree", "-r", "--name-only", base, "tests/mutants").splitlines()
    return "\n".join(git("show", f"{base}:{file}") for file in files)
