"""Photos as from beside: what they show, their poses, and that only training sees them."""

import re

import numpy as np
import pytest
import torch

from posenet_lib.cli import main
from posenet_lib.core.config import USUAL_MOVE, TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.nearby_views import NearbyViews, Views, view_from_beside
from posenet_lib.data.transforms import window_of
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.intrinsics import write_intrinsics
from posenet_lib.models.checkpoint import LAST, load_checkpoint
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.practice_court import intrinsics, render_photo
from posenet_lib.scenes.practice_court.photo import render_depth
from posenet_lib.scenes.scene import load_scene
from tests.support.training import train_command

SHAPE = 256, 455, 3
FOCAL_PX = 337.0


def turn_about_y(degrees: float) -> np.ndarray:
    half = np.radians(degrees) / 2
    return np.array([[np.cos(half), 0, np.sin(half), 0]])


def test_a_point_stands_where_the_new_pose_says():
    rng = np.random.default_rng(0)
    position_m, point_m = rng.normal(size=(2, 5, 3))
    q, turn = (quaternion.normalise(rng.normal(size=(5, 4))) for _ in range(2))
    move_m = rng.normal(size=(5, 3))
    moved_m, turned = Views(turn, move_m).poses(position_m, q)

    def in_camera(q, centre_m):
        return np.einsum("nij,nj->ni", quaternion.to_matrix(q), point_m - centre_m)

    expected = np.einsum("nij,nj->ni", quaternion.to_matrix(turn), in_camera(q, position_m) - move_m)
    np.testing.assert_allclose(in_camera(turned, moved_m), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("move_m", "turn_deg"),
    [((0.6, 0, 0), 0.0), ((0, 0, 0.6), 0.0), ((0, 0, -0.6), 5.0), ((-0.4, 0.05, 0.3), -8.0)],
    ids=["right", "ahead", "back and turned", "left, ahead, turned"],
)
def test_the_view_is_what_a_camera_there_would_take(move_m, turn_deg):
    record = load_scene().train.records[150]
    width, height = 228, 128
    views = Views(turn_about_y(turn_deg), np.array([move_m]))
    (centre_m,), (q,) = views.poses(record.position_m[None], record.quaternion_wxyz[None])

    def take(position_m, quaternion_wxyz):
        photo = render_photo(position_m, quaternion_wxyz, width=width, height=height)
        return torch.from_numpy(photo).float().movedim(-1, 0)[None]

    here, there = take(record.position_m, record.quaternion_wxyz), take(centre_m, q)
    depth_m = render_depth(record.position_m, record.quaternion_wxyz, width=width, height=height)
    depth_m = torch.from_numpy(np.where(np.isinf(depth_m), 500, depth_m))[None, None]
    seen, inside = view_from_beside(here, depth_m, views, intrinsics(width, height)[0, 0], (height, width))
    assert inside.float().mean() > 0.6

    def off(image):
        return float((image - there).abs().mean(dim=1, keepdim=True)[inside].median())

    assert off(seen) < 6, "grey levels of 255: the photos have noise, and edges are drawn out"
    assert off(seen) < 0.5 * off(here)


def test_what_the_camera_passed_by_is_not_seen():
    photos, depth_m = torch.rand(1, 3, 32, 48), torch.full((1, 1, 8, 12), 1.0)
    ahead = Views(turn_about_y(0.0), np.array([[0, 0, 1.5]]))
    _, inside = view_from_beside(photos, depth_m, ahead, 40.0, (24, 36))
    assert not inside.any()


def test_a_view_from_the_same_place_is_the_centre_crop():
    window = window_of(SHAPE, "wide")
    nearby = NearbyViews(np.full((1, 4, 4), 3.0), 0.0, SHAPE, FOCAL_PX, window)
    still = Views(turn_about_y(0.0), np.zeros((1, 3)))
    photo = torch.nn.functional.interpolate(torch.rand(1, 3, 16, 28) * 255, size=SHAPE[:2], mode="bicubic")
    photo = photo.clamp(0, 255).byte().movedim(1, -1)
    mean = torch.full(SHAPE, 90.0)
    seen = nearby.images(photo, mean, still, [0], 112)
    small = torch.nn.functional.interpolate(
        photo.movedim(-1, 1).float(), size=(128, 228), mode="bilinear", antialias=True
    )
    expected = (small[:, :, 8:120, 18:210] - 90) / 255 / 0.5 - 1
    torch.testing.assert_close(seen, expected, atol=1e-3, rtol=0)


def test_moves_follow_the_depth_and_turns_the_crops():
    window = window_of(SHAPE, "wide")
    depth_m = np.concatenate([np.full((500, 2, 2), 4.0), np.zeros((500, 2, 2))])
    views = NearbyViews(depth_m, 0.1, SHAPE, FOCAL_PX, window).draw(torch.Generator().manual_seed(0))
    distance = np.linalg.norm(views.move_m[:, [0, 2]], axis=1)
    assert 0.38 < distance[:500].max() <= 0.4 and np.abs(views.move_m[:500, 1]).max() <= 0.05
    assert (views.move_m[500:] == 0).all(), "a photo without depth is only turned"
    looks = quaternion.to_matrix(views.turn_wxyz)[:, 2]
    yaw_deg = np.degrees(np.arctan2(looks[:, 0], looks[:, 2]))
    assert 10.8 < np.abs(yaw_deg).max() < 11.5, "67.5 pixels at a focal length of 337"


