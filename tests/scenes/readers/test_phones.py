"""Phones' recordings: ARKit and ARCore logs of five apps, Polycam's keyframes, Record3D's metadata."""

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.support.importing import FLIP, assert_same_pixels, frames, put_photos

WALK = frames()
LENS = np.array([[355.0, 0, 238], [0, 350, 135.75], [0, 0, 1]])  # ARKit's: the first pixel's centre is (0, 0)


def arkit_pixels(index, points):
    """Apple's ARCamera: transform is camera to world, the camera looks along its own -z, y is up."""
    right, up, back, _ = np.linalg.inv(WALK[index].gl_to_world) @ np.c_[points, np.ones(len(points))].T
    u, v, w = LENS @ np.stack([right, -up, -back])
    return np.stack([u / w + 0.5, v / w + 0.5], 1)


def words(numbers, mark=","):
    return mark.join(repr(float(number)) for number in np.ravel(numbers))


def quaternion_xyzw(frame, opengl=True):
    return Rotation.from_matrix(frame.gl_to_world[:3, :3] if opengl else frame.to_camera.T).as_quat()


def with_camera(folder):
    lens = np.add(LENS, [[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]])
    (folder / "camera-intrinsics.txt").write_text("\n".join(words(row, " ") for row in lens))


def scanner_app(folder):
    put_photos(folder, WALK, lambda index, _: f"frame_{index:05d}.jpg")
    for index, frame in enumerate(WALK):
        pose = {"cameraPoseARFrame": frame.gl_to_world.ravel().tolist(), "intrinsics": LENS.ravel().tolist()}
        (folder / f"frame_{index:05d}.json").write_text(json.dumps({**pose, "frame_index": index, "time": 5.5}))
    (folder / "info.json").write_text("{}")


def stray_scanner(folder):
    put_photos(folder / "rgb", WALK, lambda index, _: f"{index:06d}.jpg")
    lines = ["timestamp, frame, x, y, z, qx, qy, qz, qw"]
    for index, frame in enumerate(WALK):  # the app has turned the axes: x right, y down, z forward
        lines.append(f"{index / 60}, {index:06d}, {words([*frame.centre, *quaternion_xyzw(frame, False)], ', ')}")
    (folder / "odometry.csv").write_text("\n".join(lines) + "\n")
    (folder / "camera_matrix.csv").write_text("\n".join(words(row) for row in LENS) + "\n")


def arkit_data_logger(folder):
    put_photos(folder / "images", WALK, lambda index, _: f"{index}.jpg")
    lines = [f"{index / 60},{words(frame.gl_to_world[:3])}" for index, frame in enumerate(WALK)]
    (folder / "ARKit_camera_pose.txt").write_text("\n".join(lines) + "\n")
    with_camera(folder)


def arcore_data_logger(folder):
    put_photos(folder / "images", WALK, lambda index, _: f"img{index}.jpg")
    lines = ["# Created at today", "# Format: timestamp[ns] qx qy qz qw px py pz"][:1]
    for index, frame in enumerate(WALK):
        lines.append(f"{index} {words([*quaternion_xyzw(frame), *frame.centre], ' ')}")
    (folder / "ARCore_sensor_pose.txt").write_text("\n".join(lines) + "\n")
    with_camera(folder)


def ios_logger(folder):
    put_photos(folder / "frames", WALK, lambda index, _: f"frame-{index}.jpg")
    poses, shots = [], []
    for index, frame in enumerate(WALK):
        x, y, z, w = quaternion_xyzw(frame)
        poses.append(f"{100 + index / 30 + 0.001},{words([*frame.centre, w, x, y, z])}")
        shots.append(f"{100 + index / 30},{index},355,350,238,135.75")
    (folder / "ARposes.txt").write_text("\n".join(poses) + "\n")
    (folder / "Frames.txt").write_text("\n".join(shots) + "\n")


@pytest.mark.parametrize("write", [scanner_app, stray_scanner, arkit_data_logger, arcore_data_logger, ios_logger])
def test_points_project_to_the_same_pixels(tmp_path, importing, write):
    (tmp_path / "film").mkdir()
    write(tmp_path / "film")
    assert_same_pixels(importing("phone-ar", tmp_path / "film"), WALK, arkit_pixels)


def test_another_log_by_its_columns(tmp_path, importing):
    folder = tmp_path / "film"
    put_photos(folder, WALK)
    lines = [f"{frame.name};{words([*quaternion_xyzw(frame), *frame.centre], ';')}" for frame in WALK]
    (folder / "poses.txt").write_text("\n".join(lines) + "\n")
    with_camera(folder)
    assert "poses.txt, line 1:" in importing.refused("phone-ar", folder / "poses.txt")
    made = importing("phone-ar", folder / "poses.txt", "--order", "name,qx,qy,qz,qw,tx,ty,tz")
    assert_same_pixels(made, WALK, arkit_pixels)


