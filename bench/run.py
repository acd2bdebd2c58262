"""Measures Teahouse beside its peers: `bin/bench` for all of P1 to P8, `bin/bench p1 p2` for some, `bin/bench abuse` for P13.

See docs/performance.md.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from abuse.attacks import ATTACKS
from report import write_report
from servers import BENCH, CORES, MADE, Skipped
from table import TITLES, tables
from workloads import WORKLOADS, Pace

RESULTS = BENCH / "results"
PROBES = 100
ABUSE = "p13"
"""Only by name: it starts what attacks."""


def main() -> int:
    arguments = _arguments()
    pace = Pace(arguments.rounds, arguments.seconds, not arguments.no_peers, arguments.beside, tuple(arguments.attack))
    MADE.mkdir(exist_ok=True)
    RESULTS.mkdir(exist_ok=True)
    machine = _machine()
    print(_about(machine), flush=True)
    if len(CORES) < 2:
        print("This machine has one core: server and generator share it, and the numbers say little.", file=sys.stderr)
    failed = False
    for name in arguments.names or [name for name in WORKLOADS if name != ABUSE]:
        try:
            measured = WORKLOADS[name](pace, partial(_tell, name))
        except (Skipped, RuntimeError, subprocess.SubprocessError) as reason:
            _tell(name, "")
            print(f"### {TITLES[name]}\n\nnot measured: {reason}\n", flush=True)
            failed = True
            continue
        _tell(name, "")
        words = {"workload": name, "at": int(time.time()), "machine": machine, "pace": _words(pace), **asdict(measured)}
        (RESULTS / f"{name}.json").write_text(json.dumps(words, indent=1) + "\n")
        print(tables(name, measured.runs, measured.skipped), flush=True)
    write_report()
    return 1 if failed else 0


def _words(pace: Pace) -> dict[str, Any]:
    """The pace as JSON has it; a path of this machine says nothing elsewhere."""
    return asdict(pace) | {"beside": pace.beside is not None}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measures Teahouse beside its peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="; ".join(TITLES.values()))
    parser.add_argument("--rounds", type=int, default=3, help="how often Teahouse and the reference take turns (3)")
    parser.add_argument("--seconds", type=float, default=4, help="how long one run of P1, P2 and P3 is measured (4)")
    parser.add_argument("--no-peers", action="store_true", help="P1 and P2 with uWebSockets only")
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="abuse: attack this checkout's server too, with its own .venv")
    parser.add_argument("--attack", action="append", default=[], choices=ATTACKS, help="abuse: only this one; may be repeated")
    arguments = parser.parse_args()
    arguments.beside = arguments.beside and arguments.beside.resolve()
    arguments.names = [ABUSE if name == "abuse" else name.lower() for name in arguments.names]
    for name in arguments.names:
        if name not in WORKLOADS:
            parser.error(f"there is no benchmark {name}; there are {', '.join(WORKLOADS)}")
    return arguments


def _machine() -> dict[str, Any]:
    """Return what the numbers depend on: they belong to this machine in this hour."""
    cpu = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return {
        "cpu": cpu,
        "cores": len(CORES),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load_before": round(os.getloadavg()[0], 2),
        "fsync_ms": round(_fsync_ms(), 3),
    }


def _about(machine: dict[str, Any]) -> str:
    return (
        f"{machine['cpu']}, {machine['cores']} cores, load {machine['load_before']:.1f} before,"
        f" {machine['fsync_ms']:.2f} ms a sync of the disk. Teahouse stores every message; the raw peers store nothing.\n"
    )


def _fsync_ms() -> float:
    """Return how long the disk takes to make 4 KiB durable: the least that a commit can take."""
    path = MADE / "sync"
    times = []
    with path.open("wb", buffering=0) as file:
        for _ in range(PROBES):
            file.write(bytes(4096))
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return statistics.median(times)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _tell(name: str, words: str) -> None:
    """Show what is going on, on one line of a terminal; no words clear it."""
    if sys.stderr.isatty():
        print("\r\x1b[K" + (f"{name}: {words} …" if words else ""), end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
