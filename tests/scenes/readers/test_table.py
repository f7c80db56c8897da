"""Tables of one's own: orders, conventions, angles, separators."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.support.importing import FLIP, assert_same_pixels, frames, put_photos

WALK = frames()
MATRIX = np.array([[355.0, 0, 238.5], [0, 350, 136.25], [0, 0, 1]])


def pixels(in_camera):
    u, v, w = MATRIX @ in_camera
    return np.stack([u / w, v / w], 1)


def write(folder, numbers_of, header, mark=",", comma=False):
    put_photos(folder, WALK)
    lines = [header] if header else []
    for frame in WALK:
        words = [repr(float(number)) for number in np.ravel(numbers_of(frame))]
        lines.append(mark.join([frame.name, *(word.replace(".", ",") if comma else word for word in words)]))
    (folder / "poses.csv").write_text("\n".join(lines) + "\n")
    return folder / "poses.csv"


def to_world_xyzw(frame):
    return Rotation.from_matrix(frame.to_camera.T).as_quat()


def in_camera(frame, points):
    return Rotation.from_quat(to_world_xyzw(frame)).inv().apply(points - frame.centre).T


def of_camera_to_world(frame):
    return [*frame.centre, *to_world_xyzw(frame)]


def of_world_to_camera_t(frame):
    x, y, z, w = frame.quaternion_xyzw
    return [w, x, y, z, *(-frame.to_camera @ frame.centre)]


def of_cambridge(frame):
    x, y, z, w = frame.quaternion_xyzw
    return [*frame.centre, w, x, y, z]


def of_opengl_matrix(frame):
    return frame.gl_to_world[:3]


OPENGL_ORDER = "name,r11,r12,r13,x,r21,r22,r23,y,r31,r32,r33,z"
CASES = {
    "camera to world, w last, header": (
        of_camera_to_world, "name,x,y,z,qx,qy,qz,qw", ["--convention", "camera-to-world"], {},
    ),
    "world to camera with t, by --order": (
        of_world_to_camera_t, "",
        ["--order", "name,qw,qx,qy,qz,tx,ty,tz", "--convention", "world-to-camera", "--position", "translation"], {},
    ),
    "world to camera with the centre, w p q r": (
        of_cambridge, "ImageFile, X, Y, Z, W, P, Q, R",
        ["--convention", "world-to-camera", "--position", "centre"], {},
    ),
    "OpenGL's matrix, spaces": (
        of_opengl_matrix, "", ["--order", OPENGL_ORDER, "--convention", "camera-to-world", "--axes", "opengl"],
        {"mark": " "},
    ),
    "decimal commas and semicolons": (
        of_camera_to_world, "name;x [m];y [m];z [m];qx;qy;qz;qw", ["--convention", "camera-to-world"],
        {"mark": ";", "comma": True},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_points_project_to_the_same_pixels(tmp_path, importing, case):
    numbers_of, header, options, form = case
    made = importing("table", write(tmp_path / "walk", numbers_of, header, **form), *options)
    assert_same_pixels(made, WALK, lambda index, points: pixels(in_camera(WALK[index], points)), MATRIX)
    assert made.matrix is None


def test_yaw_pitch_roll(tmp_path, importing):
    """Metashape.Utils.ypr2mat((30, 91, 0)), as its forum prints it, fixes the convention."""
    printed = [[0.8660254, -0.0087262, -0.4999238], [-0.5, -0.0151142, -0.8658935], [0, 0.9998477, -0.0174524]]
    from posenet_lib.scenes.readers.angles import from_yaw_pitch_roll

    np.testing.assert_allclose(from_yaw_pitch_roll(30, 91, 0), printed, atol=1e-7)

    def numbers_of(frame):
        a, pitch, roll = Rotation.from_matrix(frame.to_camera.T @ FLIP).as_euler("ZXY", degrees=True)
        return [*frame.centre, -a, pitch, roll]

    def ypr_pixels(index, points):
        yaw, pitch, roll = numbers_of(WALK[index])[3:]
        to_world = Rotation.from_euler("ZXY", [-yaw, pitch, roll], degrees=True)
        right, up, back = to_world.inv().apply(points - WALK[index].centre).T
        return pixels(np.stack([right, -up, -back]))

    made = importing(
        "table", write(tmp_path / "walk", numbers_of, "#Label,X/Easting,Y/Northing,Z/Altitude,Yaw,Pitch,Roll")
    )
    assert_same_pixels(made, WALK, ypr_pixels, MATRIX)


@pytest.mark.parametrize("radians", [False, True])
def test_omega_phi_kappa(tmp_path, importing, radians):
    """Pix4D: omega = atan2(-r23, r33), phi = asin(r13), kappa = atan2(-r12, r11) of camera to world."""

    def numbers_of(frame):
        r = frame.to_camera.T @ FLIP
        angles = np.array([np.arctan2(-r[1, 2], r[2, 2]), np.arcsin(r[0, 2]), np.arctan2(-r[0, 1], r[0, 0])])
        return [*frame.centre, *(angles if radians else np.degrees(angles))]

    def opk_pixels(index, points):
        right, up, back = ((points - WALK[index].centre) @ (WALK[index].to_camera.T @ FLIP)).T
        return pixels(np.stack([right, -up, -back]))

    table = write(tmp_path / "walk", numbers_of, "imageName X Y Z Omega Phi Kappa", " ")
    assert_same_pixels(importing("table", table, *(["--radians"] * radians)), WALK, opk_pixels, MATRIX)


@pytest.mark.parametrize(
    ("header", "options", "expected"),
    [
        ("name,x,y,z,qx,qy,qz,qw", [], "say --convention camera-to-world or world-to-camera"),
        ("name,x,y,z,qx,qy,qz,qw", ["--convention", "world-to-camera"], "say --position centre or translation"),
        ("", ["--convention", "camera-to-world"], "give their order, for example --order"),
        (
            "",
            ["--order", "name,x,y,z,qx,qy,qz", "--convention", "camera-to-world"],
            "has 8 columns and --order names 7",
        ),
        ("label,x,y,z,a,b,c,d", ["--convention", "camera-to-world"], "there are no columns for the orientation"),
        ("number,x,y,z,qx,qy,qz,qw", ["--convention", "camera-to-world"], "there is no column name"),
        ("name,lat,lon,z,qx,qy,qz,qw", ["--convention", "camera-to-world"], "there are no columns x, y, z"),
        ("name,x,y,z,yaw,pitch,roll,e", ["--axes", "opengl"], "angles have one meaning here"),
        ("name,qx,qy,qz,qw,x,y,z", ["--convention", "camera-to-world"], "has the length"),
    ],
)
def test_what_is_not_stated_is_asked(tmp_path, importing, header, options, expected):
    assert expected in importing.refused("table", write(tmp_path / "walk", of_camera_to_world, header), *options)


def test_centimetres(tmp_path, importing):
    table = write(
        tmp_path / "walk", lambda frame: [*(100 * frame.centre), *to_world_xyzw(frame)], "name,x,y,z,qx,qy,qz,qw"
    )
    made = importing("table", table, "--convention", "camera-to-world", "--unit", "0.01")
    np.testing.assert_allclose(made.by_name[WALK[0].name].position_m, WALK[0].centre, atol=1e-8)