@pytest.fixture
def with_camera(small_scene):
    """The scene with its camera matrix."""
    write_intrinsics(small_scene / INTRINSICS, intrinsics())
    yield load_scene(small_scene)
    (small_scene / INTRINSICS).unlink()


def test_each_epoch_shows_photos_from_elsewhere(with_camera):
    train = with_camera.train
    store = train.open_store(show_progress=False)
    mean, depth_m = np.full(store.image_shape, 90.0, np.float32), np.full((len(store), 4, 4), 5.0, np.float32)

    def data(augmentation, seed=0):
        return PoseDataset(
            store, train.records, mean, augmentation=augmentation, focal_px=FOCAL_PX, depth_m=depth_m, move=0.2,
            image_size=112, crop="wide", seed=seed,
        )  # fmt: skip

    first, again = data(Augmentation(0.1, 0.5)), data(Augmentation(0.1, 0.5))
    listed_m = first.position_m
    assert first[1].image.shape == (3, 112, 192)
    for left, right in zip(first[1], again[1], strict=True):
        torch.testing.assert_close(left, right)
    off_m = (first.shown_m - listed_m).norm(dim=1)
    assert off_m.min() > 0 and off_m.max() < 1.02
    before = first[1]
    first.start_epoch(1)
    assert not torch.equal(first[1].position_m, before.position_m)
    assert not torch.equal(first[1].image, before.image)
    batch = first.__getitems__([1, 0])
    torch.testing.assert_close(batch.image[0], first[1].image)
    torch.testing.assert_close(batch.position_m[1], first[0].position_m)
    first.start_epoch(2, progress=0.9)
    assert 0 < (first.shown_m - listed_m).norm(dim=1).max() < 0.11, "a run ends with views from the photos' own places"
    evaluated = data(None)
    assert evaluated.views is None and torch.equal(evaluated[1].position_m, listed_m[1])


def test_hidden_patches_are_as_large_as_in_crops(with_camera):
    train = with_camera.train
    store = train.open_store(show_progress=False)
    mean = np.full(store.image_shape, 90.0, np.float32)
    data = PoseDataset(
        store, train.records, mean, augmentation=Augmentation(0, 1.0), focal_px=FOCAL_PX,
        depth_m=np.full((len(store), 4, 4), 5.0), image_size=112, crop="wide",
    )  # fmt: skip
    rows, columns = data.changes[0].patch
    image = data[0].image
    hidden = image[:, rows.start // 2 + 1 : rows.stop // 2 - 1, columns.start // 2 + 1 : columns.stop // 2 - 1]
    assert (hidden == -1).all()


def test_runs_move_where_the_camera_is_known_and_pictures_are_chosen(with_camera, tmp_path, capsys):
    command = ["--trunk", "googlenet-bn", "--pretrained", "courts", "--epochs", "1", "--batch-size", "8"]
    out = tmp_path / "known"
    assert main(train_command(with_camera.folder, out, "--device", "cpu", *command)) == 0
    assert load_checkpoint(out, which=LAST).config.move == USUAL_MOVE
    said = capsys.readouterr()
    assert re.search(r"\d+ of \d+ photos (are|can be) shown as from beside", said.out + said.err)
    (with_camera.folder / INTRINSICS).rename(tmp_path / INTRINSICS)
    try:
        out = tmp_path / "unknown"
        assert main(train_command(with_camera.folder, out, "--device", "cpu", *command)) == 0
        assert load_checkpoint(out, which=LAST).config.move == 0
    finally:
        (tmp_path / INTRINSICS).rename(with_camera.folder / INTRINSICS)


def test_without_a_focal_length_the_error_says_what_to_give(small_scene, tmp_path, capsys):
    assert main(train_command(small_scene, tmp_path / "run", "--epochs", "1", "--move", "0.1")) != 0
    said = capsys.readouterr().err
    assert "move is 0.1" in said and str(small_scene) in said and INTRINSICS in said
    assert not (tmp_path / "run").exists()


def test_moving_turns_too():
    with pytest.raises(WorkbookError, match="turn_crops is off"):
        TrainConfig(move=0.1, turn_crops="off")


@pytest.mark.parametrize("unit", [1e-3, 1e3], ids=["km", "mm"])
def test_the_unit_of_a_scene_does_not_matter(unit):
    window = window_of(SHAPE, "wide")
    rng = np.random.default_rng(0)
    depth = rng.uniform(2, 9, (2, 16, 28)).astype(np.float32)
    photos, mean = torch.randint(0, 256, (2, *SHAPE), dtype=torch.uint8), torch.full(SHAPE, 90.0)

    def seen(unit):
        nearby = NearbyViews(depth * np.float32(unit), 0.2, SHAPE, FOCAL_PX, window)
        views = nearby.draw(torch.Generator().manual_seed(1))
        return nearby.images(photos, mean, views, [1, 0], 112), views.move_m / unit

    for ours, metres in zip(seen(unit), seen(1.0), strict=True):
        torch.testing.assert_close(torch.as_tensor(ours), torch.as_tensor(metres), atol=0.05, rtol=1e-4)
