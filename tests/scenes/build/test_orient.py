"""Which way is up, where the origin is, and how long a unit is."""

import numpy as np
import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.geometry.similarity import Similarity, moved_poses
from posenet_lib.scenes.build.orient import SIZE_UNITS, KnownLength, orient, place_by_positions, up_direction
from posenet_lib.scenes.practice_court.camera import looking


def a_walk(yaw_range_deg: float = 120.0, roll_deg: float = 1.5, count: int = 40) -> PoseArray:
    """Level cameras, pitched and slightly rolled, in a world whose +z is up."""
    rng = np.random.default_rng(3)
    yaws = rng.uniform(-yaw_range_deg / 2, yaw_range_deg / 2, count)
    q = [looking(yaw, rng.uniform(-15, 10), rng.normal(0, roll_deg)) for yaw in yaws]
    return PoseArray(rng.normal(0, [3, 3, 0.05], (count, 3)), np.array(q))


def a_turn() -> np.ndarray:
    return quaternion.to_matrix(quaternion.normalise([0.3, -0.5, 0.7, 0.4]))


def elsewhere(poses: PoseArray, scale: float = 0.37) -> PoseArray:
    """As structure from motion gives it: turned, scaled, moved."""
    return moved_poses(poses, Similarity(scale, a_turn(), np.array([4.0, -2.0, 9.0])))


def test_up_is_found_in_any_frame():
    up, how = up_direction(elsewhere(a_walk()))
    assert up @ a_turn()[:, 2] > np.cos(np.radians(1.5))
    assert "level x axes" in how


def test_a_camera_that_never_turns_is_said():
    up, how = up_direction(elsewhere(a_walk(yaw_range_deg=4)))
    assert up @ a_turn()[:, 2] > np.cos(np.radians(12)), "off by the mean pitch at most"
    assert "turned little" in how


def test_origin_axes_and_units():
    names = [f"w/{number:02d}.jpg" for number in range(40)]
    found = orient(names, elsewhere(a_walk()))
    moved = moved_poses(elsewhere(a_walk()), found.similarity)
    assert np.allclose(moved.position_m[0], 0, atol=1e-9)
    assert abs(quaternion.to_matrix(moved.quaternion_wxyz[0])[2, 0]) < 1e-9
    assert np.ptp(moved.position_m, axis=0).max() == pytest.approx(SIZE_UNITS)
    assert found.unit == "units"
    assert np.linalg.det(found.similarity.rotation) == pytest.approx(1)


def test_a_known_length_makes_metres():
    walk, names = a_walk(), [f"w/{number:02d}.jpg" for number in range(40)]
    length = float(np.linalg.norm(walk.position_m[3] - walk.position_m[20]))
    found = orient(names, elsewhere(walk), KnownLength.parse(["03.jpg", "w/20.jpg", str(length)]))
    assert found.unit == "m"
    moved = moved_poses(elsewhere(walk), found.similarity)
    steps = np.linalg.norm(np.diff(walk.position_m, axis=0), axis=1)
    assert np.allclose(np.linalg.norm(np.diff(moved.position_m, axis=0), axis=1), steps)


@pytest.mark.parametrize("words", [["a.jpg", "b.jpg", "far"], ["a.jpg", "b.jpg", "-1"], ["a.jpg", "a.jpg", "1"]])
def test_lengths_that_are_none(words):
    with pytest.raises(WorkbookError, match=r"--metres .* distance between their cameras"):
        KnownLength.parse(words)


def test_measured_positions_give_the_whole_frame(tmp_path):
    walk, names = a_walk(), [f"w/{number:02d}.jpg" for number in range(40)]
    rows = [f"{name} {' '.join(f'{value:.6f}' for value in walk.position_m[k])}" for k, name in enumerate(names[:5])]
    (tmp_path / "measured.txt").write_text("\n".join(rows))
    found = place_by_positions(names, elsewhere(walk), tmp_path / "measured.txt")
    assert found.unit == "m"
    moved = moved_poses(elsewhere(walk), found.similarity)
    assert np.allclose(moved.position_m, walk.position_m, atol=1e-4)
    (tmp_path / "measured.txt").write_text("\n".join(rows[:2]))
    with pytest.raises(WorkbookError, match="only 2 cameras are in both"):
        place_by_positions(names, walk, tmp_path / "measured.txt")


def test_a_photo_without_a_pose_is_named():
    with pytest.raises(WorkbookError, match=r"99\.jpg has no pose in the map"):
        orient([f"w/{n:02d}.jpg" for n in range(40)], a_walk(), KnownLength("03.jpg", "99.jpg", 1.0))
