"""Writes what the last runs of bin/bench say: bench/results/summary.md for the README, and a chart for P1 and P2.

`bin/bench` calls it at its end; it reads bench/results/p*.json and nothing else.
"""

import json
from html import escape
from pathlib import Path
from typing import Any

from table import TITLES, medians, tables

RESULTS = Path(__file__).parent / "results"
CHARTED = ("p1", "p2")

WIDTH, LABEL, ROW, TOP = 760, 270, 30, 46
OURS, OTHERS, INK = "#b4532a", "#c9bfae", "#3b3026"


def write_report() -> None:
    """Write the summary and the charts of every workload that was measured."""
    found = {name: json.loads(path.read_text()) for name in TITLES if (path := RESULTS / f"{name}.json").exists()}
    parts = [tables(name, words["runs"], words["skipped"]) for name, words in found.items()]
    (RESULTS / "summary.md").write_text("\n".join(parts))
    for name in CHARTED:
        if name in found:
            (RESULTS / f"{name}.svg").write_text(chart(TITLES[name], found[name]["runs"]))


def chart(title: str, runs: dict[str, list[dict[str, Any]]]) -> str:
    """Return bars of deliveries per second, the longest first, as an SVG picture that needs no style sheet."""
    rates = {server: medians(of_server)["deliveries_per_s"] for server, of_server in runs.items()}
    rows = sorted(rates.items(), key=lambda item: -item[1])
    longest = rows[0][1]
    bars = [_bar(place, server, rate, (WIDTH - LABEL - 110) * rate / longest) for place, (server, rate) in enumerate(rows)]
    height = TOP + ROW * len(rows) + 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' font-family="system-ui, sans-serif" font-size="13" fill="{INK}">\n'
        f"<title>{escape(title)}: deliveries per second</title>\n"
        f'<rect width="100%" height="100%" fill="#fffdf8"/>\n'
        f'<text x="12" y="26" font-size="15" font-weight="600">{escape(title)}: deliveries per second</text>\n' + "".join(bars) + "</svg>\n"
    )


def _bar(place: int, server: str, rate: float, length: float) -> str:
    y = TOP + ROW * place
    weight, colour = ("700", OURS) if server == "Teahouse" else ("400", OTHERS)
    return (
        f'<text x="{LABEL - 10}" y="{y + 16}" text-anchor="end" font-weight="{weight}">{escape(server)}</text>\n'
        f'<rect x="{LABEL}" y="{y + 2}" width="{max(length, 1):.1f}" height="20" rx="3" fill="{colour}"/>\n'
        f'<text x="{LABEL + max(length, 1) + 8:.1f}" y="{y + 16}" font-weight="{weight}">{rate:,.0f}</text>\n'
    )
