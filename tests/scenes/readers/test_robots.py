"""TUM, KITTI and EuRoC: recordings of robots and benchmarks, with their clocks and calibration files."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.support.importing import assert_same_pixels, frames, put_photos

WALK = frames()
LENS = (355.0, 350.0, 238.0, 135.75)  # OpenCV's: the first pixel's centre is (0, 0)


def opencv_pixels(in_camera):
    """In the workbook's pixels, whose first centre is (0.5, 0.5)."""
    x, y, z = in_camera
    return np.stack([LENS[0] * x / z + LENS[2] + 0.5, LENS[1] * y / z + LENS[3] + 0.5], 1)


def words(numbers):
    return " ".join(repr(float(number)) for number in np.ravel(numbers))


def tum(folder, change=lambda lines: lines, late_s=0.004):
    put_photos(folder / "rgb", WALK, lambda index, _: f"{1305031102 + index / 10:.6f}.png")
    names = [f"{1305031102 + index / 10:.6f}" for index in range(len(WALK))]
    (folder / "rgb.txt").write_text("# color images\n" + "".join(f"{name} rgb/{name}.png\n" for name in names))
    lines = ["# ground truth trajectory", "# timestamp tx ty tz qx qy qz qw"]
    for index, frame in enumerate(WALK):
        quaternion = Rotation.from_matrix(frame.to_camera.T).as_quat()  # camera to world, x y z w
        lines.append(f"{1305031102 + index / 10 + late_s:.6f} {words(frame.centre)} {words(quaternion)}")
    (folder / "groundtruth.txt").write_text("\n".join(change(lines)) + "\n")
    (folder / "camera-intrinsics.txt").write_text("355 0 238.5\n0 350 136.25\n0 0 1\n")
    return folder


def tum_pixels(index, points):
    quaternion = Rotation.from_matrix(WALK[index].to_camera.T).as_quat()
    return opencv_pixels(Rotation.from_quat(quaternion).inv().apply(points - WALK[index].centre).T)


def test_tum(tmp_path, importing):
    made = importing("tum", tum(tmp_path / "desk"))
    assert_same_pixels(made, WALK, tum_pixels)


def test_tum_photos_without_a_pose_in_time_are_counted(tmp_path, importing):
    made = importing("tum", tum(tmp_path / "desk", lambda lines: [*lines[:4], *lines[6:]]))
    assert "2 photos left out, without a pose within 0.02 s, first rgb/1305031102.2" in made.output
    assert len(made.train) + len(made.test) == 8


def test_tum_freiburg_knows_its_camera(tmp_path, importing):
    source = tum(tmp_path / "rgbd_dataset_freiburg3_desk")
    (source / "camera-intrinsics.txt").unlink()
    message = importing.refused("tum", source)  # PracticeCourt's photos are not 640x480
    assert "its camera is for photos of 640x480" in message


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: [line.rsplit(maxsplit=1)[0] for line in lines], "line 3: has 7 numbers where 8 are expected"),
        (lambda lines: [line.replace("1305031102.0", "soon") for line in lines], "timestamp is 'soon04000'"),
        (lambda lines: [line.replace("13050311", "1") for line in lines], "no photo has a pose within 0.02 s (photos"),
        (lambda lines: [f"{line.rsplit(maxsplit=4)[0]} 30 60 90 1" for line in lines[2:]], "has the length 112.3"),
        (lambda lines: [], "no photo has a pose"),
    ],
)
def test_tum_damage_is_named(tmp_path, importing, change, expected):
    assert expected in importing.refused("tum", tum(tmp_path / "desk", change))


def kitti(root, change=lambda lines: lines, folder="image_2"):
    put_photos(root / "sequences" / "07" / folder, WALK, lambda index, _: f"{index:06d}.png")
    (root / "poses").mkdir()
    offset = np.array([-0.06, 0.001, 0.002]) if folder == "image_2" else np.zeros(3)  # P2: K [I | offset]
    lens = np.array([[LENS[0], 0, LENS[2]], [0, LENS[1], LENS[3]], [0, 0, 1]])
    lines = []
    for frame in WALK:  # the file is of camera 0, and camera 2's point is X0 + offset
        camera_0 = frame.to_world @ np.block([[np.eye(3), offset[:, None]], [np.zeros(3), 1]])
        lines.append(words(camera_0[:3]))
    (root / "poses" / "07.txt").write_text("\n".join(change(lines)) + "\n")
    calibration = f"P0: {words(lens @ np.eye(4)[:3])}\nP2: {words(lens @ np.c_[np.eye(3), offset])}\n"
    (root / "sequences" / "07" / "calib.txt").write_text(calibration)
    return root / "sequences" / "07"


@pytest.mark.parametrize("folder", ["image_2", "image_0"])
def test_kitti(tmp_path, importing, folder):
    source = kitti(tmp_path / "dataset", folder=folder)

    def kitti_pixels(index, points):
        """The development kit: x = P2 Tinv X, with camera 0's pose and camera 2's projection matrix."""
        line = (tmp_path / "dataset" / "poses" / "07.txt").read_text().splitlines()[index]
        camera_0 = np.vstack([np.array(line.split(), float).reshape(3, 4), [0, 0, 0, 1]])
        key = f"P{folder[-1]}: "
        found = [line for line in (source / "calib.txt").read_text().splitlines() if line.startswith(key)]
        p = np.array(found[0].split()[1:], float).reshape(3, 4)
        u, v, w = p @ np.linalg.inv(camera_0) @ np.c_[points, np.ones(len(points))].T
        return np.stack([u / w + 0.5, v / w + 0.5], 1)

    made = importing("kitti", source)
    assert_same_pixels(made, WALK, kitti_pixels)
    assert made.by_name["000000.png"].name == f"{folder}/000000.png"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: lines[1:], "has 9 poses, but"),
        (lambda lines: [lines[0][:20], *lines[1:]], "line 1: has"),
        (lambda lines: [words(3 * np.eye(4)[:3]), *lines[1:]], "line 1: not a rotation matrix"),
    ],
)
def test_kitti_damage_is_named(tmp_path, importing, change, expected):
    assert expected in importing.refused("kitti", kitti(tmp_path / "dataset", change))


