"""An experiment's results: one row a network and test time (CSV), one row a variant (Markdown), and figures."""

import csv
import io
import types
import typing
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median
from typing import NamedTuple

from posenet_lib.core.errors import WorkbookError

LOWER, WITHIN, HIGHER = "lower than with any seed", "within the spread of the seeds", "higher than with any seed"


@dataclass(frozen=True)
class ResultRow:
    """One trained network, asked in one way."""

    name: str
    seed: int
    test_time: str
    position_m: float  # median over the test photos
    rotation_deg: float
    held_out_position_m: float  # at the best epoch, on held-out training photos, centre crop
    held_out_rotation_deg: float
    epochs: int
    train_minutes: float
    photos_per_s: float  # in training
    predict_s: float  # for all test photos, reading them and the baselines included
    parameters: int
    sigma_rank_position: float | None  # Monte-Carlo dropout: rank correlation of sigma and error
    sigma_rank_rotation: float | None
    date: str  # of the training
    machine: str


def results_csv(rows: Sequence[ResultRow]) -> str:
    """All rows, as text; an empty cell where a value makes no sense."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [item.name for item in fields(ResultRow)], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: f"{v:.5g}" if isinstance(v, float) else v for key, v in asdict(row).items()})
    return text.getvalue()


def read_results(path: str | Path) -> list[ResultRow]:
    """The inverse of `results_csv`.

    Raises:
        WorkbookError: the file is missing, or no such table; it names the line.
    """
    path, kinds = Path(path), typing.get_type_hints(ResultRow)
    try:
        lines = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbookError(f"{path}: cannot be read as a table of results ({error})") from None
    rows = []
    for number, line in enumerate(lines, start=2):
        try:
            rows.append(ResultRow(**{key: _value(line[key], kind) for key, kind in kinds.items()}))
        except (KeyError, TypeError, ValueError) as error:
            raise WorkbookError(f"{path}, line {number}: no row of an experiment's table.csv ({error!r})") from None
    return rows


def by_variant(rows: Sequence[ResultRow]) -> dict[tuple[str, str], list[ResultRow]]:
    """Rows by (name, test time), in the order in which they first appear; the seeds are together."""
    groups: dict[tuple[str, str], list[ResultRow]] = {}
    for row in rows:
        groups.setdefault((row.name, row.test_time), []).append(row)
    return groups


def label(name: str, test_time: str) -> str:
    """A variant in one word; the usual test time is not said."""
    return name if test_time == "centre" else f"{name} [{test_time}]"


class Verdict(NamedTuple):
    """A variant's median over its seeds, beside the baseline's seeds."""

    change_percent: float  # against the baseline's median
    judgement: str  # LOWER, WITHIN or HIGHER

    def __str__(self) -> str:
        percent = round(self.change_percent)
        return f"{percent:+d} %, {self.judgement}" if percent else f"0 %, {self.judgement}"


def compare(rows: Sequence[ResultRow], baseline: str = "baseline") -> dict[str, dict[str, Verdict]]:
    """Each variant against the baseline's seeds, for position_m and rotation_deg.

    Raises:
        WorkbookError: no row has the baseline's name.
    """
    groups = by_variant(rows)
    if (baseline, "centre") not in groups:
        raise WorkbookError(f"no run is named {baseline!r}; the runs are {sorted({row.name for row in rows})}")
    base = groups.pop((baseline, "centre"))
    return {
        label(*key): {quantity: _verdict(base, group, quantity) for quantity in ("position_m", "rotation_deg")}
        for key, group in groups.items()
    }


def verdicts(rows: Sequence[ResultRow], baseline: str = "baseline") -> str:
    """`compare` as a Markdown table, and how often each judgement stands in it.

    A difference within the seeds' spread says nothing. Raises as `compare` does.
    """
    found = compare(rows, baseline)
    lines = ["| variant | position error | rotation error |", "|---|---|---|"]
    lines += [f"| {name} | {' | '.join(str(one) for one in both.values())} |" for name, both in found.items()]
    judgements = [one.judgement for both in found.values() for one in both.values()]
    counts = ", ".join(f"{judgements.count(word)} {word}" for word in (LOWER, WITHIN, HIGHER))
    return "\n".join(lines) + f"\n\nOf {len(judgements)} errors: {counts}.\n"


def _verdict(base: Sequence[ResultRow], group: Sequence[ResultRow], quantity: str) -> Verdict:
    seeds = [getattr(row, quantity) for row in base]
    value = median(getattr(row, quantity) for row in group)
    judgement = WITHIN if min(seeds) <= value <= max(seeds) else LOWER if value < min(seeds) else HIGHER
    return Verdict(100 * (value / median(seeds) - 1), judgement)


def markdown_table(rows: Sequence[ResultRow], unit: str = "m") -> str:
    """One line a variant: the median over its seeds and, with several, the range. `unit`: of positions."""
    lines = [
        f"| variant | test time | seeds | position ({unit}) | rotation (deg) | epochs | training (min) | testing (s) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (name, test_time), group in by_variant(rows).items():
        cells = [name, test_time, str(len(group))]
        cells += [_range([row.position_m for row in group], 2), _range([row.rotation_deg for row in group], 1)]
        for values, decimals in (
            ([row.epochs for row in group], 0),
            ([row.train_minutes for row in group], 1),
            ([row.predict_s for row in group], 0),
        ):
            cells.append(f"{median(values):.{decimals}f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _range(values: Sequence[float], decimals: int) -> str:
    middle = f"{median(values):.{decimals}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{decimals}f} to {max(values):.{decimals}f})"


def _value(text: str, kind: type) -> object:
    if isinstance(kind, types.UnionType):
        return None if text == "" else float(text)
    return kind(text)
