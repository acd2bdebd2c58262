"""The load generator in C: built when it is missing or older than its sources, run on a core of its own."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from servers import BENCH, GENERATOR_CORE, MADE, Server, Skipped

SOURCES = BENCH / "load"
PROGRAM = MADE / "load"
LIMIT_S = 300

Result = dict[str, Any]


def build() -> Path:
    """Compile the generator if need be and return it. Raise Skipped without a C compiler."""
    sources = sorted(SOURCES.glob("*.[ch]"))
    if PROGRAM.exists() and PROGRAM.stat().st_mtime > max(path.stat().st_mtime for path in sources):
        return PROGRAM
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise Skipped("the generator is C, and there is no compiler here (Debian, Ubuntu: apt-get install gcc libc6-dev)")
    MADE.mkdir(exist_ok=True)
    files = [str(path) for path in sources if path.suffix == ".c"]
    subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-o", str(PROGRAM), *files, "-lm"], check=True)  # noqa: S603
    return PROGRAM


def drive(server: Server, mode: str, **options: float) -> Result:
    """Drive `server` and return what was measured; `options` are those of bench/load/main.c. Raise RuntimeError in its words."""
    given = {"port": server.port, "pid": server.pid, "dialect": server.dialect, **options}
    if server.users is not None:
        given["users"] = server.users
    words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    command = ["taskset", "--cpu-list", str(GENERATOR_CORE), str(build()), mode, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{server.name}: {done.stderr.strip() or 'the generator failed'}")
    result: Result = json.loads(done.stdout)
    return result
