"""transforms.json: camera to world in OpenGL's axes; nerfstudio's applied_transform; splits; missing photos."""

import json
import shutil

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.support.importing import assert_same_pixels, frames, put_photos

WALK = frames()
# What nerfstudio puts before COLMAP's poses.
APPLIED = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0]])


def document(first=None, **more):
    first = np.eye(4) if first is None else np.vstack([first, [0, 0, 0, 1]])
    shots = [
        {"file_path": f"./images/{frame.name}", "transform_matrix": (first @ frame.gl_to_world).tolist()}
        for frame in WALK
    ]
    return {"fl_x": 355, "fl_y": 350, "cx": 238.5, "cy": 136.25, "w": 480, "h": 270, "frames": shots, **more}


def write(folder, whole, name="transforms.json"):
    if not (folder / "images").exists():
        put_photos(folder / "images", WALK)
    (folder / name).write_text(whole if isinstance(whole, str) else json.dumps(whole))
    return folder


def nerf_pixels(index, points, world=None):
    """instant-ngp: the camera looks along its own -z, y is up; cx and cy in pixels from the corner."""
    to_world = WALK[index].gl_to_world if world is None else world @ WALK[index].gl_to_world
    right, up, back, _ = np.linalg.inv(to_world) @ np.c_[points, np.ones(len(points))].T
    return np.stack([355 * right / -back + 238.5, 350 * -up / -back + 136.25], 1)


def test_points_project_to_the_same_pixels(tmp_path, importing):
    made = importing("nerf", write(tmp_path / "ngp", document(k1=0.05)))
    assert_same_pixels(made, WALK, nerf_pixels)
    assert "k1=0.05" in made.output


def test_applied_transform_is_taken_back(tmp_path, importing):
    whole = document(APPLIED, applied_transform=APPLIED.tolist())
    made = importing("nerf", write(tmp_path / "studio", whole))
    assert_same_pixels(made, WALK, nerf_pixels)
    assert "applied_transform was taken back" in made.output


def test_applied_transform_can_stay(tmp_path, importing):
    whole = document(APPLIED, applied_transform=APPLIED.tolist())
    made = importing("nerf", write(tmp_path / "studio", whole), "--keep-applied-transform")
    x, y, z = WALK[0].centre
    np.testing.assert_allclose(made.by_name[WALK[0].name].position_m, [x, z, -y], atol=1e-8)


def test_the_angle_of_view_gives_the_focal_length(tmp_path, importing):
    whole = document(camera_angle_x=0.9)
    for key in ("fl_x", "fl_y", "cx", "cy", "w", "h"):
        del whole[key]
    made = importing("nerf", write(tmp_path / "blender", whole))
    np.testing.assert_allclose(made.matrix, [[240 / np.tan(0.45), 0, 240], [0, 240 / np.tan(0.45), 135], [0, 0, 1]])


def test_a_frame_has_its_own_camera(tmp_path, importing):
    whole = document()
    for index, shot in enumerate(whole["frames"]):
        shot["fl_x"] = 350 + 2 * index
    made = importing("nerf", write(tmp_path / "polycam", whole))
    assert "focal lengths differ by up to 2.5 percent" in made.output
    assert made.matrix[0, 0] == 359


def test_the_sources_own_split(tmp_path, importing):
    folder = tmp_path / "blender"
    for label, part in (("train", slice(0, 7)), ("test", slice(7, 10))):
        whole = document()
        whole["frames"] = whole["frames"][part]
        write(folder, whole, f"transforms_{label}.json")
    made = importing("nerf", folder)
    assert {record.name for record in made.test} == {f"images/{frame.name}" for frame in WALK[7:]}
    assert "Split: the source's own" in made.output
    shutil.rmtree(made.folder)
    names = [f"images/{frame.name}" for frame in WALK]
    made = importing("nerf", write(tmp_path / "studio", document(train_filenames=names[2:], test_filenames=names[:2])))
    assert {record.name for record in made.test} == set(names[:2])


def test_fox(shared_data, importing):
    """A real one: 67 frames are listed, 50 photos are there, which instant-ngp passes over too."""
    made = importing("nerf", shared_data / "fox")
    assert (len(made.train), len(made.test)) == (40, 10)
    assert "17 listed photos are not there and were left out, first images/0005.jpg." in made.output
    np.testing.assert_allclose(made.matrix, [[1375.52, 0, 554.558], [0, 1374.49, 965.268], [0, 0, 1]])
    shot = json.loads((shared_data / "fox" / "transforms.json").read_text())["frames"][0]
    np.testing.assert_allclose(
        made.by_name["0001.jpg"].position_m, np.array(shot["transform_matrix"])[:3, 3], atol=1e-8
    )
    # All cameras stand around the fox and look at it: the rays through the photos' middles pass by one point.
    rays = [
        (r.position_m, Rotation.from_quat([*r.quaternion_wxyz[1:], r.quaternion_wxyz[0]]).as_matrix()[2])
        for r in (*made.train, *made.test)
    ]
    normal = [np.eye(3) - np.outer(ray, ray) for _, ray in rays]
    middle = np.linalg.solve(sum(normal), sum(n @ start for n, (start, _) in zip(normal, rays, strict=True)))
    assert all((middle - start) @ ray > 0 for start, ray in rays), "some cameras look away from what all look at"


def bad(**more):
    return json.dumps(document(**more))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "transforms.json, line 1: is no JSON"),
        ("[1, 2]", "holds no 'frames' list"),
        ('{"frames": [3]}', "holds no 'frames' list"),
        ("[" * 100_000, "nested too deeply"),
        (bad().replace("./images/", "./other/1"), "frame 0: there is no photo './other/1frame00001.jpg'"),
        (bad().replace('"file_path": "./images/', '"file_path": 3, "x": "', 1), "frame 0: 'file_path' is 3"),
        (bad(fl_x=0), "focal lengths 0 and 350"),
        (bad(fl_x="wide"), "'fl_x' is 'wide', and a finite number is expected"),
        (bad(w=0), "'w' and 'h' are 0 and 270"),
        (bad(w=640, h=480), "its camera is for photos of 640x480"),
        (bad(first=2 * np.eye(4)[:3]), "frame 0: not a rotation matrix"),
        (bad(first=np.array([[1, 0.2, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])), "not a rotation matrix"),
        (bad(first=np.diag([1, 1, -1, 1])[:3]), "not a rotation matrix"),
        (bad(applied_transform=[[1, 2], [3, 4]]), "'applied_transform' is [[1, 2], [3, 4]]"),
        (bad(applied_transform=np.diag([0, 1, 1, 1]).tolist()), "so it cannot be taken back"),
        (bad(applied_transform=np.eye(4).tolist(), applied_scale=2), "'applied_scale' is 2"),
    ],
)
def test_damage_is_named(tmp_path, importing, text, words):
    assert words in importing.refused("nerf", write(tmp_path / "ngp", text))


def test_lost_frames_are_counted(tmp_path, importing):
    whole = document()
    whole["frames"][2]["transform_matrix"] = [[None] * 4] * 4
    whole["frames"][3]["transform_matrix"] = np.zeros((4, 4)).tolist()
    whole["frames"][5]["transform_matrix"] = np.eye(4).tolist()
    made = importing("nerf", write(tmp_path / "ngp", whole))
    assert f"1 lost frame left out (a number that is not finite), first images/{WALK[2].name}." in made.output
    assert f"1 lost frame left out (all zeros), first images/{WALK[3].name}." in made.output
    assert f"1 lost frame left out (the identity in a moving sequence), first images/{WALK[5].name}." in made.output
    assert len(made.train) + len(made.test) == 7
