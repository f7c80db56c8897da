"""The benchmark's table: its lines, and what they say about the workbook's claims."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Row:
    """`handout` and `ours` in `unit`; the row is as good as claimed where `ratio` is at least `target`."""

    row: str
    handout: float | None
    ours: float | None
    unit: str
    ratio: float | None  # how many times better ours is
    target: float | None
    note: str = ""

    def as_dict(self) -> dict:
        """For JSON: the numbers, without the note."""
        values = asdict(self)
        del values["note"]
        return values


class Task(NamedTuple):
    """Something to measure, for one row or several."""

    title: str
    measure: Callable[[], Iterable[Row]]


def rate_row(row: str, handout: float, ours: float, unit: str, target: float | None = None, note: str = "") -> Row:
    """More is better: photos a second."""
    return Row(row, handout, ours, unit, ours / handout, target, note)


def cost_row(row: str, handout: float, ours: float, unit: str, target: float | None = None, note: str = "") -> Row:
    """Less is better: seconds, megabytes."""
    return Row(row, handout, ours, unit, handout / ours, target, note)


def table(rows: Iterable[Row]) -> str:
    """For a terminal, with each row's note below it."""
    lines = [f"{'':52}{'handout':>10}{'ours':>10}  {'unit':14}{'ratio':>8}{'at least':>10}"]
    for row in rows:
        numbers = f"{_number(row.handout):>10}{_number(row.ours):>10}  {row.unit:14}"
        lines.append(f"{row.row:52}{numbers}{_number(row.ratio):>8}{_number(row.target):>10}")
        if row.note:
            lines.append(f"    {row.note}")
    return "\n".join(lines)


def verdict(rows: Sequence[Row]) -> str:
    """Which of the claims hold on this machine, in one or two sentences: a claim is a row's "at least"."""
    claims = [row for row in rows if row.target is not None]
    if not claims:
        return "No row that was measured has a claim (a number under 'at least')."
    missed = [_shortfall(row) for row in claims if row.ratio < row.target]
    held = f"{len(claims) - len(missed)} of {len(claims)} claims (the numbers under 'at least') hold on this machine"
    if missed:
        return f"{held}. Missed: {'; '.join(missed)}."
    closest = min(claims, key=lambda row: row.ratio / row.target)
    return f"{held}. The closest is {closest.row}: {_number(closest.ratio)} where {_number(closest.target)} is claimed."


def _shortfall(row: Row) -> str:
    less = 100 * (1 - row.ratio / row.target)
    return f"{row.row}: {_number(row.ratio)} in place of {_number(row.target)} ({less:.0f} % less)"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if value and abs(value) < 0.1:
        return f"{value:.3f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"
