"""What an examination finds: values only."""

from typing import Literal

from msgspec import Struct, field

State = Literal["ok", "note", "mend", "stop"]
"""`note`: it works, and would be better mended. `mend`: something is broken. `stop`: nothing further can be examined."""

GREEN, FINDINGS, CANNOT = 0, 1, 2
"""The exit codes."""


class Finding(Struct, frozen=True, omit_defaults=True):
    """One thing that was looked at. `mend` holds the exact line by the name of the program or file that it belongs to."""

    check: str
    state: State
    seen: str
    why: str = ""
    mend: dict[str, str] = {}


class Step(Struct, frozen=True, omit_defaults=True):
    """One step of an examination. `shown` is what was sent (`>`), received (`<`) and reckoned, line by line."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        return any(finding.state == "stop" for finding in self.findings)


def exit_code(steps: list[Step]) -> int:
    """Return the code that tells a script how the examination went."""
    states = {finding.state for step in steps for finding in step.findings}
    return CANNOT if "stop" in states else FINDINGS if states - {"ok"} else GREEN


def ok(check: str, seen: str) -> Finding:
    return Finding(check, "ok", seen)
