"""The table of King's College, and the student's own row."""

import re
import shutil

import numpy as np

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.workspace import runs_dir
from posenet_lib.experiment.published import kings_college_table
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, save_checkpoint
from posenet_lib.models.checkpoint_file import EGOMOTION, write_file
from posenet_lib.models.posenet import PoseNet


def test_the_table_of_kings_college_fills_itself(small_scene, tmp_path, monkeypatch):
    assert kings_college_table().splitlines()[-1].startswith("| **you** |  | train on King's College")
    shutil.copytree(small_scene, tmp_path / "datasets" / "KingsCollege")
    monkeypatch.setattr("posenet_lib.scenes.scene.datasets_dir", lambda: tmp_path / "datasets")
    config = TrainConfig(trunk="resnet18", head="poselstm")
    for name, scene in (("first", "KingsCollege"), ("later", "practice-court")):
        state = PoseNet.from_config(config).state_dict()
        mean = np.full((256, 455, 3), 99, np.float32)
        save_checkpoint(runs_dir() / name / BEST, Checkpoint(config, scene, PositionSpread(), mean, state))
    write_file(runs_dir() / "depth-from-stereo" / BEST, EGOMOTION, {}, {})  # of notebook 10, and newer
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
