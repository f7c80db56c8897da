"""What is wrong with photos and cameras: EXIF turns, shapes, depth of bits, copies and links, intrinsics."""

import os
import shutil

import numpy as np
import pytest
from PIL import Image

from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.scenes.check import check_scene, intrinsics, photo_files, shared_photos
from posenet_lib.scenes.check.facts import read_facts
from posenet_lib.scenes.check.intrinsics import repaired, what_is_wrong
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.repair import convert_scene
from posenet_lib.scenes.scene import load_scene
from tests.conftest import make_small_scene

ORIENTATION = 0x0112
SIZE = (480, 270)
CAMERA = np.array([[355.8, 0, 240], [0, 355.8, 135], [0, 0, 1.0]])


@pytest.fixture
def scene(small_scene, tmp_path):
    return shutil.copytree(small_scene, tmp_path / "scene")


def photos(scene):
    return sorted(scene.glob("walk*/*.jpg"))


def found_by(check, scene):
    """Of one check alone, which is fast."""
    return check.check(read_facts(scene), CornerFinder())


def endings(scene, ending):
    for label in ("train", "test"):
        path = scene / f"dataset_{label}.txt"
        path.write_text(path.read_text().replace(".jpg", ending))


def test_a_right_scene_has_no_finding(scene):
    assert check_scene(scene) == []


def test_photos_of_several_shapes_are_left_out(scene, tmp_path):
    for path in photos(scene)[1:3]:
        Image.open(path).resize((300, 300)).save(path)
    (found,) = found_by(photo_files, scene)
    assert "several shapes (18 of 480x270, 2 of 300x300)" in found.finding and found.count == 2
    assert convert_scene(scene, tmp_path / "out", ["one-shape"]).notes == [
        "Left out of dataset_train.txt: 2 rows with a photo of another shape."
    ]
    assert found_by(photo_files, tmp_path / "out") == []


@pytest.mark.parametrize(
    ("decode", "ending", "words"),
    [
        (lambda grey: grey.astype(np.float32) / 255, ".tif", "floating-point values from 0 to 1"),
        (lambda grey: grey.astype(np.float32) * 200, ".tif", "floating-point values up to"),
        (lambda grey: grey.astype(np.uint16) * 16, ".png", "values of 12 bits in a file of 16"),
        (lambda grey: grey.astype(np.uint16) * 257, ".png", None),
    ],
)
def test_deep_photos(decode, ending, words, scene):
    for path in photos(scene):
        Image.fromarray(decode(np.asarray(Image.open(path).convert("L")))).save(path.with_suffix(ending))
        path.unlink()
    endings(scene, ending)
    found = found_by(photo_files, scene)
    assert [words in one.finding for one in found] == ([True] if words else [])


@pytest.mark.parametrize("orientation", [6, 3])
def test_poses_that_do_not_turn_with_their_photos(orientation, tmp_path):
    """Two-view geometry tells it from photos whose poses turn, and the repair makes one of the other."""
    back = {6: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_180}[orientation]
    for kind in ("lying", "shown") if orientation == 6 else ("lying",):
        scene = make_small_scene(tmp_path / kind, 16, 4)
        for path in photos(scene):
            photo = Image.open(path).convert("RGB")
            exif = Image.Exif()
            exif[ORIENTATION] = orientation
            (photo if kind == "lying" else photo.transpose(back)).save(path, exif=exif, quality=92)
        found = check_scene(scene)
        if kind == "shown":
            assert found == []
            continue
        assert ["the poses do not turn with them" in one.finding for one in found] == [True]
        convert_scene(scene, tmp_path / "out", ["exif"])
        assert check_scene(tmp_path / "out") == []


def test_shared_photos_are_found_however_they_are_shared(scene, tmp_path):
    train, test = ([r.image_path for r in split.records] for split in (load_scene(scene).train, load_scene(scene).test))
    shutil.copyfile(test[0], train[0])
    train[1].unlink()
    os.symlink(test[1], train[1])
    train[2].unlink()
    os.link(test[2], train[2])
    found = found_by(shared_photos, scene)
    assert [(one.count, "copy" in one.finding, "link" in one.finding) for one in found] == [
        (2, False, True),
        (1, True, False),
    ]
    convert_scene(scene, tmp_path / "out", ["shared"])
    assert found_by(shared_photos, tmp_path / "out") == []
    assert len(load_scene(tmp_path / "out").train) == 13


CAMERAS = {
    "of another size": (np.diag([4.0, 4, 1]) @ CAMERA, "of another photo size", True),
    "of another shape": (np.array([[585.0, 0, 320], [0, 585, 240], [0, 0, 1]]), "of another photo size", False),
    "normalised": (np.diag([1 / 480, 1 / 270, 1]) @ CAMERA, "normalised", True),
    "normalised by one side": (np.diag([1 / 480, 1 / 480, 1]) @ CAMERA, "normalised", True),
    "millimetres": (np.diag([36 / 480, 36 / 480, 1]) @ CAMERA, "millimetres", True),
    "transposed": (CAMERA.T, "transposed", True),
    "transposed, another size": ((np.diag([4.0, 4, 1]) @ CAMERA).T, "transposed", True),
    "no principal point": (np.diag([4.2, 4.2, 1]), "millimetres", False),
    "focal length": (np.array([[3558.0, 0, 240], [0, 3558, 135], [0, 0, 1]]), "focal length 3558", False),
}


@pytest.mark.parametrize("kind", CAMERAS)
def test_cameras(kind):
    matrix, words, repairable = CAMERAS[kind]
    found = what_is_wrong(matrix, SIZE)
    assert found and words in found[0] and found[1] == repairable
    if repairable:
        np.testing.assert_allclose(repaired(matrix, SIZE), CAMERA, rtol=1e-6)
        assert what_is_wrong(repaired(matrix, SIZE), SIZE) is None


def test_a_right_camera_is_left_alone(scene, tmp_path):
    for matrix in (
        CAMERA,
        CAMERA + np.array([[0, 0, 30], [0, 0, -20], [0, 0, 0]]),
        np.diag([2, 2, 1]) * CAMERA + CAMERA * (1 - np.eye(3)),
    ):
        assert what_is_wrong(matrix, SIZE) is None
    (scene / "camera-intrinsics.txt").write_text("1423.2 0 960\n0 1423.2 540\n0 0 1\n")
    assert [one.remedy.endswith("--from intrinsics") for one in found_by(intrinsics, scene)] == [True]
    convert_scene(scene, tmp_path / "out", ["intrinsics"])
    np.testing.assert_allclose(read_intrinsics(tmp_path / "out" / "camera-intrinsics.txt"), CAMERA, rtol=1e-6)
