"""What belongs to one house: its database, and settings that do not fit each other."""

import os
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

from teahouse.doctor.findings import Finding, Step, ok
from teahouse.doctor.remedies import mend
from teahouse.doctor.rights import is_shut, no_file, unread, unseen
from teahouse.newcomers import newcomers, open_doors
from teahouse.settings import Settings, is_loopback
from teahouse.storage.files import DATABASE_FILE, address_of, saved_alone, saved_from, size
from teahouse.storage.tables import SCHEMA_VERSION

PATIENCE_S = 5


def database(settings: Settings) -> Step:
    """Read the whole database without changing it, compare its schema with ours, and see whether it can be written."""
    path = settings.data_dir.absolute() / DATABASE_FILE
    if is_shut(path.parent):
        return Step("Database", [unseen(path.parent)])
    if odd := no_file(path):
        return Step("Database", [unread(odd)])
    if saved := saved_alone(path):
        return Step("Database", [_saved(path, saved[-1])])
    if size(str(path)) == 0:
        return Step("Database", [ok("database", f"{path} will be made at the first start")])
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=PATIENCE_S)) as connection:
            return Step("Database", [_integrity(connection, path), _schema(connection, settings), _lock(path), *_beside(path)])
    except sqlite3.OperationalError as error:
        why = "Nothing is known of its state. May this user read it, is the disk well, and does no other program hold it?"
        return Step("Database", [Finding("database", "mend", f"{path} cannot be read: {error}", why)])
    except sqlite3.Error as error:
        return Step("Database", [_damaged(path, str(error))])


def _saved(path: Path, saved: Path) -> Finding:
    why = "A house saved it when its files were taken away. Stop it if it still runs: none opens here until that is in place or elsewhere."
    seen = f"{path} is not there, and {saved.name} has what was in it"
    return Finding("database", "mend", seen, why, {"shell": f"mv {_quoted(saved)} {_quoted(path)}"})


def _beside(path: Path) -> list[Finding]:
    saved = [str(each) for each in saved_from(path)]
    if not saved:
        return []
    why = (
        "A house saved that when its files were taken away. If the database that is there now lacks it, stop the house, "
        f"move that one, its -wal and its -shm elsewhere, and rename what was saved to {path.name}."
    )
    seen = f"{', '.join(map(os.path.basename, saved))} lies beside {path.name}"
    return [Finding("saved", "note", seen, why, {"shell": shlex.join(["mv", *saved, "/a/safe/place/"])})]


def _lock(path: Path) -> Finding:
    """Take the write lock as each message does, and give it back."""
    try:
        with closing(sqlite3.connect(address_of(path), uri=True, timeout=PATIENCE_S, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            why = "What people send is refused as long as another program does not let go: a shell with an open transaction, a backup."
            return Finding("lock", "mend", f"another program holds the write lock: {error}", why, {"shell": f"lsof {_quoted(path)}"})
        why = "Nothing can be stored. Are its files this user's, and is there room on the disk?"
        return Finding("lock", "mend", f"{path} cannot be written: {error}", why)
    return ok("lock", "the write lock can be had")


def _integrity(connection: sqlite3.Connection, path: Path) -> Finding:
    [(first,), *_more] = connection.execute("PRAGMA quick_check(3)").fetchall()
    if first != "ok":
        return _damaged(path, str(first))
    return ok("database", f"{path} is whole ({path.stat().st_size / (1 << 20):.1f} MiB)")


def _damaged(path: Path, words: str) -> Finding:
    why = "Stop the house, keep a copy of the folder as it is, and restore a backup; or let SQLite save what can be read."
    lines = {"shell": f"sqlite3 {_quoted(path)} .recover | sqlite3 {_quoted(path.with_suffix('.recovered.db'))}"}
    return Finding("database", "mend", f"{path} is damaged: {' '.join(words.split())}", why, lines)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _schema(connection: sqlite3.Connection, settings: Settings) -> Finding:
    found = _version(connection)
    if found == SCHEMA_VERSION:
        return ok("schema", f"schema {found}, as this Teahouse wants it")
    if found is None or found < SCHEMA_VERSION:  # revisions are numbered with four digits
        copy = f"a copy of it as it is to go back by (teahouse-before-{SCHEMA_VERSION}.db)."
        left = copy if settings.copy_before_upgrade else "no copy: copy the folder first."
        why = f"The next start brings it up to date, and leaves {left}"
        return Finding("schema", "note", f"schema {found or '(none)'}, this Teahouse knows {SCHEMA_VERSION}", why)
    why = "A newer Teahouse has used this database, and this one does not know what it means. docs/install.md tells how to go back."
    return Finding("schema", "mend", f"schema {found}, this Teahouse knows only {SCHEMA_VERSION}", why, {"shell": "git pull && bin/setup"})


def _version(connection: sqlite3.Connection) -> str | None:
    try:
        [row] = connection.execute("SELECT version_num FROM alembic_version")
    except (sqlite3.OperationalError, ValueError):
        return None
    return str(row[0])


def address(settings: Settings) -> Step:
    """See whether where the house listens, what it is called and whom it trusts fit together."""
    url, near = settings.public_url, is_loopback(settings.host)
    if url is None:
        reach = "on this machine only" if near else "on every network of this machine, by its address"
        return Step("Address", [ok("address", f"reached {reach}"), *_strangers(settings)])
    findings = [ok("address", f"people type {url}"), *_strangers(settings)]
    if url.startswith("http://"):
        why = "Browsers and people trust https only, and notifications need it."
        line = {"settings": f'public_url = "{url.replace("http://", "https://")}"'}
        findings.append(Finding("public-url", "note", "the public address is plain http", why, line))
    if not settings.trusted_proxies:
        why = "A public address means a proxy in front. The house believes what it says about clients only if told where it stands."
        lines = mend("trusted-proxies", address="127.0.0.1")
        findings.append(Finding("trusted-proxies", "note", "no proxy is trusted: all people share one address's limits", why, lines))
    return Step("Address", findings)


def _strangers(settings: Settings) -> list[Finding]:
    """Say who may come in without an invite; a proxy in front of a house that is open because nobody said otherwise is told."""
    doors = [ok("door-strangers", f"strangers {words}") for words in (open_doors(settings),) if words]
    seen = f"strangers {newcomers(settings)}"
    if settings.open is None and settings.is_open and settings.trusted_proxies:
        why = "A proxy is trusted, and no public_url says whom it serves: everybody whom it lets through needs no invite."
        return [Finding("strangers", "note", seen, why, mend("strangers")), *doors]
    return [ok("strangers", seen), *doors]
