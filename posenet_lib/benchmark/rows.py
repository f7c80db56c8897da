"""One line of the benchmark's table, and how two ways of doing a thing are compared fairly."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """`handout` and `ours` in `unit`; the row is as good as wanted where `ratio` is at least `target`."""

    row: str
    handout: float | None
    ours: float | None
    unit: str
    ratio: float | None
    target: float | None
    note: str = ""

    def as_dict(self) -> dict:
        """For JSON: the numbers, without the note."""
        values = asdict(self)
        del values["note"]
        return values


def rate_row(row: str, handout: float, ours: float, unit: str, target: float | None = None, note: str = "") -> Row:
    """More is better: photos a second."""
    return Row(row, handout, ours, unit, ours / handout, target, note)


def cost_row(row: str, handout: float, ours: float, unit: str, target: float | None = None, note: str = "") -> Row:
    """Less is better: seconds, megabytes."""
    return Row(row, handout, ours, unit, handout / ours, target, note)


def alternate(
    *ways: Callable[[], object], repeats: int, warm_up: bool = True, before_each: int = 0, together: int = 1
) -> list[float]:
    """Median seconds of each way, run in turns, so that whatever else the machine does meets all of them alike.

    Args:
        before_each: how many of its own kind run, unmeasured, before each that is measured: a run's steps follow each
            other, and find caches and memory as their like left them.
        together: how many are then measured, one by one, before it is the next way's turn.
    """
    if warm_up:
        for way in ways:
            way()
    seconds: list[list[float]] = [[] for _ in ways]
    for _ in range(repeats):
        for way, taken in zip(ways, seconds, strict=True):
            for _ in range(before_each):
                way()
            for _ in range(together):
                began = time.perf_counter()
                way()
                taken.append(time.perf_counter() - began)
    return [statistics.median(taken) for taken in seconds]


def table(rows: Iterable[Row]) -> str:
    """For a terminal, with each row's note below it."""
    lines = [f"{'':52}{'handout':>10}{'ours':>10}  {'unit':14}{'ratio':>8}{'at least':>10}"]
    for row in rows:
        numbers = f"{_number(row.handout):>10}{_number(row.ours):>10}  {row.unit:14}"
        lines.append(f"{row.row:52}{numbers}{_number(row.ratio):>8}{_number(row.target):>10}")
        if row.note:
            lines.append(f"    {row.note}")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if value and abs(value) < 0.1:
        return f"{value:.3f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"
