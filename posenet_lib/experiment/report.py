"""What an experiment leaves in its folder: tables and figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from posenet_lib.core.files import write_text
from posenet_lib.experiment.figures import plot_results, plot_runs
from posenet_lib.experiment.table import ResultRow, markdown_table, results_csv
from posenet_lib.plots import save_figure
from posenet_lib.training.history import EpochRecord


def write_results(out: Path, rows: Sequence[ResultRow], histories: Mapping[str, Sequence[EpochRecord]]) -> None:
    """`table.csv`, `table.md`, `figures/errors.png` and `figures/curves.png`."""
    write_text(out / "table.csv", results_csv(rows))
    write_text(out / "table.md", markdown_table(rows))
    for name, figure in (("errors", plot_results(rows)), ("curves", plot_runs(histories))):
        save_figure(figure, out / "figures" / f"{name}.png")
