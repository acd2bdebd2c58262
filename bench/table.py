"""What the runs mean: medians, ratios against the reference, targets met or missed, as Markdown tables."""

import statistics
from typing import Any

from servers import REFERENCE

Runs = dict[str, list[dict[str, Any]]]
Rows = list[list[str]]

TITLES = {
    "p1": "P1: one room, 1,000 readers, 200 B, 16 in flight",
    "p2": "P2: the same, 1 in flight",
    "p3": "P3: 1,000 rooms of 10, 100 of them at a time, 8 in flight in each",
    "p4": "P4: 10,000 idle sockets",
    "p5": "P5: 10,000 of 11,000 readers cut at once",
    "p6": "P6: 1,000 readers, 10 MB posted",
    "p7": "P7: a room of 1,000,000 messages, pages of 50, searches for 20",
    "p8": "P8: cold start on an empty database",
    "p13": "P13: an honest person's posts while one guest or stranger attacks, at default limits",
}


def medians(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Return the median of each number over the runs of one server."""
    return {name: statistics.median(run[name] for run in runs) for name, value in runs[0].items() if isinstance(value, int | float)}


def tables(workload: str, runs: Runs, skipped: dict[str, str]) -> str:
    """Return one workload's results: a table, the verdict on its target, and a line for each that was skipped."""
    found = {server: medians(of_server) for server, of_server in runs.items()}
    rows, verdict = _READINGS[workload](found)
    lines = [f"### {TITLES[workload]}", "", *_aligned(rows), "", *verdict, *(f"{name}: skipped, {why}." for name, why in skipped.items())]
    return "\n".join(lines) + "\n"


def _aligned(rows: Rows) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]
    return [lines[0], "| " + " | ".join("-" * width for width in widths) + " |", *lines[1:]]


def _verdict(words: str, met: bool) -> str:
    return f"{'met' if met else 'MISSED'}: {words}."


def _fanout(found: dict[str, dict[str, float]], *, least: float, slack_ms: float | None = None) -> tuple[Rows, list[str]]:
    reference = found.get(REFERENCE.title)
    rows = [["server", "deliveries/s", "of uWS", "CPU µs each", "of uWS", "p50 ms", "p99 ms", "server CPU", "generator CPU", "others"]]
    for server, numbers in sorted(found.items(), key=lambda item: -item[1]["deliveries_per_s"]):
        rows.append(
            [
                server,
                f"{numbers['deliveries_per_s']:,.0f}",
                _ratio(numbers, reference, "deliveries_per_s"),
                f"{numbers['server_us_per_delivery']:.2f}",
                _ratio(numbers, reference, "server_us_per_delivery"),
                f"{numbers['p50_ms']:.2f}",
                f"{numbers['p99_ms']:.2f}",
                f"{numbers['server_cpu']:.0%}",
                f"{numbers['generator_cpu']:.0%}",
                f"{max(0, numbers['others_cpu']):.0%}",
            ]
        )
    if reference is None:
        return rows, ["No verdict without the reference."]
    ours = found["Teahouse"]
    ratio = ours["deliveries_per_s"] / reference["deliveries_per_s"]
    verdict = [_verdict(f"{ratio:.2f} of uWS's deliveries per second, the target is {least:.2f}", ratio >= least)]
    if slack_ms is not None:
        later_ms = ours["p50_ms"] - reference["p50_ms"]
        verdict.append(
            _verdict(f"the last delivery {later_ms:+.2f} ms after uWS's, the target is {slack_ms:+.1f} ms", later_ms <= slack_ms)
        )
    return rows, verdict


def _ratio(numbers: dict[str, float], reference: dict[str, float] | None, name: str) -> str:
    return f"{numbers[name] / reference[name]:.2f}" if reference and reference[name] else "–"


def _p1(found: dict[str, dict[str, float]]) -> tuple[Rows, list[str]]:
    return _fanout(found, least=1.0)


def _p2(found: dict[str, dict[str, float]]) -> tuple[Rows, list[str]]:
    return _fanout(found, least=0.85, slack_ms=1.5)


def _p3(found: dict[str, dict[str, float]]) -> tuple[Rows, list[str]]:
    ours = found["Teahouse"]
    rows = [["durable posts/s", "deliveries/s", "p50 ms", "p99 ms", "server CPU", "others"]]
    rows.append(_numbers(ours, "posts_per_s:,.0f", "deliveries_per_s:,.0f", "p50_ms:.1f", "p99_ms:.1f", "server_cpu:.0%", "others_cpu:.0%"))
    return rows, [
        _verdict(f"{ours['posts_per_s']:,.0f} durable posts/s, the target is 10,000", ours["posts_per_s"] >= 10_000),
        _verdict(f"p99 from post to last delivery {ours['p99_ms']:.0f} ms, the target is 100 ms", ours["p99_ms"] <= 100),
    ]


def _p4(found: dict[str, dict[str, float]]) -> tuple[Rows, list[str]]:
    ours = found["Teahouse"]
    each_kib = (ours["rss_begin_kib"] - ours["rss_before_kib"]) / ours["clients"]
    rows = [["sockets", "KiB each", "server CPU"], [f"{ours['clients']:,.0f}", f"{each_kib:.1f}", f"{ours['server_cpu']:.2%}"]]
    return rows, [
        _verdict(f"{each_kib:.1f} KiB per socket, the target is 10", each_kib <= 10),
        _verdict(f"{ours['server_cpu']:.2%} of a core, the target is 1 %", ours["server_cpu"] <= 0.01),
    ]


