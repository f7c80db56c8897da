"""`posenet experiment`: what a file asks for, what is skipped, what is written."""

import itertools
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import runs_dir
from posenet_lib.experiment.plan import parse_experiment, read_experiment
from posenet_lib.experiment.published import kings_college_table
from posenet_lib.experiment.table import ResultRow, markdown_table, read_results, results_csv, verdicts
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = Path(__file__).parent / "solutions"
FILE = """
scene = "{scene}"
test_time = ["centre"]
samples = 3

[settings]
epochs = 1
batch_size = 8
device = "cpu"
precision = "float32"
trunk = "resnet18"

[[runs]]

[[runs]]
name = "learned"
loss = "learned"
test_time = ["centre", "mc-dropout"]
"""


def row(name="a", seed=0, position=1.0, **more) -> ResultRow:
    values = {name: 0 for name in ("epochs", "parameters")}
    values |= {name: 0.5 for name in ("held_out_position_m", "held_out_rotation_deg", "rotation_deg")}
    values |= {"train_minutes": 2.0, "photos_per_s": 9.0, "predict_s": 3.0, "date": "2026-01-02", "machine": "a, b"}
    values |= {"sigma_rank_position": None, "sigma_rank_rotation": None, "test_time": "centre"}
    return ResultRow(name=name, seed=seed, position_m=position, **{**values, **more})


def test_lists_make_a_grid():
    runs = parse_experiment(
        {
            "seeds": [0, 1],
            "settings": {"max_minutes": 2},
            "runs": [{"trunk": ["googlenet-bn", "resnet18"], "head": ["posenet", "poselstm"]}, {"seeds": [5]}],
        }
    ).runs
    assert len(runs) == 2 * 2 * 2 + 1
    asked = itertools.product(("googlenet-bn", "resnet18"), ("posenet", "poselstm"), (0, 1))
    assert [(r.config.trunk, r.config.head, r.config.seed) for r in runs[:8]] == list(asked)
    assert runs[0].name == "trunk googlenet-bn, head posenet"
    assert (runs[8].name, runs[8].config.seed, runs[8].config.max_minutes) == ("as in [settings]", 5, 2.0)
    assert len({run.folder("") for run in runs}) == 9
    assert runs[0].folder("") != runs[0].folder("other answers")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"sedes": [1]}, "unknown 'sedes' at the top; known are scene, seeds"),
        ({"settings": {"learningrate": 1}}, r"unknown 'learningrate' in \[settings\]"),
        ({"runs": [{}, {"momentum": 0.9}]}, r"unknown 'momentum' in \[\[runs\]\] number 2"),
        ({"runs": [{"trunk": ["resnet18", "vgg"]}]}, "number 1: trunk is 'vgg'; choose one of googlenet"),
        ({"runs": [{"epochs": "three"}]}, "epochs is 'three'; it must be a whole number"),
        ({"runs": [{"batch_norm": 1}]}, "batch_norm is 1; it must be true or false"),
        ({"seeds": 3}, r"seeds is 3; give a list of whole numbers"),
        ({"seeds": [True]}, "seeds is"),
        ({"test_time": ["center"]}, "'center'; choose one of centre, dense"),
        ({"crops": 0}, "crops is 0"),
        ({"runs": {"trunk": "resnet18"}}, r"\[\[runs\]\] in double brackets"),
        ({"scene": 7}, "scene is 7"),
        ({"runs": [{}, {}]}, "same name and seed: 'as in"),
        ({"settings": {"epochs": "three"}}, r"^in \[settings\]: epochs is 'three'"),
        ({"settings": {"seed": 4}}, r"unknown 'seed' in \[settings\]; write `seeds = \[...\]` at the top"),
        ({"runs": [{"seed": 4}]}, r"unknown 'seed' in \[\[runs\]\] number 1; write .*known are name, seeds"),
        ({"runs": []}, "asks for no run"),
        ({"runs": [{"trunk": []}]}, "asks for no run"),
        ({"test_time": []}, r"test_time is \[\]; give at least one of centre, dense"),
        ({"test_time": ["dense", "dense"]}, "each once"),
    ],
)
def test_a_bad_file_is_named_before_the_first_run(data, words):
    with pytest.raises(WorkbookError, match=words):
        parse_experiment(data)


