"""Predictions in another convention, unit or frame: the note names the reading that fits, with both medians."""

import numpy as np
import pytest

from posenet_lib.evaluation.outside_predictions import score_predictions
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.conventions import Reading
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.scene import load_scene
from tests.support.other_conventions import write_as


@pytest.fixture(scope="module")
def court():
    return load_scene(check_images=False)


@pytest.fixture(scope="module")
def good(court):
    """Right to about 0.2 m and 3 degrees."""
    rng = np.random.default_rng(0)
    true = court.test.poses
    turned = quaternion.normalise(true.quaternion_wxyz + rng.normal(0, 0.015, true.quaternion_wxyz.shape))
    return PoseArray(true.position_m + rng.normal(0, 0.1, true.position_m.shape), quaternion.canonical_sign(turned))


def notes(court, numbers, tmp_path, name="p.txt"):
    path = tmp_path / name
    rows = [" ".join([r.name, *map(repr, map(float, row))]) for r, row in zip(court.test.records, numbers, strict=True)]
    path.write_text("\n".join(rows) + "\n")
    result = score_predictions(court, path)
    return result.notes, result.summaries["predictions"]


def test_good_predictions_get_no_note(court, good, tmp_path):
    assert notes(court, write_as(good, Reading()), tmp_path)[0] == ()


def test_bad_predictions_in_the_right_convention_get_no_note(court, good, tmp_path):
    rng = np.random.default_rng(1)
    shuffled = write_as(good, Reading())[rng.permutation(len(good.position_m))]
    assert notes(court, shuffled, tmp_path)[0] == ()


@pytest.mark.parametrize(
    "steps", [("hloc",), ("t",), ("opengl",), ("xyzw",), ("c2w", "opengl"), ("xyzw", "t"), ("opk",), ("qfirst", "c2w")]
)
@pytest.mark.parametrize("scale", [1, 100])
def test_the_reading_that_fits_is_named(steps, scale, court, good, tmp_path):
    reading = Reading.of_steps(steps)
    numbers = write_as(good._replace(position_m=good.position_m * scale), reading)
    if reading.opk:
        numbers[:, 6] = 1e-9  # a file of seven columns
    (note,), as_read = notes(court, numbers, tmp_path)
    assert f"({' '.join(reading.steps)})" in note
    assert ("with positions in centimetres" in note) == (scale == 100)
    assert f"in place of {as_read.median_position_m:.2f} m and {as_read.median_rotation_deg:.1f} deg" in note
    assert "would have median errors of 0.1" in note
    assert "Nothing was changed" in note


@pytest.mark.parametrize("turn_deg", [0, 40])
@pytest.mark.parametrize("scale", [1, 0.2])
def test_another_frame_is_named(turn_deg, scale, court, good, tmp_path):
    turn = np.radians(turn_deg)
    world = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    moved = PoseArray(
        scale * good.position_m @ world.T + [10, -20, 3],
        quaternion.from_matrix(quaternion.to_matrix(good.quaternion_wxyz) @ world.T),
    )
    (note,), _ = notes(court, write_as(moved, Reading()), tmp_path)
    assert "in another world frame" in note
    assert (", scaled by" in note) == (scale != 1)


def test_map_coordinates_keep_their_precision(court, good, tmp_path):
    """In 32 bits, 5.78e6 has steps of half a metre."""
    from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list

    offset = np.array([551000.25, 5780000.125, 0])
    for split in (court.train, court.test):
        rows = [PoseRecord(r.name, r.image_path, r.position_m + offset, r.quaternion_wxyz) for r in split.records]
        write_pose_list(tmp_path / f"dataset_{split.label}.txt", rows)
    far = load_scene(tmp_path, check_images=False)
    assert far.offset_m.tolist() == [551000, 5780000, 0]
    np.testing.assert_allclose(far.train.poses.position_m - [0.25, 0.125, 0], court.train.poses.position_m, atol=1e-6)
    numbers = write_as(good._replace(position_m=good.position_m + offset), Reading())
    found, summary = notes(far, numbers, tmp_path, "far.txt")
    assert found == () and summary.median_position_m < 0.3
    (note,), _ = notes(far, write_as(good._replace(position_m=good.position_m + offset), Reading(t=True)), tmp_path)
    assert "(t)" in note
