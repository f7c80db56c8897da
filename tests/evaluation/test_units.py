"""Where nobody knows a scene's scale, no output calls its units metres."""

import re
import shutil

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.motion_errors import motion_errors, no_motion
from posenet_lib.evaluation.errors import PoseErrors, summarise
from posenet_lib.evaluation.outside_predictions import score_predictions
from posenet_lib.evaluation.prediction_file import write_predictions
from posenet_lib.evaluation.scene_report import evaluate_scene
from posenet_lib.experiment.table import ResultRow, markdown_table
from posenet_lib.geometry.poses import PoseArray, PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, load_checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.plots import plot_prediction
from posenet_lib.scenes.scene import load_scene

METRES = re.compile(r"\d m\b|\(m\)|metres")


@pytest.fixture
def scene(small_scene, tmp_path):
    shutil.copytree(small_scene, tmp_path / "scene")
    (tmp_path / "scene" / "unit.txt").write_text("units\n")
    return load_scene(tmp_path / "scene")


def test_predictions_from_a_file(scene, tmp_path, capsys):
    names, true = [record.name for record in scene.test.records], scene.test.poses
    swapped = PoseArray(true.position_m, np.roll(true.quaternion_wxyz, -1, axis=1))
    write_predictions(tmp_path / "p.csv", names, swapped)
    scored = score_predictions(scene, tmp_path / "p.csv")
    assert scored.notes and " units" in str(scored) and not METRES.search(str(scored))
    assert main(["evaluate", "--scene", str(scene.folder), "--from", str(tmp_path / "p.csv"), "--json"]) == 0
    assert '"unit": "units"' in capsys.readouterr().out


def test_words_tables_and_figures(scene):
    assert "1.00 units" in summarise(PoseErrors(np.ones(3), np.ones(3))).in_words(scene.unit)
    motions = no_motion(3)
    assert "units" in motion_errors(motions, motions).in_words(scene.unit)
    row = ResultRow(
        name="a", seed=0, test_time="centre", position_m=1.0, rotation_deg=2.0, sigma_rank_position=None,
        sigma_rank_rotation=None, predict_s=1.0, parameters=1, epochs=1, train_minutes=1.0, photos_per_s=1.0,
        held_out_position_m=1.0, held_out_rotation_deg=1.0, date="2026-11-27", machine="",
    )  # fmt: skip
    assert "position (units)" in markdown_table([row], scene.unit)
    pose, photo = scene.test.poses.take([0]), np.zeros((8, 8, 3), np.uint8)
    assert not METRES.search(plot_prediction(photo, photo, "", pose, pose, "", scene.unit).get_supxlabel())


def test_a_network_that_answers_in_metres_is_not_measured_in_units(scene, tmp_path):
    config = TrainConfig(trunk="resnet18")
    state = PoseNet.from_config(config).state_dict()
    mean_image = np.full(scene.test.open_store(show_progress=False).image_shape, 99, np.float32)
    save_checkpoint(tmp_path / BEST, Checkpoint(config, "the same in metres", PositionSpread(), mean_image, state))
    with pytest.raises(WorkbookError, match="counts in units of its own, and the network answers in metres"):
        evaluate_scene(scene, load_checkpoint(tmp_path), show_progress=False)
