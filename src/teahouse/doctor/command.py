"""The command itself: which examination, and how it is shown."""

from collections.abc import Iterable

from teahouse.doctor import backups, machine, premises, rights
from teahouse.doctor.findings import Step
from teahouse.doctor.robot import robot
from teahouse.doctor.rounds import examine
from teahouse.doctor.show import show, show_json
from teahouse.doctor.target import target
from teahouse.settings import Settings

HERE = (
    machine.python,
    machine.folder,
    rights.files,
    premises.database,
    backups.backup,
    machine.descriptors,
    machine.port,
    premises.address,
    robot,
    machine.clock,
)


def examine_server(url: str, *, idle_s: float, explain: bool, as_json: bool) -> int:
    """Examine the server at `url`, print what is found and return the exit code. Raise BadAddress."""
    return _tell(url, examine(target(url), idle_s), explain=explain, as_json=as_json)


def examine_here(settings: Settings, *, explain: bool, as_json: bool) -> int:
    """Examine this installation, print what is found and return the exit code."""
    return _tell("(this installation)", (step(settings) for step in HERE), explain=explain, as_json=as_json)


def _tell(subject: str, steps: Iterable[Step], *, explain: bool, as_json: bool) -> int:
    return show_json(subject, steps) if as_json else show(subject, steps, explain=explain)
