"""The machine under a house: Python, the folder and the disk, descriptors, the port, the clock."""

import errno
import os
import resource
import shlex
import shutil
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from teahouse.doctor.findings import Finding, Step, ok
from teahouse.doctor.line import ask
from teahouse.doctor.mounts import mount_of, mounts, to_be_written
from teahouse.doctor.rights import is_shut, no_file
from teahouse.doctor.target import Target
from teahouse.doctor.visit import API, unwell, words_of
from teahouse.open_files import SPARE_FILES, fitting
from teahouse.settings import Settings, is_loopback
from teahouse.storage.files import DATABASE_FILE, LITTLE_BYTES, NO_ROOM
from teahouse.storage.house_clock import calendar_ms, doubts

TIGHT_BYTES = 100 << 20
SLOW_MS = 20.0
TRIES = 20
BUILT_IN = 2025
"""Before this year nobody ran this program: a clock that says so was never set."""

NETWORK_KINDS = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "ceph", "glusterfs", "afs", "davfs", "fuse.rclone", "virtiofs")
MEMORY_KINDS = ("tmpfs", "ramfs")
SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")


def python(_settings: Settings) -> Step:
    """Say which Python runs this."""
    return Step("Python", [ok("python", f"{sys.version.split()[0]} at {sys.prefix}")])


def folder(settings: Settings) -> Step:
    """See that the data folder can be written, how much room it has, and on what kind of file system it lies."""
    path = settings.data_dir.absolute()
    place = next(each for each in (path, *path.parents) if os.path.lexists(each))
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        if error.errno in NO_ROOM:
            return Step("Data folder", [_no_room("folder", place, error), _room(place), _kind(place)])
        why = "The house keeps every message there before anyone sees it; it cannot open without."
        lines = {"shell": _hand_over(path, is_there=place == path)}
        if not os.path.isdir(place) or (place != path and is_shut(place)):  # to own what is below would not help
            lines = {"settings": 'data_dir = "/a/folder/of/this/user"'}
        if error.errno == errno.EROFS:
            lines = to_be_written(place)
        leads_nowhere = error.errno in (errno.ENOENT, errno.ELOOP)
        seen = f"{place} is a link that leads nowhere" if leads_nowhere else f"{place} cannot be written: {error.strerror}"
        return Step("Data folder", [Finding("folder", "mend", seen, why, lines)])
    there = ok("folder", f"{path} can be written" if place == path else f"{path} will be made at the first start")
    return Step("Data folder", [there, _room(place), _kind(place), _sync(place)])


def _no_room(check: str, place: Path, error: OSError) -> Finding:
    why = "What people send is refused until there is room again, and a house that is shut may not open; what it took before stays."
    return Finding(
        check, "mend", f"nothing can be written in {place}: {error.strerror}", why, {"shell": f"df -h {shlex.quote(str(place))}"}
    )


def _hand_over(path: Path, *, is_there: bool) -> str:
    """Return the command that makes the data folder ours, and touches nothing above it."""
    me, mine, quoted = os.getuid(), os.getgid(), shlex.quote(str(path))
    return f"sudo chown -R {me}:{mine} {quoted}" if is_there else f"sudo install -d -m 700 -o {me} -g {mine} {quoted}"


def _room(place: Path) -> Finding:
    free = shutil.disk_usage(place).free
    seen = f"{free / (1 << 30):.1f} GiB are free"
    why = "On a full disk the house refuses what people send until there is room again; what it took before stays."
    if free < TIGHT_BYTES:
        return Finding("room", "mend", seen, why, {"settings": 'data_dir = "/a/larger/disk"'})
    return Finding("room", "note", seen, why) if free < LITTLE_BYTES else ok("room", seen)


def _kind(place: Path) -> Finding:
    _point, kind = mount_of(place, mounts())
    if kind.startswith(NETWORK_KINDS):
        why = (
            "SQLite's write-ahead log needs memory shared between processes, which no network has (sqlite.org/wal.html): it may be damaged."
        )
        return Finding("file-system", "mend", f"it lies on a network ({kind})", why, {"settings": 'data_dir = "/a/folder/on/this/machine"'})
    if kind in MEMORY_KINDS:
        why = "All of it is gone when the machine restarts."
        return Finding("file-system", "note", f"it lies in memory ({kind})", why, {"settings": 'data_dir = "/a/folder/on/a/disk"'})
    return ok("file-system", f"the file system is {kind or 'of a kind that this machine does not tell'}")


