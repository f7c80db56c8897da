"""An experiment's results as tables."""

import dataclasses

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.experiment.plan import read_experiment
from posenet_lib.experiment.table import ResultRow, markdown_table, read_results, results_csv, verdicts
from tests.support.places import ROOT


def row(name="a", seed=0, position=1.0, **more) -> ResultRow:
    values = {name: 0 for name in ("epochs", "parameters")}
    values |= {name: 0.5 for name in ("held_out_position_m", "held_out_rotation_deg", "rotation_deg")}
    values |= {"train_minutes": 2.0, "photos_per_s": 9.0, "predict_s": 3.0, "date": "2026-01-02", "machine": "a, b"}
    values |= {"sigma_rank_position": None, "sigma_rank_rotation": None, "test_time": "centre"}
    return ResultRow(name=name, seed=seed, position_m=position, **{**values, **more})


def test_results_survive_the_file(tmp_path):
    rows = [row(), row("b, c", seed=3, test_time="mc-dropout", sigma_rank_position=0.25, sigma_rank_rotation=-0.5)]
    path = tmp_path / "t.csv"
    path.write_text(results_csv(rows))
    assert read_results(path) == rows
    path.write_text(path.read_text().replace(",9,", ",nine,", 1))
    with pytest.raises(WorkbookError, match="line 2"):
        read_results(path)


def test_the_table_gives_the_median_and_range_over_seeds():
    table = markdown_table([row(seed=seed, position=position) for seed, position in enumerate((0.5, 0.9, 0.7))])
    assert "| a | centre | 3 | 0.70 (0.50 to 0.90) |" in table


def test_a_difference_within_the_spread_of_the_seeds_says_nothing():
    rows = [row("baseline", seed, position) for seed, position in enumerate((1.0, 1.2, 1.1))]
    rows += [row("b", position=1.15), row("c", position=0.55), row("c", position=2.2, test_time="dense")]
    lines = verdicts(rows).splitlines()[2:]
    assert lines[0].startswith("| b | +5 %, within the spread of the seeds |")
    assert lines[1].startswith("| c | -50 %, lower than with any seed |")
    assert lines[2].startswith("| c [dense] | +100 %, higher than with any seed |")
    assert "Of 6 errors: 1 lower than with any seed, 4 within the spread of the seeds, 1 higher" in verdicts(rows)
    assert "| 0 %, within" in lines[0], "no '-0 %'"
    with pytest.raises(WorkbookError, match=r"no run is named 'base'; the runs are \['b', 'baseline', 'c'\]"):
        verdicts(rows, "base")


def test_the_shipped_results_are_of_the_shipped_plan():
    planned = read_experiment(ROOT / "data" / "variants" / "variants.toml").runs
    found = read_results(ROOT / "data" / "variants" / "results.csv")
    assert verdicts(found)
    assert all(row.date and row.machine for row in found)
    asked = {(run.name, run.config.seed, how.test_time) for run in planned for how in run.test_times}
    assert {(row.name, row.seed, row.test_time) for row in found} <= asked


def test_the_auxiliary_heads_experiment_changes_nothing_else():
    planned = read_experiment(ROOT / "data" / "variants" / "auxiliary_heads.toml").runs
    groups = {name: [run.config for run in planned if run.name == name] for name in ("with auxiliary heads", "without")}
    assert [[config.seed for config in group] for group in groups.values()] == [[0, 1, 2]] * 2
    for with_heads, without in zip(*groups.values(), strict=True):
        assert (with_heads.aux_weight, without.aux_weight) == (0.3, 0)
        assert dataclasses.replace(with_heads, aux_weight=0) == without