@pytest.mark.parametrize(
    ("write", "change", "expected"),
    [
        (arcore_data_logger, lambda f: (f / "images" / "img3.jpg").unlink(), "has 10 poses without names or frame"),
        (scanner_app, lambda f: (f / "frame_00002.json").write_text("{}"), "'cameraPoseARFrame' is None, and 16"),
        (scanner_app, lambda f: (f / "frame_00002.json").write_text("[]"), "is no frame of 3D Scanner App"),
        (scanner_app, lambda f: (f / "frame_00002.jpg").unlink(), "frame_00002.json: there is no photo 'frame_00002'"),
        (stray_scanner, lambda f: (f / "camera_matrix.csv").write_text("1,2,3\n"), "has 1 lines; three lines"),
        (arkit_data_logger, lambda f: (f / "ARKit_camera_pose.txt").write_text("1,2,3\n"), "line 1: has 3 columns"),
        (ios_logger, lambda f: (f / "ARposes.txt").write_text("1,2,3,4,30,60,90,0\n"), "has the length 112.2"),
        (ios_logger, lambda f: (f / "Frames.txt").write_text("900,0,355,350,238,135\n"), "no photo has a pose within"),
    ],
)
def test_damage_is_named(tmp_path, importing, write, change, expected):
    (tmp_path / "film").mkdir()
    write(tmp_path / "film")
    change(tmp_path / "film")
    assert expected in importing.refused("phone-ar", tmp_path / "film")


def test_lost_tracking_is_counted(tmp_path, importing):
    (tmp_path / "film").mkdir()
    stray_scanner(tmp_path / "film")
    path = tmp_path / "film" / "odometry.csv"
    lines = path.read_text().splitlines()
    for number in (4, 5):
        lines[number] = f"{number}, {number - 1:06d}, 0, 0, 0, 0, 0, 0, 0"
    path.write_text("\n".join(lines))
    made = importing("phone-ar", tmp_path / "film")
    assert "2 lost frames left out (all zeros), first rgb/000003.jpg." in made.output


def polycam(folder, **more):
    root = folder / "keyframes"
    put_photos(root / "corrected_images", WALK, lambda index, _: f"{1000 + index}.jpg")
    (root / "corrected_cameras").mkdir()
    for index, frame in enumerate(WALK):
        values = {f"t_{row}{column}": frame.gl_to_world[row, column] for row in range(3) for column in range(4)}
        lens = {"fx": 355, "fy": 350, "cx": 238, "cy": 135.75, "width": 480, "height": 270, "blur_score": 3}
        path = root / "corrected_cameras" / f"{1000 + index}.json"
        path.write_text(json.dumps({**values, **lens, **(more if index == 2 else {})}))
    return folder


def test_polycam(tmp_path, importing):
    assert_same_pixels(importing("polycam", polycam(tmp_path / "room")), WALK, arkit_pixels)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"t_00": "left"}, "1002.json: 't_00 to t_23' is [['left'"),
        ({"t_00": 5}, "1002.json: not a rotation matrix"),
        ({"fx": None}, "'fx' is None, and a finite number is expected"),
        ({"width": 0}, "the size (0, 270)"),
    ],
)
def test_polycam_damage_is_named(tmp_path, importing, more, expected):
    assert expected in importing.refused("polycam", polycam(tmp_path / "room", **more))


def record3d(folder, poses=None):
    put_photos(folder / "rgb", WALK, lambda index, _: f"{index}.jpg")
    poses = [[*quaternion_xyzw(frame), *frame.centre] for frame in WALK] if poses is None else poses
    lens = LENS.T.ravel().tolist()  # column by column
    whole = {"K": lens, "w": 480, "h": 270, "fps": 30, "poses": np.array(poses, dtype=object).tolist()}
    (folder / "metadata").write_text(json.dumps(whole))
    return folder


def test_record3d(tmp_path, importing):
    assert_same_pixels(importing("record3d", record3d(tmp_path / "room")), WALK, arkit_pixels)


@pytest.mark.parametrize(
    ("poses", "expected"),
    [
        ([[0, 0, 0, 1, 0, 0, 0]], "has 1 poses, but"),
        ([[0, 0, 0, 1, 0, 0]] * 10, "pose 0: 'a pose' is [0, 0, 0, 1, 0, 0], and 7 numbers are expected"),
        ([[9, 0, 0, 1, 0, 0, 0]] * 10, "pose 0: the quaternion 1 9 0 0 has the length 9.055"),
    ],
)
def test_record3d_damage_is_named(tmp_path, importing, poses, expected):
    assert expected in importing.refused("record3d", record3d(tmp_path / "room", poses))


def test_flip_is_its_own_inverse():
    np.testing.assert_array_equal(FLIP @ FLIP, np.eye(3))
