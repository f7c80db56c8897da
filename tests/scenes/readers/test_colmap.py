"""COLMAP's models, as text and as binary: images.bin is written here by the layout of COLMAP's documentation."""

import struct

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.support.importing import assert_same_pixels, frames, put_photos, put_small_photo

WALK = frames()
FOCAL, CENTRE = (355.0, 350.0), (238.5, 136.25)


def world_to_camera(frame):
    """(qw qx qy qz, tx ty tz) as COLMAP has them."""
    x, y, z, w = frame.quaternion_xyzw
    return (w, x, y, z), -frame.to_camera @ frame.centre


def colmap_pixels(index, points):
    """COLMAP's documentation: x = f X/Z + cx of R X + t."""
    (w, x, y, z), t = world_to_camera(WALK[index])
    u, v, depth = (Rotation.from_quat([x, y, z, w]).as_matrix() @ points.T + t[:, None]).tolist()
    u, v, depth = np.array(u), np.array(v), np.array(depth)
    return np.stack([FOCAL[0] * u / depth + CENTRE[0], FOCAL[1] * v / depth + CENTRE[1]], 1)


def write_text(folder, camera="1 OPENCV 480 270 355 350 238.5 136.25 0.01 -0.02 0 0", names=None):
    folder.mkdir(parents=True)
    (folder / "cameras.txt").write_text(f"# Camera list\n{camera}\n")
    lines = ["# Image list with two lines of data per image:"]
    for index, frame in enumerate(WALK):
        (w, x, y, z), t = world_to_camera(frame)
        name = names[index] if names else frame.name
        lines.append(
            f"{index + 1} {w!r} {x!r} {y!r} {z!r} {t[0]!r} {t[1]!r} {t[2]!r} 1 {name}".replace("np.float64", "")
        )
        lines.append("12.5 13.5 -1 20 30 7" if index % 2 else "")
    (folder / "images.txt").write_text("\n".join(lines).replace("(", "").replace(")", "") + "\n")
    (folder / "rigs.txt").write_text("# Rig list\n1 1 CAMERA 1\n")
    (folder / "frames.txt").write_text("# Frame list\n1 1 1 0 0 0 0 0 0 1 CAMERA 1 1\n")


def write_binary(folder):
    folder.mkdir(parents=True)
    camera = struct.pack("<IiQQ8d", 1, 4, 480, 270, *FOCAL, *CENTRE, 0.01, -0.02, 0, 0)
    (folder / "cameras.bin").write_bytes(struct.pack("<Q", 1) + camera)
    data = struct.pack("<Q", len(WALK))
    for index, frame in enumerate(WALK):
        q, t = world_to_camera(frame)
        data += struct.pack("<I7dI", index + 1, *q, *t, 1) + frame.name.encode() + b"\0"
        data += struct.pack("<Q", index) + index * struct.pack("<ddq", 10, 20, -1)
    (folder / "images.bin").write_bytes(data)
    (folder / "rigs.bin").write_bytes(struct.pack("<Q", 0))
    (folder / "frames.bin").write_bytes(struct.pack("<Q", 0))


@pytest.mark.parametrize("write", [write_text, write_binary])
def test_points_project_to_the_same_pixels(tmp_path, importing, write):
    write(tmp_path / "project" / "sparse" / "0")
    put_photos(tmp_path / "project" / "images", WALK)
    made = importing("colmap", tmp_path / "project")
    assert_same_pixels(made, WALK, colmap_pixels)
    assert "OPENCV k1=0.01 k2=-0.02" in made.output
    assert "the last 2 photos, one whole stretch, test" in made.output
    assert {record.name for record in made.test} == {f"images/{frame.name}" for frame in WALK[-2:]}


def test_cameras_of_another_photo_size_are_scaled(tmp_path, importing):
    write_text(tmp_path / "model", "1 SIMPLE_PINHOLE 960 540 710 477 272.5")
    put_photos(tmp_path / "images", WALK)
    made = importing("colmap", tmp_path / "model")
    np.testing.assert_allclose(made.matrix, [[355, 0, 238.5], [0, 355, 136.25], [0, 0, 1]])
    assert "10 x: photo has another size than its camera" in made.output


def test_photos_of_another_shape_are_refused(tmp_path, importing):
    write_text(tmp_path / "model", "1 SIMPLE_PINHOLE 640 480 500 320 240")
    put_photos(tmp_path / "images", WALK)
    message = importing.refused("colmap", tmp_path / "model")
    assert "is 480x270, but its camera is for photos of 640x480" in message


@pytest.mark.parametrize(
    ("camera", "fx", "words"),
    [
        ("1 PINHOLE 480 270 355 350 240 135", 355, ""),
        ("1 SIMPLE_RADIAL 480 270 355 240 135 0.03", 355, "SIMPLE_RADIAL k=0.03"),
        ("1 RADIAL 480 270 355 240 135 0.03 0", 355, "RADIAL k1=0.03"),
        ("1 FULL_OPENCV 480 270 355 350 240 135 0 0 0 0 0 0 0 0", 355, ""),
        ("1 OPENCV_FISHEYE 480 270 355 350 240 135 0 0 0 0", 355, "OPENCV_FISHEYE"),
        ("1 FOV 480 270 355 350 240 135 0.9", 355, "FOV omega=0.9"),
        ("1 THIN_PRISM_FISHEYE 480 270 355 350 240 135 1 0 0 0 0 0 0 0", 355, "THIN_PRISM_FISHEYE k1=1"),
    ],
)
def test_camera_models(tmp_path, importing, camera, fx, words):
    write_text(tmp_path / "model", camera)
    put_photos(tmp_path / "images", WALK)
    made = importing("colmap", tmp_path / "model")
    assert made.matrix[0, 0] == fx
    assert (words in made.output) if words else ("distortion" not in made.output)