def test_kitti_photos_elsewhere_are_those_of_the_camera_that_is_named(tmp_path, importing):
    """Not of the number with which their folder's name happens to end."""
    import shutil

    source = kitti(tmp_path / "dataset")
    expected = importing("kitti", source)
    shutil.rmtree(expected.folder)
    elsewhere = (source / "image_2").rename(tmp_path / "drive_0")
    made = importing("kitti", source, "--photos", elsewhere, "--camera", "image_2")
    for name, record in expected.by_name.items():
        np.testing.assert_allclose(made.by_name[name].position_m, record.position_m)
    shutil.rmtree(made.folder)
    message = importing.refused("kitti", source, "--photos", elsewhere)
    assert "drive_0: its name is none of image_2, image_0, image_3, image_1; --camera says which it was" in message


T_BS = np.eye(4)
T_BS[:3, :3] = Rotation.from_euler("zyx", [90, 3, -2], degrees=True).as_matrix()
T_BS[:3, 3] = [-0.02, -0.065, 0.01]
SENSOR = """%YAML:1.0
# General sensor definitions.
sensor_type: camera
comment: VI-Sensor cam0 (MT9M034)
T_BS:
  cols: 4
  rows: 4
  data: [{}]
rate_hz: 20
resolution: [480, 270]
camera_model: pinhole
intrinsics: [355.0, 350.0, 238.0, 135.75] #fu, fv, cu, cv
distortion_model: radial-tangential
distortion_coefficients: [-0.28, 0.07, 0.0002, 1.7e-05]
"""


def body_to_world(frame):
    return frame.to_world @ np.linalg.inv(T_BS)


def euroc(root, sensor=SENSOR, row=lambda line: line):
    camera, truth = root / "mav0" / "cam0", root / "mav0" / "state_groundtruth_estimate0"
    put_photos(camera / "data", WALK, lambda index, _: f"{1403636579763555584 + index * 50_000_000}.png")
    truth.mkdir(parents=True)
    stamps = [1403636579763555584 + index * 50_000_000 for index in range(len(WALK))]
    rows = "".join(f"{stamp},{stamp}.png\r\n" for stamp in stamps)
    (camera / "data.csv").write_text("#timestamp [ns],filename\n" + rows)
    (camera / "sensor.yaml").write_text(sensor.format(",\n    ".join(words(line).replace(" ", ", ") for line in T_BS)))
    lines = ["#timestamp, p_RS_R_x [m], p_RS_R_y [m], p_RS_R_z [m], q_RS_w [], q_RS_x [], q_RS_y [], q_RS_z [], v"]
    for stamp, frame in zip(stamps, WALK, strict=True):
        body = body_to_world(frame)
        x, y, z, w = Rotation.from_matrix(body[:3, :3]).as_quat()
        numbers = words([*body[:3, 3], w, x, y, z, 0.1, 0.2, 0.3]).replace(" ", ",")
        lines.append(row(f"{stamp + 2_000_000},{numbers}"))
    (truth / "data.csv").write_text("\n".join(lines) + "\n")
    return root


def euroc_pixels(index, points):
    """The paper: T_WC = T_WB T_BS; the pinhole model without its distortion."""
    to_camera = np.linalg.inv(body_to_world(WALK[index]) @ T_BS)
    return opencv_pixels((to_camera @ np.c_[points, np.ones(len(points))].T)[:3])


def test_euroc(tmp_path, importing):
    made = importing("euroc", euroc(tmp_path / "MH_01"))
    assert_same_pixels(made, WALK, euroc_pixels)
    assert "radial-tangential -0.28" in made.output
    assert next(iter(made.train)).name.startswith("cam0/14036365")


@pytest.mark.parametrize(
    ("sensor", "row", "expected"),
    [
        (SENSOR.replace("[480", "480"), None, "'resolution: 480, 270]' is not understood"),
        (SENSOR.replace("data: [{}]", "data: [1, 2]\n  # {}"), None, "T_BS: has 2 numbers where 16 are expected"),
        (SENSOR.replace("  data: [{}]", "  data: [" + "2, " * 16 + "]\n  # {}"), None, "T_BS is no rotation"),
        (SENSOR.replace("rate_hz: 20", "rates: [1, 2"), None, "comes before the list of 'rates' is closed by ]"),
        (SENSOR.replace("355.0", "-355.0"), None, "focal lengths -355 and 350"),
        (SENSOR, lambda line: ",".join(line.split(",")[:5]), "line 2: has 5 numbers where 8 are expected"),
        (SENSOR, lambda line: line.replace(",", ";"), "line 2: has 1 numbers where 8"),
    ],
)
def test_euroc_damage_is_named(tmp_path, importing, sensor, row, expected):
    # A list is split over lines there, so the remark that replaces it must stay on one.
    source = euroc(tmp_path / "MH_01", sensor.replace("# {}", ""), row or (lambda line: line))
    assert expected in importing.refused("euroc", source)


def test_euroc_missing_files_are_named(tmp_path, importing):
    source = euroc(tmp_path / "MH_01")
    (source / "mav0" / "state_groundtruth_estimate0" / "data.csv").unlink()
    assert "and the poses are missing" in importing.refused("euroc", source)
