"""7-Scenes' layout as people film in it, and as ACE and 12-Scenes lay it out: the same matrices, other folders."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.geometry.intrinsics import write_intrinsics
from tests.support.importing import assert_same_pixels, frames, put_photos, put_small_photo

WALK = frames()
MATRIX = np.array([[355.0, 0, 238.5], [0, 350, 136.25], [0, 0, 1]])


def pixels(index, points, matrix=MATRIX):
    """The data sets' pages: X_world = M X_camera, x right, y down, z forward."""
    in_camera = (np.linalg.inv(WALK[index].to_world) @ np.c_[points, np.ones(len(points))].T)[:3]
    u, v, w = matrix @ in_camera
    return np.stack([u / w, v / w], 1)


def film(folder, walk=WALK, ending="jpg"):
    folder.mkdir(parents=True)
    put_photos(folder, walk, lambda index, frame: f"frame-{index:06d}.color.{ending}")
    for index, frame in enumerate(walk):
        np.savetxt(folder / f"frame-{index:06d}.pose.txt", frame.to_world)
    return folder


def test_a_film_with_its_own_camera(tmp_path, importing):
    source = film(tmp_path / "court")
    write_intrinsics(source / "camera-intrinsics.txt", MATRIX)
    made = importing("7scenes", source)
    assert_same_pixels(made, WALK, pixels)
    assert "the last 2 photos, one whole stretch, test" in made.output


def test_a_film_of_another_shape_has_no_camera_of_the_data_set(tmp_path, importing):
    made = importing("7scenes", film(tmp_path / "court"))
    assert made.matrix is None
    assert "480x270, which no camera of the data set makes" in made.output


@pytest.mark.parametrize(("size", "focal"), [((640, 480), 525), ((320, 240), 262.5), ((1280, 960), 1050)])
def test_the_data_sets_camera_is_scaled_to_the_photos(tmp_path, importing, size, focal):
    source = film(tmp_path / "kitchen", ending="png")
    for path in source.glob("*.png"):
        path.unlink()
        put_small_photo(path, size)
    made = importing("7scenes", source)
    np.testing.assert_allclose(made.matrix, [[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1]])
    assert ("scaled to" in made.output) == (size != (640, 480))


@pytest.mark.parametrize(("given", "taken"), [(585.0, 525.0), (584.0, 584.0)])
def test_the_depth_cameras_focal_length_is_not_the_photos(tmp_path, importing, given, taken):
    source = film(tmp_path / "kitchen", ending="png")
    for path in source.glob("*.png"):
        path.unlink()
        put_small_photo(path, (640, 480))
    write_intrinsics(source / "camera-intrinsics.txt", np.array([[given, 0, 320], [0, given, 240], [0, 0, 1]]))
    made = importing("7scenes", source)
    np.testing.assert_allclose(made.matrix, [[taken, 0, 320], [0, taken, 240], [0, 0, 1]])
    assert ("depth camera" in made.output) == (given != taken)


def test_a_camera_for_another_size_is_refused(tmp_path, importing):
    source = film(tmp_path / "court")
    write_intrinsics(source / "camera-intrinsics.txt", np.array([[585.0, 0, 320], [0, 585, 240], [0, 0, 1]]))
    message = importing.refused("7scenes", source)
    assert "the centre 320, 240 is that of photos of about 640x480" in message
    assert "frame-000000.color.jpg is 480x270" in message


def test_png_and_jpg_of_a_frame_count_once(tmp_path, importing):
    source = film(tmp_path / "court")
    Image.new("RGB", (480, 270)).save(source / "frame-000002.color.png")
    made = importing("7scenes", source)
    assert len(made.train) + len(made.test) == len(WALK)
    assert "1 frames are there as .png and as .jpg" in made.output


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (np.full((4, 4), np.nan), "a number that is not finite"),
        (np.full((4, 4), -np.inf), "a number that is not finite"),
        (np.zeros((4, 4)), "all zeros"),
        (np.eye(4), "the identity in a moving sequence"),
    ],
)
def test_lost_frames_are_left_out_and_counted(tmp_path, importing, lost, words):
    source = film(tmp_path / "court")
    for number in (3, 4):
        np.savetxt(source / f"frame-{number:06d}.pose.txt", lost)
    made = importing("7scenes", source)
    assert f"2 lost frames left out ({words}), first court/frame-000003.color.jpg." in made.output
    assert len(made.train) + len(made.test) == len(WALK) - 2


def test_a_pose_again_and_again(tmp_path, importing):
    source = film(tmp_path / "court")
    for number in (5, 6, 7):
        np.savetxt(source / f"frame-{number:06d}.pose.txt", WALK[4].to_world)
    made = importing("7scenes", source)
    assert "3 lost frames left out (the same pose again and again), first court/frame-000005" in made.output


