"""What a soak counted and sampled, its verdict and its table. Pure."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

MEBIBYTE = 1024 * 1024

FLAT_MEMORY = 0.1
FLAT_DESCRIPTORS = 10
"""How much more the last quarter's median may be than the second's: a part of the memory, a number of descriptors."""


@dataclass(frozen=True)
class Sample:
    """What one process held at a moment, in seconds since the soak began."""

    at_s: float
    process: int
    resident: int
    descriptors: int


@dataclass
class Report:
    minutes: float
    rounds: int = 0
    acknowledged: int = 0
    resent: int = 0
    seen: int = 0
    kills: int = 0
    caught_up: int = 0
    findings: list[str] = field(default_factory=list)
    storms: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)

    def medians(self, quarter: int) -> tuple[float, float]:
        """Return the median memory and descriptors of a quarter, 1 to 4, of the process that lived last."""
        length_s = self.minutes * 60 / 4
        last = self.samples[-1].process
        inside = [one for one in self.samples if (quarter - 1) * length_s <= one.at_s < quarter * length_s and one.process == last]
        return median(one.resident for one in inside), median(one.descriptors for one in inside)

    def unsteady(self) -> list[str]:
        """Return in words what grew."""
        (memory, open_files), (memory_now, open_files_now) = self.medians(2), self.medians(4)
        grown = []
        if memory_now > memory * (1 + FLAT_MEMORY):
            grown.append(f"resident memory grew by more than {FLAT_MEMORY:.0%}")
        if open_files_now > open_files + FLAT_DESCRIPTORS:
            grown.append(f"more than {FLAT_DESCRIPTORS} descriptors were added")
        return grown

    def table(self) -> str:
        rows = [
            ("time", f"{self.minutes:g} min in {self.rounds} rounds"),
            ("messages", f"{self.acknowledged:,} acknowledged, {self.resent:,} sent more than once; {self.seen:,} entries seen"),
            ("network", _listed(self.faults)),
            ("kill -9", f"{self.kills}"),
            ("storms", _listed(self.storms)),
            ("slow readers", f"{self.caught_up:,} entries read after they had stopped reading"),
            ("resident memory", self._compared(0, lambda held: f"{held / MEBIBYTE:.1f} MiB")),
            ("descriptors", self._compared(1, lambda held: f"{held:.0f}")),
            ("checker", "clean" if not self.findings else f"{len(self.findings)} findings"),
            ("verdict", "; ".join([*["NOT CLEAN"] * bool(self.findings), *self.unsteady()]) or "clean and flat"),
        ]
        return "\n".join(f"{name:17}{words}" for name, words in rows)

    def _compared(self, which: int, words: Callable[[float], str]) -> str:
        held = ", ".join(words(self.medians(quarter)[which]) for quarter in (2, 3, 4))
        highest = max((one.resident, one.descriptors)[which] for one in self.samples)
        return f"medians of quarters 2, 3, 4: {held}; highest {words(highest)}"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items())) or "none"
