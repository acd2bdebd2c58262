"""A soak's verdict: what grows is told, and what a process that is gone held does not count."""

from tests.faults.soak_report import MEBIBYTE, Report, Sample

MINUTES = 4


def report(resident: list[float], descriptors: list[int], killed_before: int = 1) -> Report:
    """One sample a second, steady within each quarter; the process is another one after quarter `killed_before`."""
    samples = [
        Sample(second, int(second >= killed_before * 60), int(resident[second // 60] * MEBIBYTE), descriptors[second // 60])
        for second in range(MINUTES * 60)
    ]
    return Report(MINUTES, samples=samples)


def test_a_soak_that_holds_its_memory_and_descriptors_is_flat() -> None:
    steady = report([300, 100, 101, 102], [40, 40, 44, 41])
    assert steady.unsteady() == []
    assert "clean and flat" in steady.table()


def test_memory_that_grows_is_told() -> None:
    assert "resident memory grew" in report([100, 100, 110, 120], [40] * 4).table()


def test_descriptors_that_are_not_given_back_are_told() -> None:
    assert "descriptors were added" in report([100] * 4, [40, 40, 60, 80]).table()


def test_a_finding_of_the_checker_is_never_clean() -> None:
    unclean = report([100] * 4, [40] * 4)
    unclean.findings.append("Aiko: lost the acknowledged message m1")
    assert "NOT CLEAN" in unclean.table()


def test_what_an_earlier_process_held_does_not_count() -> None:
    assert report([500, 100, 100, 100], [900, 40, 40, 40]).medians(2) == (100 * MEBIBYTE, 40)