def test_a_walk_may_begin_at_the_origin(tmp_path, importing):
    walk = [frame._replace(centre=frame.centre - WALK[0].centre, to_camera=frame.to_camera @ WALK[0].to_camera.T)
            for frame in WALK]  # fmt: skip
    made = importing("7scenes", film(tmp_path / "court", walk))
    assert len(made.train) + len(made.test) == len(WALK)


def test_the_older_name_asks_for_a_split(tmp_path, capsys):
    from posenet_lib.cli import main

    command = ["scene", "import-7scenes", str(film(tmp_path / "court")), "--out", str(tmp_path / "out")]
    assert main(command) == 2
    assert "--test-blocks 100:4" in capsys.readouterr().err
    assert main([*command, "--test-blocks", "2:2"]) == 0
    assert "6 training and 4 test photos" in capsys.readouterr().out


def ace(folder, calibration="355.5"):
    for label, walk in (("train", WALK[:7]), ("test", WALK[7:])):
        put_photos(folder / label / "rgb", walk, lambda _, frame: frame.name.replace(".jpg", ".color.jpg"))
        for part in ("poses", "calibration"):
            (folder / label / part).mkdir()
        for frame in walk:
            stem = frame.name.removesuffix(".jpg")
            np.savetxt(folder / label / "poses" / f"{stem}.pose.txt", frame.to_world)
            (folder / label / "calibration" / f"{stem}.calibration.txt").write_text(calibration)
    return folder


@pytest.mark.parametrize("calibration", ["355.5", "355.5 0 240\n0 355.5 135\n0 0 1\n"])
def test_ace(tmp_path, importing, calibration):
    made = importing("ace", ace(tmp_path / "court", calibration))
    matrix = np.array([[355.5, 0, 240], [0, 355.5, 135], [0, 0, 1]])
    assert_same_pixels(made, WALK, lambda index, points: pixels(index, points, matrix))
    assert (len(made.train), len(made.test)) == (7, 3)
    assert "Split: the source's own, of its folders train and test." in made.output


def test_ace_damage_is_named(tmp_path, importing):
    source = ace(tmp_path / "court")
    (source / "train" / "poses" / "frame00001.pose.txt").write_text("1 2 3")
    assert "frame00001.pose.txt: has 3 numbers where a 4x4" in importing.refused("ace", source)
    (source / "train" / "poses" / "frame00001.pose.txt").unlink()
    assert "frame00001.txt is missing; every photo needs its pose" in importing.refused("ace", source)
    assert "no folders train and test" in importing.refused("ace", source / "train" / "rgb")
    np.savetxt(source / "train" / "poses" / "frame00001.pose.txt", WALK[0].to_world)
    (source / "train" / "calibration" / "frame00001.calibration.txt").write_text("355 350")
    assert "frame00001.calibration.txt: has 2 numbers; a focal length" in importing.refused("ace", source)


def twelve(folder, split="sequence0 [frames=3] [start=0 ; end=2]\nsequence1 [frames=7] [start=3 ; end=9]\n"):
    film(folder / "data")
    (folder / "split.txt").write_text(split)
    lens = "355 0 238.5 0 0 350 136.25 0 0 0 1 0 0 0 0 1"
    info = f"m_versionNumber = 4\nm_colorWidth = 480\nm_colorHeight = 270\nm_calibrationColorIntrinsic = {lens}\n"
    (folder / "info.txt").write_text(info)
    return folder


def test_12_scenes(tmp_path, importing):
    source = twelve(tmp_path / "apt1" / "kitchen")
    (source / "data" / "frame-000005.pose.txt").write_text("-1.#INF " * 16)
    made = importing("12scenes", source)
    assert [record.name for record in made.test] == [f"kitchen/frame-{number:06d}.color.jpg" for number in range(3)]
    assert "1 lost frame left out (a number that is not finite), first kitchen/frame-000005.color.jpg." in made.output
    assert_same_pixels(made, WALK[:5], pixels)


def test_12_scenes_damage_is_named(tmp_path, importing):
    source = twelve(tmp_path / "kitchen", split="first half\n")
    assert "split.txt, line 1: 'first half' names no first sequence" in importing.refused("12scenes", source)
    (source / "split.txt").unlink()
    (source / "info.txt").write_text("m_calibrationColorIntrinsic = 1 2 3\n")
    assert "m_calibrationColorIntrinsic: has 3 numbers where 16" in importing.refused("12scenes", source)
    assert "no data/frame-NNNNNN.color.jpg" in importing.refused("12scenes", tmp_path)


@pytest.mark.parametrize("kind", ["7scenes", "12scenes", "ace"])
def test_photos_elsewhere_are_refused_where_they_lie_beside_their_poses(kind, tmp_path, importing):
    source = {"7scenes": film, "12scenes": twelve, "ace": ace}[kind](tmp_path / "court")
    message = importing.refused(kind, source, "--photos", tmp_path)
    assert f"--photos {tmp_path}: this format has its photos beside their poses, in SRC" in message
