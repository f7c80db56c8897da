"""What an experiment leaves in its folder: tables and figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from posenet_lib.core.files import write_text
from posenet_lib.experiment.figures import plot_results
from posenet_lib.experiment.table import ResultRow, markdown_table, results_csv
from posenet_lib.plots import plot_runs, save_figure
from posenet_lib.training.history import EpochRecord


def write_results(
    out: Path, rows: Sequence[ResultRow], histories: Mapping[str, Sequence[EpochRecord]], unit: str = "m"
) -> None:
    """`table.csv`, `table.md`, `figures/errors.png` and `figures/curves.png`. `unit`: of positions."""
    write_text(out / "table.csv", results_csv(rows))
    write_text(out / "table.md", markdown_table(rows, unit))
    curves = plot_runs(histories, unit=unit, log=True)  # a fresh network's answers are far off, and so is a bad variant
    for name, figure in (("errors", plot_results(rows, unit)), ("curves", curves)):
        save_figure(figure, out / "figures" / f"{name}.png")
