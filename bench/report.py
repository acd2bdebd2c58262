"""Writes what the last runs of bin/bench say: bench/results/summary.md for the README, and charts for P1 and P2.

`bin/bench` calls it at its end; it reads bench/results/p*.json and nothing else.
"""

import json
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from table import TITLES, medians, tables

RESULTS = Path(__file__).parent / "results"

WIDTH, LABEL, ROW, TOP = 760, 270, 30, 46
OURS, OTHERS, INK = "#b4532a", "#c9bfae", "#3b3026"


class Chart(NamedTuple):
    """One picture: what of a workload it shows, and whether more of it is better."""

    workload: str
    file: str
    measure: str
    words: str
    more_is_better: bool
    digits: int


CHARTS = (
    Chart("p1", "p1", "deliveries_per_s", "deliveries per second", True, 0),
    Chart("p1", "p1-cpu", "server_us_per_delivery", "the server's CPU, µs per delivery", False, 2),
    Chart("p2", "p2", "deliveries_per_s", "deliveries per second", True, 0),
    Chart("p2", "p2-latency", "p50_ms", "ms from sending to the last reader, median", False, 1),
)


def write_report() -> None:
    """Write the summary and the charts of every workload that was measured."""
    found = {name: json.loads(path.read_text()) for name in TITLES if (path := RESULTS / f"{name}.json").exists()}
    parts = [tables(name, words["runs"], words["skipped"]) for name, words in found.items()]
    (RESULTS / "summary.md").write_text("\n".join(parts))
    for each in CHARTS:
        if each.workload in found:
            (RESULTS / f"{each.file}.svg").write_text(chart(each, found[each.workload]["runs"]))


def chart(which: Chart, runs: dict[str, list[dict[str, Any]]]) -> str:
    """Return bars, the best first, as an SVG picture that needs no style sheet."""
    values = {server: medians(of_server)[which.measure] for server, of_server in runs.items()}
    rows = sorted(values.items(), key=lambda item: item[1], reverse=which.more_is_better)
    longest = max(values.values()) or 1
    bars = [
        _bar(place, server, f"{value:,.{which.digits}f}", (WIDTH - LABEL - 110) * value / longest)
        for place, (server, value) in enumerate(rows)
    ]
    title = f"{TITLES[which.workload]}: {which.words}"
    height = TOP + ROW * len(rows) + 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' font-family="system-ui, sans-serif" font-size="13" fill="{INK}">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="100%" height="100%" fill="#fffdf8"/>\n'
        f'<text x="12" y="26" font-size="15" font-weight="600">{escape(title)}</text>\n' + "".join(bars) + "</svg>\n"
    )


def _bar(place: int, server: str, value: str, length: float) -> str:
    y = TOP + ROW * place
    weight, colour = ("700", OURS) if server == "Teahouse" else ("400", OTHERS)
    return (
        f'<text x="{LABEL - 10}" y="{y + 16}" text-anchor="end" font-weight="{weight}">{escape(server)}</text>\n'
        f'<rect x="{LABEL}" y="{y + 2}" width="{max(length, 1):.1f}" height="20" rx="3" fill="{colour}"/>\n'
        f'<text x="{LABEL + max(length, 1) + 8:.1f}" y="{y + 16}" font-weight="{weight}">{value}</text>\n'
    )