def test_turned_photos_turn_their_poses(tmp_path, importing):
    """COLMAP reads the pixels as they are stored; the workbook shows them as EXIF says."""
    write_text(tmp_path / "model")
    for index, frame in enumerate(WALK):
        put_small_photo(tmp_path / "images" / frame.name, (480, 270), orientation=6 if index % 2 else 8)
    out = importing("colmap", tmp_path / "model", "--test-list", _list(tmp_path, [WALK[0].name, WALK[1].name]))
    assert "10 x: photo is turned by its EXIF orientation; pose and camera were turned with it" in out.output
    from tests.support.importing import points_seen_by, workbook_pixels

    for index, frame in enumerate(WALK):
        points = points_seen_by(frame)
        u, v = colmap_pixels(index, points).T
        if index % 2:  # 6: the viewer turns the photo a quarter to the right
            matrix, expected = np.array([[350, 0, 270 - 136.25], [0, 355, 238.5], [0, 0, 1]]), np.stack([270 - v, u], 1)
        else:
            matrix, expected = np.array([[350, 0, 136.25], [0, 355, 480 - 238.5], [0, 0, 1]]), np.stack([v, 480 - u], 1)
        np.testing.assert_allclose(workbook_pixels(out.by_name[frame.name], matrix, points), expected, atol=2e-3)


def _list(folder, names):
    path = folder / "test.txt"
    path.write_text("\n".join(names))
    return path


def damaged(folder, name, change):
    path = folder / name
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("write", "name", "change", "words"),
    [
        (
            write_text,
            "images.txt",
            lambda b: b.replace(b"1 0.7", b"1 0.7oops", 1),
            "images.txt, line 2: QW is '0.7oops",
        ),
        (write_text, "images.txt", lambda b: b.replace(b"\n\n", b"\n", 1), "one line of its points"),
        (write_text, "images.txt", lambda b: b.replace(b" 1 frame", b" 9 frame", 1), "line 2: camera 9 is not in"),
        (write_text, "images.txt", lambda b: b"# nothing\n", "images.txt: the model has no image"),
        (write_text, "cameras.txt", lambda b: b.replace(b"OPENCV", b"CONTAX"), "'CONTAX' is none of COLMAP's"),
        (write_text, "cameras.txt", lambda b: b.replace(b"-0.02 0 0", b"-0.02"), "OPENCV has 8 parameters"),
        (write_text, "cameras.txt", lambda b: b.replace(b"355", b"-355"), "focal lengths -355 and 350"),
        (write_binary, "images.bin", lambda b: b[:-5], "9 points cannot follow in a file of"),
        (write_binary, "images.bin", lambda b: b[:30], "images cannot follow in a file of"),
        (write_binary, "cameras.bin", lambda b: b[:60], "ends in the middle of a record"),
        (write_binary, "images.bin", lambda b: b"\xff" * 8 + b[8:], "images cannot follow in a file of"),
        (write_binary, "cameras.bin", lambda b: b[:12] + b"\x63" + b[13:], "camera model 99 is unknown"),
    ],
)
def test_damage_is_named(tmp_path, importing, write, name, change, words):
    write(tmp_path / "model")
    put_photos(tmp_path / "images", WALK)
    damaged(tmp_path / "model", name, change)
    assert words in importing.refused("colmap", tmp_path / "model")


def test_missing_photos_are_counted_and_a_near_name_is_given(tmp_path, importing):
    write_text(tmp_path / "model")
    put_photos(tmp_path / "images", WALK[1:])
    message = importing.refused("colmap", tmp_path / "model")
    assert "images.txt, line 2: there is no photo 'frame00001.jpg'" in message
    assert "did you mean frame00" in message
    assert "1 of 10 photos are missing; --skip-missing" in message
    assert len(importing("colmap", tmp_path / "model", "--skip-missing").train) == 7


def test_names_of_other_computers(tmp_path, importing):
    names = [f"C:\\data\\project\\images\\{frame.name}" for frame in WALK]
    write_text(tmp_path / "model", names=names)
    put_photos(tmp_path / "images", WALK)
    assert len(importing("colmap", tmp_path / "model").train) == 8


def test_no_name_leads_out_of_the_scene(tmp_path, importing):
    put_photos(tmp_path / "elsewhere", WALK)
    write_text(tmp_path / "model", names=[f"../elsewhere/{frame.name}" for frame in WALK])
    (tmp_path / "images").mkdir()
    message = importing.refused("colmap", tmp_path / "model")
    assert "there is no photo '../elsewhere/" in message


def test_a_folder_without_a_model(tmp_path, importing):
    assert "there is no COLMAP model in it" in importing.refused("colmap", tmp_path)
