"""How old the last good backup is, as far as the house was told."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from teahouse.backup.record import Record, last
from teahouse.doctor.findings import Finding, Step, ok
from teahouse.doctor.rights import is_shut, no_file, unread, unseen
from teahouse.settings import Settings
from teahouse.storage.files import DATABASE_FILE, size

OLD_DAYS = 8
NEW_DAYS = 1
"""For so long after the first person came nobody is told that there is no backup yet."""
DAY_MS = 24 * 3_600_000
WHY = "A disk fails without asking. A backup on another one is what remains of a house then."
LINES = {"shell": "teahouse backup /a/safe/place/house.backup", "systemd": "systemctl enable --now teahouse-backup.timer  # from deploy/"}


def backup(settings: Settings) -> Step:
    """Say when this house was backed up last, and whether that file is still where it was put."""
    data = settings.data_dir.absolute()
    path, record, now_ms = data / DATABASE_FILE, last(data), time.time_ns() // 1_000_000
    if is_shut(data):
        return Step("Backup", [unseen(data)])
    if odd := no_file(path):
        return Step("Backup", [unread(odd)])
    if size(str(path)) == 0:
        return Step("Backup", [ok("backup", "there is nothing to back up yet")])
    try:
        epoch, first_came = _house(path)
    except sqlite3.Error:  # another step says why; the more it matters how old the last backup is
        epoch, first_came = record.epoch if record else "", 0
    if record is not None and record.epoch == epoch:
        return Step("Backup", [_judged(record, now_ms)])
    return Step("Backup", [_missing(first_came, now_ms)])  # a record of another life is of a copy, or of before a new epoch by hand


def _missing(first_came: int | None, now_ms: int) -> Finding:
    if first_came is None:
        return ok("backup", "nobody has come in yet: there is nothing to back up")
    if now_ms - first_came < NEW_DAYS * DAY_MS:
        return ok("backup", "none yet, and the house has had people for less than a day")
    return Finding("backup", "note", "no backup of this house is known here", WHY, LINES)


def _judged(record: Record, now_ms: int) -> Finding:
    days = (now_ms - record.at) / DAY_MS
    age = f"{days:.0f} days" if abs(days) >= 2 else f"{days * 24:.0f} hours" if abs(days) * 24 >= 2 else f"{days * 1440:.0f} minutes"
    seen = f"the last good one is {age} old: {record.file} of {datetime.fromtimestamp(record.at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    if not _is_there(record):
        return Finding("backup", "note", f"{seen}, which cannot be seen there now", WHY, LINES)
    if not -1 < days <= OLD_DAYS:  # of a clock that was ahead nothing can be told
        return Finding("backup", "note", seen, WHY, LINES)
    return ok("backup", seen)


def _is_there(record: Record) -> bool:
    try:
        return Path(record.file).stat().st_size == record.bytes
    except OSError:
        return False


def _house(path: Path) -> tuple[str, int | None]:
    """Return the epoch, "" where there is none, and when the first person came, None where nobody did. Raise sqlite3.Error."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        [epoch] = database.execute("SELECT max(value) FROM about WHERE key = 'epoch'").fetchone()
        [first_came] = database.execute("SELECT min(at) FROM users WHERE role <> 'bot'").fetchone()
    return epoch or "", first_came
