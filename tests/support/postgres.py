"""A PostgreSQL of the tests' own: `python -m tests.support.postgres COMMAND …` runs COMMAND with TEST_POSTGRES_URL naming one.

It lives in a temporary folder, listens on a socket there and nowhere else, keeps no promise about a loss of power, and ends with COMMAND.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUPERUSER = "postgres"
LIMIT_S = 120
"""A bound against hanging, never a measure."""
LOOK_EVERY_S = 0.02
PR_SET_PDEATHSIG = 1
"""prctl(2)."""

UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
ROOM = {"listen_addresses": "", "max_connections": "300", "shared_buffers": "64MB"}
"""Each house of a test has five connections, and a worker has a few houses."""


class NoPostgres(Exception):
    """There is no PostgreSQL here that could be started; the words say what to do."""


def main(command: list[str]) -> int:
    """Run `command` beside a PostgreSQL; return its exit code."""
    if "TEST_POSTGRES_URL" in os.environ:
        return subprocess.call(command)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with postgres() as url:
        # ^C is for the command, which ends in its own words; a handler, unlike SIG_IGN, is not handed on to it.
        signal.signal(signal.SIGINT, lambda *_: None)
        with subprocess.Popen(command, env=os.environ | {"TEST_POSTGRES_URL": url}) as child:
            try:
                return child.wait()
            finally:
                child.terminate()


@contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL and yield the URL of a database on it, on which others may be made. Raise NoPostgres."""
    programs, user = find_programs(), find_user()
    folder = Path(tempfile.mkdtemp(prefix="teahouse-postgres-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        make = [programs / "initdb", "--pgdata", folder / "data", "--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8"]
        locale = ["--locale", "C.UTF-8"] if sys.platform == "linux" else []
        made = subprocess.run([*make, *locale, "--no-sync"], user=user, cwd=folder, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise NoPostgres(f"initdb could not make a database: {made.stderr.strip()}")
        with _running(programs / "postgres", folder, user):
            yield f"postgresql+psycopg://{SUPERUSER}@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(program: Path, folder: Path, user: str | None) -> Iterator[None]:
    settings = [part for name, value in (UNSAFE_AND_FAST | ROOM).items() for part in ("-c", f"{name}={value}")]
    command = [str(program), "-D", str(folder / "data"), "-k", str(folder), *settings]
    with (folder / "log").open("wb") as log:
        # In a session of its own: ^C is for the tests, which still need it to clean up.
        process = subprocess.Popen(
            command, user=user, cwd=folder, stdout=log, stderr=log, start_new_session=True, preexec_fn=_end_with_parent
        )
    try:
        _wait(process, folder)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # "fast": it ends its sessions and waits for nobody
        try:
            process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Return once it takes connections, which the last line of its file says (miscinit.c, LOCK_FILE_LINE_PM_STATUS)."""
    until = time.monotonic() + LIMIT_S
    status = folder / "data/postmaster.pid"
    while not (status.exists() and status.read_text().rstrip().endswith("ready")):
        if process.poll() is not None or time.monotonic() > until:
            raise NoPostgres(f"PostgreSQL did not come up: {(folder / 'log').read_text()}")
        time.sleep(LOOK_EVERY_S)


def _end_with_parent() -> None:
    """Also when that is killed with -9; elsewhere than on Linux it would stay."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def find_programs() -> Path:
    """Return the folder of the newest PostgreSQL's programs: Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise NoPostgres("no PostgreSQL on this machine (Debian, Ubuntu: apt-get install postgresql)")
    return (found[-1] if found else Path(str(on_path))).parent


def find_user() -> str | None:
    """Return whom it must run as, if not as ourselves: it refuses to run as root. Raise NoPostgres."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SUPERUSER).pw_name
    except KeyError:
        raise NoPostgres(
            f"PostgreSQL refuses to run as root, and there is no user {SUPERUSER} (Debian, Ubuntu: apt-get install postgresql)"
        ) from None


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except NoPostgres as error:
        sys.exit(f"{error}.")
