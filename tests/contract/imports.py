"""Who may import whom: the table of the architecture page as data, and a reader that holds a source tree against it.

A module is named from the package on, without `teahouse`: `chat`, `storage.log`. A rule speaks for the module it names and
for everything inside it; the longest name that fits decides. An import of the package itself (its version) is free to all.
"""

import ast
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = "teahouse"

WORDS = ("model", "errors", "access", "answers", "strict_json", "user", "keeping")
POLICY = (
    "policy",
    "characters",
    "emoji_forms",
    "mentions",
    "text",
    "lookalikes",
    "scripts",
    "nicknames",
    "faces",
    "throttle",
    "wire",
    "wire_fields",
    "wire_keeping",
    "keepers",
    "networks",
    "occurrences",
    *WORDS,
)
CHAT = ("identity", "known_sessions", "bans", "roster", "storage", "delivery.presence", *POLICY)
DOORS = ("chat", "rooms", "moderation", "identity", "bans", "search", "replies", "auth", "tokens", "roster", "delivery", *POLICY)
EVERY_DOOR = (
    "gateways.address",
    "gateways.connection",
    "gateways.connections",
    "gateways.crowds",
    "gateways.commands",
    "gateways.cookie",
    "gateways.credentials",
    "gateways.deflate",
    "gateways.desk",
    "gateways.dialects",
    "gateways.escapes",
    "gateways.handshake",
    "gateways.headers",
    "gateways.intake",
    "gateways.messages",
    "gateways.keeping",
    "gateways.origin",
    "gateways.returning",
    "gateways.held_bytes",
    "gateways.turns",
    "gateways.shares",
    "gateways.slots",
    "gateways.socket_outlet",
    "gateways.stream",
    "gateways.unread",
)
"""What doors share; apart from these they do not know each other."""
APP = (
    "chores",
    "timekeeping",
    "metrics",
    "troubles",
    "watch",
    "moderation_building",
    "last_seen",
    "pace",
    "doorkeeper",
    "door_building",
    "door_settings",
    "first_start",
    "robot_building",
    "gateways",
    "bots",
    "storage",
    "settings",
    *DOORS,
)

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "user": (),
    "troubles": (),
    "keeping": ("user",),
    "model": ("user", "keeping"),
    "identity": ("model", "access"),
    "known_sessions": ("identity",),
    "keepers": WORDS,
    "networks": WORDS,
    "bans": ("keepers", "networks", *WORDS),
    "last_seen": ("networks", "storage"),
    "answers": (),
    "clearing": ("storage",),
    "moderation": (*CHAT,),
    "house_follower": ("auth", *CHAT),
    "moderation_building": ("auth", "clearing", "gateways.connections", "house_follower", "last_seen", "moderation", *CHAT),
    "access": (),
    "errors": (),
    "strict_json": (),
    "characters": (),
    "text": ("characters",),
    "emoji_forms": ("characters",),
    "mentions": ("characters", "text"),
    "lookalikes": (*WORDS, "characters", "scripts"),
    "scripts": ("characters",),
    "policy": (*WORDS, "characters", "emoji_forms", "text"),
    "nicknames": WORDS,
    "faces": WORDS,
    "throttle": WORDS,
    "tally": (),
    "wire_fields": WORDS,
    "wire_keeping": ("wire_fields", *WORDS),
    "wire": ("wire_fields", "wire_keeping", *WORDS),
    "setting_files": (),
    "settings": ("door_settings", "pace", "setting_files", *WORDS),
    "door_settings": (),
    "logs": WORDS,
    "occurrences": ("errors",),
    "open_files": (),
    "streams": (),
    "storage": ("storage", *WORDS, "characters", "lookalikes", "mentions", "scripts", "tally", "text", "troubles"),
    "chores": ("errors", "tally", "troubles"),
    "watch": ("errors", "storage", "troubles"),
    "delivery": ("delivery", *WORDS),
    "roster": ("storage", "delivery.presence", *POLICY),
    "replies": ("roster", "policy", *WORDS),
    "search_line": ("storage.search.purse", *WORDS),
    "search": ("search_line", "tally", *CHAT),
    "pace": ("throttle", *WORDS),
    "rooms": ("pace", *CHAT),
    "chat": ("search", "replies", "rooms", "pace", *CHAT),
    "invites": ("identity", "storage", *WORDS),
    "lifetimes": ("known_sessions", "storage"),
    "proving": ("lifetimes", *CHAT),
    "auth": ("invites", "lifetimes", "proving", *CHAT),
    "timekeeping": ("auth", "storage", *WORDS),
    "tokens": ("auth", *CHAT),
    "robot_building": ("bots", "settings", *DOORS),
    "door_building": ("gateways", "doorkeeper", "settings", *CHAT, *DOORS),
    "doorkeeper": ("auth", *CHAT),
    "gateways": (*EVERY_DOOR, *DOORS),
    "gateways.http": ("gateways.http", "metrics", "tally", "troubles", *EVERY_DOOR, *DOORS),
    "gateways.doors": ("gateways.doors", "gateways.websocket", "doorkeeper", *EVERY_DOOR, *DOORS),
    "bots": ("bots", *DOORS),
    "metrics": ("backup.record", "gateways.connections", "gateways.slots", "storage", "tally", "troubles", "watch", *DOORS),
    "app": APP,
    "first_start": ("bots", *CHAT),
    "listening": ("settings",),
    "whereabouts": ("listening", "settings"),
    "newcomers": ("settings",),
    "reserve": ("gateways.address", "gateways.slots"),
    "acceptor": ("gateways.address", "gateways.slots", "reserve"),
    "door_serving": ("acceptor", "app", "listening", "reserve", *APP),
    "serving": (
        "acceptor",
        "app",
        "listening",
        "door_serving",
        "logs",
        "newcomers",
        "open_files",
        "reserve",
        "streams",
        "whereabouts",
        *APP,
    ),
    "doctor": (
        "backup.record",
        "doctor",
        "newcomers",
        "open_files",
        "settings",
        "storage.files",
        "storage.house_clock",
        "storage.tables",
        "strict_json",
    ),
    "backup": ("backup", "storage", "strict_json"),
    "console": ("app", "clearing", "listening", "whereabouts", *APP),
    "cli_keeping": ("console", "settings", *WORDS),
    "cli_backup": ("backup", "cli_keeping", "listening", "settings"),
    "cli": ("app", "cli_backup", "cli_keeping", "listening", "serving", "settings", "logs", "errors", "doctor", "streams"),
    "__main__": ("cli",),
    "__init__": (),
}

