"""Poses that are moved until photos agree with training photos: right from decimetres away, untouched from too far."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from posenet_lib.cli import main
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.evaluation.photo_alignment import KnownPhotos, align_poses, known_photos
from posenet_lib.evaluation.prediction import Prediction
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray, PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.focal_length import resized_focal_px
from posenet_lib.scenes.pose_list import PoseRecord, read_pose_list, write_pose_list
from posenet_lib.scenes.practice_court.photo import render_depth
from posenet_lib.scenes.scene import load_scene
from tests.support.places import COURT

COUNT = 40  # photos of one walk
OFFSET = np.array([551000.0, 5780000.0, 0])


def off(poses: PoseArray, position_m: float, rotation_deg: float) -> PoseArray:
    """As a network may be: so far away, in directions drawn by chance."""
    rng = np.random.default_rng(0)
    shift, axis = rng.normal(size=(2, len(poses.position_m), 3))
    half = np.radians(rotation_deg) / 2
    turn = np.concatenate(
        [np.full((len(axis), 1), np.cos(half)), np.sin(half) * axis / np.linalg.norm(axis, axis=1, keepdims=True)], 1
    )
    shift[:, 2] = 0
    moved_m = poses.position_m + position_m * shift / np.linalg.norm(shift, axis=1, keepdims=True)
    return PoseArray(moved_m, quaternion.canonical_sign(quaternion.multiply(turn, poses.quaternion_wxyz)))


@pytest.fixture(scope="module")
def walk():
    """Every fifth photo of a walk, to be aligned: the photos and their poses; and what is known of the others."""
    scene = load_scene()
    store, poses = scene.train.open_store(show_progress=False), scene.train.poses
    asked, others = np.arange(2, COUNT, 5), np.array([i for i in range(COUNT) if i % 5 != 2])
    depth_m = np.stack(
        [render_depth(poses.position_m[i], poses.quaternion_wxyz[i], width=114, height=64) for i in others]
    )
    depth_m = np.where(np.isfinite(depth_m), depth_m, 1000.0).astype(np.float32)  # the sky
    known = KnownPhotos(store.subset(others), poses.take(others), depth_m, resized_focal_px(scene))
    return [store[i] for i in asked], poses.take(asked), known


def test_from_decimetres_to_centimetres(walk):
    photos, true, known = walk
    aligned = align_poses(off(true, 0.4, 4.0), photos, known)
    errors = pose_errors(aligned.poses, true)
    assert aligned.agrees.mean() > 0.8
    assert np.median(errors.position_m) < 0.03 and np.median(errors.rotation_deg) < 0.3
    assert errors.position_m[aligned.agrees].max() < 0.2
    assert (aligned.poses.quaternion_wxyz[:, 0] >= 0).all()


@pytest.mark.parametrize("unit", [0.001, 1000.0])
def test_any_unit_and_any_origin(walk, unit):
    photos, true, known = walk
    photos, true = photos[:2], true.take(slice(2))
    here = align_poses(off(true, 0.4, 4.0), photos, known)

    def there(poses):
        return PoseArray((poses.position_m + OFFSET) * unit, poses.quaternion_wxyz)

    others = replace(known, poses=there(known.poses), depth_m=known.depth_m * np.float32(unit))
    found = align_poses(there(off(true, 0.4, 4.0)), photos, others)
    assert found.agrees.tolist() == here.agrees.tolist() and here.agrees.all()
    np.testing.assert_allclose(found.poses.position_m / unit - OFFSET, here.poses.position_m, atol=2e-3)


def zoomed(photo: np.ndarray, zoom: float) -> np.ndarray:
    """Its middle, as large as the whole."""
    height, width = photo.shape[:2]
    x, y = (width - width / zoom) / 2, (height - height / zoom) / 2
    middle = Image.fromarray(photo).resize((width, height), Image.Resampling.BICUBIC, (x, y, width - x, height - y))
    return np.asarray(middle)


def test_a_zoomed_photo_is_found_where_it_was_taken(walk):
    photos, true, known = walk
    guesses, larger = off(true, 0.3, 3.0), [zoomed(photo, 1.15) for photo in photos]
    one_camera = align_poses(guesses, larger, known)
    any_camera = align_poses(guesses, larger, known, any_camera=True)
    assert np.median(pose_errors(one_camera.poses, true).position_m) > 0.3, "as if taken further ahead"
    assert (one_camera.zoom == 1).all()
    assert any_camera.agrees.mean() > 0.8
    assert np.median(pose_errors(any_camera.poses, true).position_m) < 0.1
    np.testing.assert_allclose(np.median(any_camera.zoom[any_camera.agrees]), 1.15, atol=0.01)


def test_so_is_one_that_shows_more_than_the_scenes_camera(walk):
    """The known photos are the zoomed ones here."""
    photos, true, known = walk
    larger = np.stack([zoomed(known.photos[i], 1.15) for i in range(len(known.photos))])
    height, width = known.depth_m.shape[1:]
    rows, columns = (((np.arange(n) + 0.5 - n / 2) / 1.15 + n / 2).astype(int) for n in (height, width))
    depth_m = known.depth_m[:, rows[:, None], columns]
    others = replace(known, photos=larger, depth_m=depth_m, focal_px=1.15 * known.focal_px)
    found = align_poses(off(true, 0.3, 3.0), photos, others, any_camera=True)
    assert found.agrees.mean() > 0.6
    assert np.median(pose_errors(found.poses, true).position_m[found.agrees]) < 0.1
    np.testing.assert_allclose(np.median(found.zoom[found.agrees]), 1 / 1.15, atol=0.01)


def test_any_camera_may_be_the_scenes_own(walk):
    photos, true, known = walk
    found = align_poses(off(true, 0.4, 4.0), photos, known, any_camera=True)
    errors = pose_errors(found.poses, true)
    assert found.agrees.mean() > 0.8 and np.median(errors.position_m) < 0.03
    np.testing.assert_allclose(found.zoom, 1, atol=0.025)


def test_what_agrees_with_nothing_keeps_its_guess(walk):
    photos, true, known = walk
    back = quaternion.multiply(np.array([0.0, 0, 1, 0]), true.quaternion_wxyz)  # looks the other way
    noise = np.random.default_rng(0).integers(0, 256, photos[0].shape, dtype=np.uint8)
    for guesses, wrong in (
        (PoseArray(true.position_m, quaternion.canonical_sign(back)), photos),
        (true._replace(position_m=true.position_m + 500.0), photos),
        (true, [noise] * len(photos)),
        (true, [np.full_like(noise, 128)] * len(photos)),
    ):
        aligned = align_poses(guesses, wrong, known)
        assert not aligned.agrees.any()
        np.testing.assert_array_equal(aligned.poses.position_m, guesses.position_m)
        np.testing.assert_array_equal(aligned.poses.quaternion_wxyz, guesses.quaternion_wxyz)
        assert (
            str(aligned) == "Aligned: 0 of 8 photos agree with training photos around them; the others keep the "
            "network's poses."
        )


def test_other_light_changes_little(walk):
    photos, true, known = walk
    dark = [np.clip(photo * 0.5 + 20, 0, 255).astype(np.uint8) for photo in photos]
    aligned = align_poses(off(true, 0.3, 3.0), dark, known)
    assert np.median(pose_errors(aligned.poses, true).position_m[aligned.agrees]) < 0.03 and aligned.agrees.mean() > 0.8


def test_two_known_photos_with_a_depth_are_enough(walk):
    photos, true, known = walk
    depth_m = np.zeros_like(known.depth_m)
    depth_m[[8, 9]] = known.depth_m[[8, 9]]  # those beside the third photo
    aligned = align_poses(off(true, 0.2, 2.0), photos, replace(known, depth_m=depth_m))
    assert aligned.agrees[2]
    assert pose_errors(aligned.poses, true).position_m[2] < 0.1


def test_points_without_a_depth_do_not_count(walk):
    photos, true, known = walk
    depth_m = known.depth_m.copy()
    depth_m[:, :32] = 0
    aligned = align_poses(off(true, 0.2, 2.0), photos, replace(known, depth_m=depth_m))
    errors = pose_errors(aligned.poses, true)
    assert aligned.agrees.mean() > 0.6 and errors.position_m[aligned.agrees].max() < 0.2


def test_a_photo_ends_where_it_ends_alone(walk):
    photos, true, known = walk
    guesses = off(true, 0.4, 4.0)
    together = align_poses(guesses, photos, known)
    for index in (0, 5):
        alone = align_poses(guesses.take([index]), photos[index : index + 1], known)
        np.testing.assert_allclose(alone.poses.position_m[0], together.poses.position_m[index], atol=2e-4)


@pytest.fixture(params=[0 * OFFSET, OFFSET], ids=["local", "map coordinates"])
def scene_folder(request, tmp_path):
    """A walk as a scene: every fifth photo of it is a test photo."""
    records = [r for r in read_pose_list(COURT / "dataset_train.txt") if r.name.startswith("walk10/")]
    folder = tmp_path / "walk"
    for record in records:
        (folder / record.name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(record.image_path, folder / record.name)
    rows = [PoseRecord(r.name, r.image_path, r.position_m + request.param, r.quaternion_wxyz) for r in records]
    write_pose_list(folder / "dataset_test.txt", rows[2::5])
    write_pose_list(folder / "dataset_train.txt", [row for i, row in enumerate(rows) if i % 5 != 2])
    shutil.copyfile(COURT / "camera-intrinsics.txt", folder / "camera-intrinsics.txt")
    return folder


def save_network(folder) -> str:
    """One that was never trained."""
    config = TrainConfig(trunk="resnet18")
    state = PoseNet.from_config(config, PositionSpread()).state_dict()
    checkpoint = Checkpoint(config, "walk", PositionSpread(), np.full((256, 455, 3), 90, "f4"), state)
    folder.mkdir()
    save_checkpoint(folder / BEST, checkpoint)
    return str(folder)


def test_the_commands(scene_folder, tmp_path, monkeypatch, capsys):
    """With answers that are off by 0.3 m and 3 degrees in place of a network's."""
    scene, run = load_scene(scene_folder), save_network(tmp_path / "run")
    true = scene.test.poses

    def answers(config, model, dataset, **_):
        return Prediction(off(true, 0.3, 3.0))

    monkeypatch.setattr("posenet_lib.evaluation.scene_report.predict_as", answers)
    monkeypatch.setattr("posenet_lib.evaluation.scene_report.moved", lambda prediction, by_m: prediction)
    evaluate = ["evaluate", "--scene", str(scene_folder), "--checkpoint", run, "--align"]
    assert main([*evaluate, "--predictions", str(tmp_path / "aligned.csv")]) == 0
    shown = capsys.readouterr().out
    assert [line.split(" ")[0] for line in shown.splitlines()[2:4]] == ["PoseNet", "the"]
    assert "photos agree with training photos around them" in shown
    assert main([*evaluate, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["median_position_m"] == pytest.approx(0.3, abs=1e-3), "the network's own stays"
    assert found["baselines"]["aligned"]["median_position_m"] < 0.06
    assert found["aligned_photos"] > 0.6 * len(true.position_m)
    assert main(["evaluate", "--scene", str(scene_folder), "--from", str(tmp_path / "aligned.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["median_position_m"] < 0.06, "what is written are the aligned poses"

    there = off(true, 0.3, 3.0)
    there = there._replace(position_m=there.position_m + scene.offset_m)
    monkeypatch.setattr("posenet_lib.evaluation.predict.predict_photos", lambda *_: Prediction(there.take(slice(2))))
    photos = [str(record.image_path) for record in scene.test.records[:2]]
    out = tmp_path / "two.json"
    assert main(["predict", *photos, "--checkpoint", run, "--align", str(scene_folder), "--out", str(out)]) == 0
    assert [line.rsplit(", ", 1)[1] for line in capsys.readouterr().out.splitlines()] == ["aligned", "aligned"]
    assert [row["aligned"] for row in json.loads(out.read_text(encoding="utf-8"))] == [1, 1]
    position_m = np.array([[row[axis] for axis in "xyz"] for row in json.loads(out.read_text(encoding="utf-8"))])
    assert np.linalg.norm(position_m - scene.offset_m - true.position_m[:2], axis=1).max() < 0.1

    larger = [str(tmp_path / f"{i}.png") for i in range(2)]
    for record, path in zip(scene.test.records, larger, strict=False):
        Image.fromarray(zoomed(np.asarray(Image.open(record.image_path).convert("RGB")), 1.2)).save(path)
    assert main(["predict", *larger, "--checkpoint", run, "--align", str(scene_folder), "--out", str(out)]) == 0
    said = [line.rsplit(", ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert said == [f"looks zoomed {row['zoom']:.2f} times" for row in rows]
    assert [row["zoom"] for row in rows] == pytest.approx([1.2, 1.2], abs=0.06)


def test_what_it_cannot_do_is_said(small_scene, scene_folder, tmp_path, capsys):
    run = save_network(tmp_path / "run")
    with pytest.raises(WorkbookError, match=r"SmallCourt a camera-intrinsics\.txt"):
        known_photos(load_scene(small_scene), show_progress=False)
    photo = str(load_scene(scene_folder).test.records[0].image_path)
    assert main(["predict", photo, "--checkpoint", run, "--align", str(small_scene)]) == 2
    assert "focal length is known" in capsys.readouterr().err
    for rest, said in ((["--from", "p.csv"], "leave it out with --from"), (["--structure"], "--align")):
        assert main(["evaluate", "--scene", str(scene_folder), "--align", *rest]) == 2
        assert said in capsys.readouterr().err
    for command in (["evaluate", "--scene", str(scene_folder)], ["predict", "a.jpg"]):
        rest = ["--checkpoint", run, "--test-time", "mc-dropout"]
        assert main([*command, *rest, "--align", *([str(scene_folder)] if command[0] == "predict" else [])]) == 2
        assert "sigma of --test-time mc-dropout says nothing about moved ones" in capsys.readouterr().err
    turned = [
        PoseRecord(r.name, r.image_path, np.zeros(3), r.quaternion_wxyz)
        for r in read_pose_list(scene_folder / "dataset_train.txt")
    ]
    write_pose_list(scene_folder / "dataset_train.txt", turned)
    with pytest.raises(WorkbookError, match="no depth was found in the training photos"):
        known_photos(load_scene(scene_folder), show_progress=False)
