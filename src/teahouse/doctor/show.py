"""Prints an examination: for people in colour where the terminal has it, for machines as JSON."""

import json
import sys
from collections.abc import Iterable

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from teahouse.doctor.findings import FINDINGS, GREEN, Finding, Step, exit_code
from teahouse.doctor.lessons import LESSONS

WIDEST = 100
SIGNS = ("> ", "< ", "  ")
_COLOURS = {"ok": "green", "note": "yellow", "mend": "bold red", "stop": "bold red"}
_CLOSING = {
    GREEN: ("green", "All is well."),
    FINDINGS: ("bold red", "There are findings: a line that stands below one mends it."),
}
_STOPPED = ("bold red", "Nothing further can be examined until that is mended.")


def show(subject: str, steps: Iterable[Step], *, explain: bool) -> int:
    """Print each step as it is done, with what was sent and why where `explain`; return the exit code."""
    # Highlighting off: what was received decides nothing about how it looks, and no markup in it is obeyed.
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    console.print(Text(f"teahouse doctor {subject}", style="bold"))
    done = []
    for step in steps:
        done.append(step)
        console.print()
        console.print(Text(step.name, style="bold underline"))
        for finding in step.findings:
            console.print(Padding(_finding(finding), (0, 0, 0, 2), expand=False))
        if explain:
            _explain(console, step)
    code = exit_code(done)
    style, words = _CLOSING.get(code, _STOPPED)
    console.print()
    console.print(Text(words, style=style))
    return code


def show_json(subject: str, steps: Iterable[Step]) -> int:
    """Print the whole examination as one JSON object; return the exit code."""
    done = list(steps)
    code = exit_code(done)
    findings = [{"step": step.name, **msgspec.to_builtins(finding)} for step in done for finding in step.findings]
    shown = {step.name: step.shown for step in done if step.shown}
    report = {"subject": subject, "exit": code, "findings": findings, "shown": shown}
    text = json.dumps(report, ensure_ascii=False, indent=2)
    sys.stdout.write(text.encode(errors="replace").decode() + "\n")  # a path may be no UTF-8, and JSON has nothing else
    return code


def _finding(finding: Finding) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=4)
    grid.add_column(overflow="fold")
    grid.add_row(Text(finding.state, style=_COLOURS[finding.state]), Text(_plain(finding.seen)))
    if finding.why and finding.state != "ok":
        grid.add_row("", Text(_plain(finding.why), style="dim"))
    for program, line in finding.mend.items():
        grid.add_row("", Text.assemble((f"{program}: ", "cyan"), (_plain(line), "bold")))
    return grid


def _explain(console: Console, step: Step) -> None:
    for paragraph in LESSONS.get(step.name, ()):
        console.print()
        console.print(Padding(Text(paragraph), (0, 0, 0, 8), expand=False))
    if step.shown:
        console.print()
    for line in step.shown:
        console.print(Padding(_shown(line), (0, 0, 0, 8), expand=False))


def _shown(line: str) -> Table:
    """A line too long for the terminal goes on under its words, not under the sign before them."""
    sign = line[:2] if line[:2] in SIGNS else ""
    grid = Table.grid()
    grid.add_column()
    grid.add_column(overflow="fold")
    grid.add_row(Text(sign), Text(_plain(line.removeprefix(sign))), style=_style(line))
    return grid


def _style(line: str) -> str:
    return {">": "cyan", "<": "magenta"}.get(line[:1], "dim")


def _plain(words: str) -> str:
    """Whatever a server sent, its control characters do not reach the terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in words)
