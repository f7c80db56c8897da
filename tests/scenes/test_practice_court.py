"""PracticeCourt: exact, repeatable poses; photos and depth that agree with them; shipped data as it claims to be."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.geometry import quaternion
from posenet_lib.scenes import practice_court as scene
from posenet_lib.scenes.pose_list import pose_list_text
from posenet_lib.scenes.practice_court import lighting, walks
from posenet_lib.scenes.practice_court.buildings import NORTH
from posenet_lib.scenes.practice_court.camera import looking
from posenet_lib.scenes.practice_court.court import FURNISHINGS
from tests.support.places import COURT

TRAIN, TEST = scene.training_poses(), scene.test_poses()
NORTHWARDS = looking(90.0)


def _arrays(poses):
    return np.array([p.position_m for p in poses]), np.array([p.quaternion_wxyz for p in poses])


def test_counts_and_unique_names():
    """Counts and unique names."""
    assert (len(TRAIN), len(TEST)) == (480, 96)
    assert len({p.image_name for p in TRAIN + TEST}) == 576


def test_poses_are_deterministic_and_rounded_as_written():
    """Poses are deterministic and rounded as written."""
    walks._all_poses.cache_clear()
    for old, new in zip(TRAIN + TEST, scene.training_poses() + scene.test_poses(), strict=True):
        assert old.image_name == new.image_name and old.light == new.light
        assert old.position_m.tobytes() == new.position_m.tobytes()
        assert old.quaternion_wxyz.tobytes() == new.quaternion_wxyz.tobytes()
        assert np.array_equal(np.round(old.position_m, 6), old.position_m)


def test_quaternions_are_unit_length_with_positive_w():
    """Quaternions are unit length with positive w."""
    q = _arrays(TRAIN + TEST)[1]
    assert np.abs(np.linalg.norm(q, axis=1) - 1).max() < 2e-6
    assert (q[:, 0] >= 0).all()


def test_looking_north_means_camera_axes_as_documented():
    """Looking north means camera axes as documented."""
    right, down, forward = quaternion.to_matrix(NORTHWARDS)
    np.testing.assert_allclose([right, down, forward], [[1, 0, 0], [0, 0, -1], [0, 1, 0]], atol=1e-12)


def test_walkers_keep_clear_of_furniture_and_clutter():
    """Walkers keep clear of furniture and clutter."""
    for walk in {p.image_name.split("/")[0] for p in TRAIN + TEST}:
        poses = [p for p in TRAIN + TEST if p.image_name.startswith(walk)]
        at = _arrays(poses)[0][:, :2]
        for label, _, x, y, _, radius, _ in FURNISHINGS:
            assert np.hypot(*(at - (x, y)).T).min() - radius > 0.75, (walk, label)
        for item in poses[0].light.clutter:
            assert np.hypot(*(at - (item.x, item.y)).T).min() > 1.5, (walk, item)


def test_test_walks_lie_inside_the_training_walks_but_are_no_copies():
    """Test walks lie inside the training walks but are no copies."""
    (train, train_q), (test, test_q) = _arrays(TRAIN), _arrays(TEST)
    assert (test.min(axis=0)[:2] > train.min(axis=0)[:2]).all() and (test.max(axis=0)[:2] < train.max(axis=0)[:2]).all()
    metres = np.linalg.norm(test[:, None] - train[None], axis=2)
    degrees = quaternion.angle_deg(test_q[:, None], train_q[None])
    nearest = (metres + degrees / 15).argmin(axis=1)
    rows = np.arange(len(test))
    assert 0.3 < np.median(metres[rows, nearest]) < 0.8
    assert 4 < np.median(degrees[rows, nearest]) < 12
    assert 3.5 < np.median(np.linalg.norm(test - train.mean(axis=0), axis=1)) < 4.5
    assert 28 < np.median(quaternion.angle_deg(test_q, quaternion.mean(train_q))) < 35


@pytest.mark.parametrize("yaw, pitch, roll", [(90, 0, 0), (70, 6, 3), (110, -5, -2)])
def test_depth_back_projects_onto_the_cafe_and_the_floor(yaw, pitch, roll):
    """Depth back projects onto the cafe and the floor."""
    position, q = np.array([6.5, -2.0, 1.6]), looking(yaw, pitch, roll)
    depth = scene.render_depth(position, q)
    assert depth.shape == (270, 480) and depth.dtype == np.float32
    row, column = np.mgrid[0:270, 0:480] + 0.5
    rays = np.stack([column, row, np.ones_like(row)], axis=-1) @ np.linalg.inv(scene.intrinsics()).T
    finite = np.isfinite(depth)
    points = position + (rays[finite] * depth[finite][:, None]) @ quaternion.to_matrix(q)
    on_front = (np.abs(points[:, 1] - NORTH) < 0.01) & (points[:, 0] > 3.3) & (points[:, 0] < 10.7)
    on_floor = np.abs(points[:, 2]) < 0.005
    assert on_front.sum() > 3000 and on_floor.sum() > 3000
    assert points[:, 2].min() > -0.1


def test_a_known_corner_lands_where_depth_jumps_and_the_photo_changes():
    """A known corner lands where depth jumps and the photo changes."""
    corner = np.array([-0.7, 6.3, 4.0])  # south-east edge of the clock tower
    position, q = np.array([-0.7, -3.0, 1.6]), NORTHWARDS
    column, row, w = scene.intrinsics() @ quaternion.to_matrix(q) @ (corner - position)
    column, row = column / w, int(row / w)
    depth = scene.render_depth(position, q)
    left, right = depth[row, int(column) - 3], depth[row, int(column) + 3]
    assert left == pytest.approx(9.3, abs=0.01) and right > 10
    photo = scene.render_photo(position, q, supersample=1).astype(int)
    step = np.abs(np.diff(photo[row - 8 : row + 8, int(column) - 6 : int(column) + 6].sum(axis=2), axis=1)).mean(axis=0)
    assert abs(int(column) - 6 + step.argmax() + 1 - column) <= 1.5


def test_the_sky_is_infinitely_far():
    """The sky is infinitely far."""
    depth = scene.render_depth((0, 0, 1.6), looking(90, 80))
    assert np.isinf(depth).all()


@pytest.mark.parametrize(
    "position",
    [(0, 0, 1.6), (7, 9, 2), (-2.2, 6.3, 1), (0, 0, -3), (0, 0, 0), (1, 0.6, 1), (500, -900, 60), (0, 0, 1e4)],
)
@pytest.mark.parametrize("q", [NORTHWARDS, looking(0, 89.9), looking(45, -90), (0.0, 1.0, 0.0, 0.0), (0.3, -2, 0.1, 5)])
def test_any_pose_gives_a_photo(position, q):
    """Any pose gives a photo."""
    photo = scene.render_photo(position, q, width=64, height=36, supersample=1)
    assert photo.shape == (36, 64, 3) and photo.dtype == np.uint8
    depth = scene.render_depth(position, q, width=64, height=36)
    assert not np.isnan(depth).any() and (depth > 0).all()


def test_photos_repeat_and_the_sign_of_the_quaternion_does_not_matter():
    """Photos repeat and the sign of the quaternion does not matter."""
    pose = TRAIN[100]
    first, again = (
        scene.render_photo(pose.position_m, sign * pose.quaternion_wxyz, width=96, height=54, light=pose.light)
        for sign in (1, -1)
    )
    assert np.array_equal(first, again)


def test_half_a_metre_changes_the_photo():
    """Half a metre changes the photo."""
    near, far = (scene.render_photo((x, -1.5, 1.6), NORTHWARDS, width=96, height=54).astype(int) for x in (-1.0, -0.5))
    assert np.abs(near - far).mean() > 8


@pytest.mark.parametrize("position", [(0, 0), (0, np.nan, 1), (np.inf, 0, 0)])
def test_a_position_that_is_no_point_is_refused(position):
    """A diverged prediction must not become a picture of nothing."""
    with pytest.raises(ValueError, match="three finite numbers"):
        scene.render_photo(position, NORTHWARDS, width=32, height=18)


def test_unknown_clutter_is_named():
    """Unknown clutter is named."""
    with pytest.raises(ValueError, match="elephant"):
        scene.render_depth((0, 0, 1), NORTHWARDS, light=scene.Light(clutter=(lighting.ClutterItem("elephant", 0, 0),)))


def test_a_few_photos_are_written_whole(tmp_path):
    """A few photos are written whole."""
    seen = []
    scene.render_scene(tmp_path, workers=1, limit=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
    assert sorted(p.name for p in tmp_path.rglob("*.*")) == [
        "camera-intrinsics.txt",
        "court.json",
        "dataset_test.txt",
        "dataset_train.txt",
        "frame00001.jpg",
        "frame00001.jpg",
    ]
    shipped, written = (np.asarray(Image.open(d / TRAIN[0].image_name)).astype(int) for d in (COURT, tmp_path))
    assert np.abs(shipped - written).mean() < 1.5  # another JPEG encoder may round differently


@pytest.mark.parametrize("name, poses", [("dataset_train.txt", TRAIN), ("dataset_test.txt", TEST)])
def test_shipped_lists_are_the_poses(name, poses):
    """Shipped lists are the poses."""
    rows = ((pose.image_name, pose.position_m, pose.quaternion_wxyz) for pose in poses)
    assert (COURT / name).read_text(encoding="ascii") == pose_list_text(rows, decimals=6)


def test_shipped_photos_are_complete_and_small():
    """Shipped photos are complete and small."""
    sizes = 0
    for pose in TRAIN + TEST:
        path = COURT / pose.image_name
        with Image.open(path) as photo:
            assert photo.size == (480, 270) and photo.mode == "RGB", path
        sizes += path.stat().st_size
    assert sizes <= 12e6
    assert len(list(COURT.rglob("*.jpg"))) == 576


def test_the_plan_names_the_landmarks():
    """The plan names the landmarks."""
    outlines = scene.landmark_outlines()
    assert {"museum", "clock tower", "fountain", "kiosk"} <= {o.label for o in outlines}
    assert all(o.corners_m.shape[1] == 2 and o.z_low_m <= o.z_high_m for o in outlines)
