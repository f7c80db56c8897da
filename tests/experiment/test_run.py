"""`posenet experiment`: what a file asks for, what is skipped, what is written."""

import shutil

from posenet_lib.cli import main
from posenet_lib.experiment.table import read_results
from tests.support.places import ANSWERS

FILE = """
scene = "{scene}"
test_time = ["centre"]
samples = 3

[settings]
epochs = 1
image_size = 112
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


def test_it_runs_resumes_and_skips(small_scene, tmp_path, capsys):
    file, out = tmp_path / "experiment.toml", tmp_path / "out"
    file.write_text(FILE.format(scene=small_scene.as_posix()))
    command = ["experiment", str(file), "--out", str(out), "--answers", str(ANSWERS)]
    assert main(["experiment", str(file)]) == 2
    assert "give --out DIR" in capsys.readouterr().err
    assert main(["experiment", str(file), "--plan"]) == 0
    planned = capsys.readouterr().out
    assert "2 runs on" in planned and "square crops of 112 pixels" in planned
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


# What is shipped for notebook 07