def _p5(found: dict[str, dict[str, float]]) -> tuple[Rows, list[str]]:
    ours = found["Teahouse"]
    rows = [["caught up", "of", "s", "p99 ms meanwhile", "p99 ms before", "gaps or repeats"]]
    names = ("caught_up:,.0f", "cut:,.0f", "caught_up_s:.2f", "p99_ms:.0f", "calm_p99_ms:.0f", "disorder:.0f")
    rows.append(_numbers(ours, *names))
    whole = ours["caught_up"] == ours["cut"] and not ours["disorder"]
    return rows, [
        _verdict(f"all caught up in {ours['caught_up_s']:.1f} s, the target is 6 s", whole and ours["caught_up_s"] <= 6),
        _verdict(f"p99 to the others meanwhile {ours['p99_ms']:.0f} ms, the target is 500 ms", ours["p99_ms"] <= 500),
    ]


def _p6(found: dict[str, dict[str, float]]) -> tuple[Rows, list[str]]:
    (_, clean), (name, slow) = found.items()
    muted = int(name.split()[0])
    growth_kib = ((slow["rss_end_kib"] - slow["rss_begin_kib"]) - (clean["rss_end_kib"] - clean["rss_begin_kib"])) / muted
    # Each post reaches fewer readers when some do not read; posts per second compare what the others get.
    ratio = slow["posts_per_s"] / clean["posts_per_s"]
    rows = [["readers", "posts/s", "deliveries/s", "CPU µs each", "memory growth MiB", "others"]]
    for each, numbers in found.items():
        grown_mib = (numbers["rss_end_kib"] - numbers["rss_begin_kib"]) / 1024
        shown = _numbers(numbers, "posts_per_s:,.0f", "deliveries_per_s:,.0f", "server_us_per_delivery:.2f")
        rows.append([each, *shown, f"{grown_mib:.1f}", f"{max(0, numbers['others_cpu']):.0%}"])
    return rows, [
        _verdict(f"{ratio:.2f} of the posts per second without them, the target is 0.90", ratio >= 0.9),
        _verdict(f"{growth_kib:.0f} KiB more memory per slow reader, the target is 64 KiB", growth_kib <= 64),
    ]


def _p7(found: dict[str, dict[str, float]]) -> tuple[Rows, list[str]]:
    rows = [
        ["page or search", "p50 ms", "p99 ms"],
        *([name, *_numbers(numbers, "p50_ms:.2f", "p99_ms:.2f")] for name, numbers in found.items()),
    ]
    last, around = (found[f"{page}, in the process"]["p50_ms"] for page in ("last page", "page around"))
    slowest = max(numbers["p50_ms"] for name, numbers in found.items() if name.startswith("search"))
    return rows, [
        _verdict(f"the last page in {last:.1f} ms, the target is 5 ms", last <= 5),
        _verdict(f"a page around any message in {around:.1f} ms, the target is 10 ms", around <= 10),
        _verdict(f"the slowest kind of search in {slowest:.1f} ms, the target is 50 ms", slowest <= 50),
    ]


def _p8(found: dict[str, dict[str, float]]) -> tuple[Rows, list[str]]:
    ours = found["Teahouse"]
    mib = ours["rss_kib"] / 1024
    return [["s to accepting", "resident MiB"], [f"{ours['ready_s']:.2f}", f"{mib:.0f}"]], [
        _verdict(f"accepting after {ours['ready_s']:.2f} s, the target is 1.5 s", ours["ready_s"] <= 1.5),
        _verdict(f"{mib:.0f} MiB resident, the target is 90 MiB", mib <= 90),
    ]


def _p13(found: dict[str, dict[str, float]]) -> tuple[Rows, list[str]]:
    """One row per attack; the other checkout's numbers, where there are some, stand in front."""
    attacks = list(dict.fromkeys(name.partition("|")[0] for name in found))
    both = any(name.endswith("|before") for name in found)
    what = ["p50 ms", "p99 ms", "no answer", "memory MiB"]
    rows = [["attack", *([f"before: {each}" for each in what] if both else []), "calm p99 ms", *what, ""]]
    missed = 0
    for attack in attacks:
        cells = [attack]
        for when in ("before", "after") if both else ("after",):
            numbers = found[f"{attack}|{when}"]
            p99, grown = max(numbers["socket_p99_ms"], numbers["anew_p99_ms"]), numbers["highest_mib"] - numbers["rest_mib"]
            cells += [] if when == "before" else [f"{numbers['calm_p99_ms']:,.0f}"]
            cells += [f"{numbers['p50_ms']:,.0f}", f"{p99:,.0f}", f"{numbers['missing']:.0f} of {numbers['posts']:.0f}", f"{grown:+,.0f}"]
        met = p99 <= 250 and grown <= 64
        missed += not met
        rows.append([*cells, "met" if met else "MISSED"])
    return rows, [_verdict(f"{len(attacks) - missed} of {len(attacks)} attacks with p99 ≤ 250 ms and ≤ 64 MiB more memory", not missed)]


def _numbers(numbers: dict[str, float], *formats: str) -> list[str]:
    """Return `name:format` of each as text."""
    return [format(numbers[name], how) for name, _, how in (each.partition(":") for each in formats)]


_READINGS = {"p1": _p1, "p2": _p2, "p3": _p3, "p4": _p4, "p5": _p5, "p6": _p6, "p7": _p7, "p8": _p8, "p13": _p13}