def test_no_toml_and_no_file(tmp_path, capsys):
    path = tmp_path / "x.toml"
    assert main(["experiment", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    path.write_text("seeds = [1,")
    assert main(["experiment", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "no valid TOML" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_it_runs_resumes_and_skips(small_scene, tmp_path, capsys):
    file, out = tmp_path / "experiment.toml", tmp_path / "out"
    file.write_text(FILE.format(scene=small_scene.as_posix()))
    command = ["experiment", str(file), "--out", str(out), "--answers", str(SOLUTIONS)]
    assert main(["experiment", str(file)]) == 2
    assert "give --out DIR" in capsys.readouterr().err
    assert main(["experiment", str(file), "--plan"]) == 0
    assert "2 runs on" in capsys.readouterr().out
    assert not out.exists()

    assert main(command) == 0
    rows = read_results(out / "table.csv")
    assert [(r.name, r.test_time) for r in rows] == [
        ("as in [settings]", "centre"),
        ("learned", "centre"),
        ("learned", "mc-dropout"),
    ]
    assert rows[0].parameters == rows[1].parameters > 11e6
    assert rows[1].sigma_rank_position is None
    assert -1 <= rows[2].sigma_rank_position <= 1
    assert "| learned | mc-dropout | 1 |" in (out / "table.md").read_text()
    assert {path.name for path in (out / "figures").iterdir()} == {"errors.png", "curves.png"}

    # As if it had been stopped between the training and the last evaluation of the second run.
    table = (out / "table.csv").read_text()
    times = {path: path.stat().st_mtime_ns for path in out.glob("runs/*/*.safetensors")}
    (lost,) = out.glob("runs/*-learned-*/evaluation-mc-dropout-3.json")
    lost.unlink()
    shutil.rmtree(out / "figures")
    assert main(command) == 0
    assert capsys.readouterr().out.count("trained already") == 2
    assert times == {path: path.stat().st_mtime_ns for path in out.glob("runs/*/*.safetensors")}
    again = read_results(out / "table.csv")
    assert [(r.position_m, r.rotation_deg, r.sigma_rank_position) for r in again] == [
        (r.position_m, r.rotation_deg, r.sigma_rank_position) for r in rows
    ], table

    # As if it had been stopped in the second training.
    (lost,) = out.glob("runs/*-learned-*/trained.json")
    lost.unlink()
    assert main(command) == 0
    said = capsys.readouterr().out
    assert said.count("trained already") == 1
    assert "run 2 of 2: learned, seed 0: goes on where it was stopped" in said


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
    with pytest.raises(WorkbookError, match=r"no run is named 'base'; the runs are \['b', 'baseline', 'c'\]"):
        verdicts(rows, "base")


# What is shipped for notebook 07


def test_the_shipped_results_are_of_the_shipped_plan():
    planned = read_experiment(ROOT / "data" / "variants" / "variants.toml").runs
    found = read_results(ROOT / "data" / "variants" / "results.csv")
    assert verdicts(found)
    assert all(row.date and row.machine for row in found)
    asked = {(run.name, run.config.seed, how.test_time) for run in planned for how in run.test_times}
    assert {(row.name, row.seed, row.test_time) for row in found} <= asked


def test_the_table_of_kings_college_fills_itself(small_scene, tmp_path, monkeypatch):
    assert kings_college_table().splitlines()[-1].startswith("| **you** |  | train on King's College")
    shutil.copytree(small_scene, tmp_path / "datasets" / "KingsCollege")
    monkeypatch.setattr("posenet_lib.scenes.datasets_dir", lambda: tmp_path / "datasets")
    config = TrainConfig(trunk="resnet18", head="poselstm")
    for name, scene in (("first", "KingsCollege"), ("later", "practice-court")):
        state = PoseNet.from_config(config).state_dict()
        mean = np.full((256, 455, 3), 99, np.float32)
        save_checkpoint(runs_dir() / name / BEST, Checkpoint(config, scene, PositionSpread(), mean, state))
    line = kings_college_table().splitlines()[-1]
    assert re.fullmatch(
        r"\| \*\*you\*\*, resnet18, poselstm \| \d+\.\d\d m / \d+\.\d\d deg \| your run `first` \|", line
    )
    times = [path.stat().st_mtime_ns for path in runs_dir().glob("*/evaluation-centre.json")]
    assert kings_college_table().splitlines()[-1] == line
    assert times == [path.stat().st_mtime_ns for path in runs_dir().glob("*/evaluation-centre.json")], "evaluated once"
    (runs_dir() / "first" / "evaluation-centre.json").unlink()
    for photo in (tmp_path / "datasets" / "KingsCollege").glob("*/*.jpg"):
        photo.unlink()
    assert re.fullmatch(
        r"\| \*\*you\*\* \|  \| first could not be evaluated: .*, line 4: photo .* does not exist \|",
        kings_college_table().splitlines()[-1],
    ), "one row, however many photos are lost"