FENCES: dict[str, tuple[str, ...]] = {
    "sqlalchemy": ("storage",),
    "alembic": ("storage",),
    "redis": ("delivery.redis_broker",),
    "websockets": ("gateways.websocket", "gateways.deflate", "gateways.doors.socket", "gateways.messages", "gateways.practice"),
    "litestar": ("gateways.http",),
    "httpx": ("bots.endpoint",),
    "httpx_sse": ("bots.endpoint",),
    "prometheus_client": ("gateways.http.metrics",),
    "pyrage": ("backup.sealing",),
}
"""Third-party packages, and the only modules that may know them."""

WORDS_MAY_USE = sys.stdlib_module_names | {"msgspec"}


class Import(NamedTuple):
    line: int
    target: str
    """The module's full name, such as `teahouse.storage.log` or `sqlalchemy.exc`."""


def violations(package: Path) -> list[str]:
    """Return every import in the package's folder that breaks a rule, as `file:line: what, and the rule`."""
    files = {module_of(path.relative_to(package)): path for path in sorted(package.rglob("*.py"))}
    return [
        f"{path.relative_to(package)}:{found.line}: {objection}"
        for module, path in files.items()
        for found in imports(path, package, files)
        if (objection := objection_to(module, found.target))
    ]


def module_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imports(path: Path, package: Path, modules: Collection[str]) -> Iterator[Import]:
    """Yield what a file imports, wherever in it; `from teahouse.storage import log` means the module `teahouse.storage.log`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = base_of(node, path.relative_to(package))
            inner = [f"{base}.{alias.name}" for alias in node.names]
            yield from (Import(node.lineno, name if name.removeprefix(f"{PACKAGE}.") in modules else base) for name in inner)


def base_of(node: ast.ImportFrom, path: Path) -> str:
    """Return the module that `from … import` names, with leading dots counted from the file's own folder."""
    if node.level == 0:
        return node.module or ""
    folder = (PACKAGE, *path.parent.parts)
    return ".".join((*folder[: len(folder) - node.level + 1], *([node.module] if node.module else [])))


def objection_to(module: str, target: str) -> str | None:
    """Return why `module` may not import `target`, None where it may."""
    if target == PACKAGE:
        return None
    if target.startswith(f"{PACKAGE}."):
        return objection_to_ours(module, target.removeprefix(f"{PACKAGE}."))
    library = target.partition(".")[0]
    if library in FENCES and not within(module, FENCES[library]):
        return f"{module} imports {target}, but {library} may be known only to {' and '.join(FENCES[library])}"
    if within(module, WORDS) and library not in WORDS_MAY_USE:
        return f"{module} imports {target}, but {module} stands on the standard library and msgspec alone"
    return None


def objection_to_ours(module: str, target: str) -> str | None:
    rule = max((name for name in MAY_IMPORT if within(module, (name,))), key=len, default=None)
    if rule is None:
        return f"{module} has no rule yet: add it to the table in tests/contract/imports.py"
    if within(target, MAY_IMPORT[rule]):
        return None
    return f"{module} imports {target}, but {rule} may import only {', '.join(MAY_IMPORT[rule]) or 'nothing of ours'}"


def within(module: str, names: Collection[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)
