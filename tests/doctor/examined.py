"""An examination's findings, as tests ask for them."""

from teahouse.doctor.findings import Finding
from teahouse.doctor.rounds import examine
from teahouse.doctor.target import target


def findings(address: str, idle_s: float = 0) -> list[Finding]:
    """Everything that is found at `address`, what is well too."""
    return [finding for step in examine(target(address), idle_s) for finding in step.findings]


def wrong(address: str, idle_s: float = 0) -> list[Finding]:
    """What is found and not well."""
    return [finding for finding in findings(address, idle_s) if finding.state != "ok"]


def lines(found: list[Finding], program: str = "nginx") -> set[str]:
    """The lines of `program` that are named to mend it."""
    return {finding.mend[program] for finding in found if program in finding.mend}