def _sync(place: Path) -> Finding:
    """Measure what each commit waits for: a small write that is on the disk when it returns."""
    times_ms = []
    try:
        with tempfile.TemporaryFile(dir=place, buffering=0) as file:
            for _ in range(TRIES):
                begun = time.perf_counter()
                file.write(b"x" * 4096)
                os.fsync(file.fileno())
                times_ms.append((time.perf_counter() - begun) * 1000)
    except OSError as error:
        return _no_room("fsync", place, error)
    median_ms = statistics.median(times_ms)
    seen = f"a write is on the disk after {median_ms:.2f} ms (median of {TRIES}, at worst {max(times_ms):.1f} ms)"
    if median_ms <= SLOW_MS:
        return ok("fsync", seen)
    why = "Every message waits for this. Many people do not wait longer than one, but nobody waits less."
    return Finding("fsync", "note", seen, why, {"settings": 'data_dir = "/a/folder/on/a/faster/disk"'})


def descriptors(settings: Settings) -> Step:
    """Compare the limit of open files with the connections that the house would take."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted, fits = settings.max_connections + SPARE_FILES, fitting(hard)
    if fits >= settings.max_connections:
        return Step("Open files", [ok("descriptors", f"up to {_count(hard)}, enough for {settings.max_connections:,} connections")])
    why = f"Each connection is an open file, and the house needs some too. With {fits:,} inside no more come in, whatever is set."
    lines = {"systemd unit": f"LimitNOFILE={wanted}", "settings": f"max_connections = {fits}"}
    return Step("Open files", [Finding("descriptors", "note", f"at most {hard:,} may be open, {wanted:,} are wanted", why, lines)])


def _count(limit: int) -> str:
    return "as many as one likes" if limit == resource.RLIM_INFINITY else f"{limit:,}"


def port(settings: Settings) -> Step:
    """See whether the port is free, and if not, who answers there."""
    where = f"port {settings.port} of {settings.host}"
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
        return Step("Port", [ok("port", f"{where} is free")])
    except PermissionError:
        why = "Ports below 1024 are for privileged programs; a proxy in front can have 80 and 443."
        return Step("Port", [Finding("port", "mend", f"{where} is reserved", why, {"settings": "port = 8000"})])
    except OSError as error:
        return Step("Port", _taken(settings, where, error))


def _taken(settings: Settings, where: str, error: OSError) -> list[Finding]:
    house = Target("http", settings.host if is_loopback(settings.host) else "127.0.0.1", settings.port)
    try:
        said = words_of(ask(house, "GET", f"/{API}house"))
        if "faces" in said:
            answers = ok("port", f"a Teahouse answers at {where}: {said.get('name')}")
            return [answers, *unwell(ask(house, "GET", "/healthz"))]
        if {"code", "words", "retry"} <= said.keys():
            why = "Whoever is inside stays; newcomers hear this. max_connections and the limit of open files say how many fit."
            refuses = Finding("port", "note", f"a Teahouse answers at {where}: {said['words']}", why)
            return [refuses, *unwell(ask(house, "GET", "/healthz"))]
    except OSError:
        pass
    why = "Only one program can listen there. Which one does: ss -ltnp"
    return [Finding("port", "mend", f"{where} cannot be had: {error.strerror}", why, {"settings": f"port = {settings.port + 1}"})]


def clock(settings: Settings) -> Step:
    """Look at the clock: its year, whether something sets it, whether it jumps, and what the house saw on it when it was last open."""
    now = datetime.now().astimezone()
    if now.year < BUILT_IN:
        why = "The clock was never set. Times of messages would be wrong for good, and certificates would not be believed."
        return Step("Clock", [Finding("clock", "mend", f"it says {now:%Y-%m-%d}", why, {"shell": "timedatectl set-ntp true"})])
    wall, steady = time.time(), time.monotonic()
    time.sleep(0.1)
    jump_s = (time.time() - wall) - (time.monotonic() - steady)
    if abs(jump_s) > 0.05:
        why = "Something sets it in jumps, perhaps two programs at once; times of messages may go backwards."
        return Step("Clock", [Finding("clock", "note", f"it jumped by {jump_s:.2f} s in a tenth of a second", why)])
    if words := doubts(calendar_ms() - (_last_open(settings) or calendar_ms())):
        why = "Times of messages go by it, and invites, bans and tokens end by it. Nothing that was said is lost."
        seen = f"{now:%Y-%m-%d %H:%M} {now.tzname()}: {words}"
        return Step("Clock", [Finding("clock", "note", seen, why, {"shell": "timedatectl set-ntp true"})])
    by = "set by NTP" if SYNCHRONIZED.exists() else "whether NTP sets it is not known here"
    return Step("Clock", [ok("clock", f"{now:%Y-%m-%d %H:%M} {now.tzname()}; {by}")])


def _last_open(settings: Settings) -> int | None:
    """Return what the calendar said when the house was last open, None where nothing tells."""
    path = settings.data_dir.absolute() / DATABASE_FILE
    if is_shut(path.parent) or no_file(path):
        return None
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            kept = database.execute("SELECT value FROM about WHERE key = 'last_open'").fetchone()
            return int(kept[0].split()[1]) if kept else None
    except (sqlite3.Error, ValueError, IndexError):
        return None  # another step says why
