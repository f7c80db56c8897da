"""Predictions from a file: the errors are SciPy's, and whatever is wrong with the file is named."""

import json
import shutil

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.evaluation.outside_predictions import score_predictions
from posenet_lib.evaluation.prediction_file import write_predictions
from posenet_lib.evaluation.prediction_reading import read_predictions
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list
from posenet_lib.scenes.scene import Scene, load_scene


@pytest.fixture
def scene(small_scene) -> Scene:
    return load_scene(small_scene, check_images=False)


@pytest.fixture
def predicted(scene) -> PoseArray:
    """Near the truth, each photo with other errors."""
    rng = np.random.default_rng(1)
    true = scene.test.poses
    turned = quaternion.normalise(true.quaternion_wxyz + rng.normal(scale=0.02, size=true.quaternion_wxyz.shape))
    return PoseArray(true.position_m + rng.normal(size=true.position_m.shape), quaternion.canonical_sign(turned))


def names(scene: Scene) -> list[str]:
    return [record.name for record in scene.test.records]


def csv_text(scene, poses, quaternions=None, header="image,x,y,z,w,p,q,r", separator=",") -> str:
    quaternions = poses.quaternion_wxyz if quaternions is None else quaternions
    rows = zip(names(scene), poses.position_m, quaternions, strict=True)
    lines = [separator.join([name, *(repr(float(v)) for v in (*x, *q))]) for name, x, q in rows]
    return "\n".join([header, *lines]) + "\n"


def test_every_format_gives_the_same_errors(scene, predicted, tmp_path):
    expected = pose_errors(predicted, scene.test.poses)
    write_predictions(tmp_path / "p.csv", names(scene), predicted)
    write_predictions(tmp_path / "p.json", names(scene), predicted)
    records = [PoseRecord(name, scene.folder / name, x, q) for name, x, q in zip(names(scene), *predicted, strict=True)]
    write_pose_list(tmp_path / "p.txt", records[::-1])  # in another order
    (tmp_path / "raw.csv").write_text(csv_text(scene, predicted, -3 * predicted.quaternion_wxyz))
    text = csv_text(scene, predicted, header="\ufeffIMAGE;X;Y;Z; W;P;Q;R", separator=";").replace("\n", "\r\n")
    (tmp_path / "sheet.csv").write_bytes(text.replace("walk", "C:\\data\\SmallCourt\\walk").replace("/", "\\").encode())
    wide = csv_text(scene, predicted, header="image,x,y,z,w,p,q,r,position_sigma_m").replace("\n", ",0.5\n")
    (tmp_path / "sigma.csv").write_text(wide.replace("position_sigma_m,0.5", "position_sigma_m"))
    for name in ("p.csv", "p.json", "p.txt", "raw.csv", "sheet.csv", "sigma.csv"):
        found = score_predictions(scene, tmp_path / name).errors["predictions"]
        np.testing.assert_allclose(found.position_m, expected.position_m, atol=1e-5, err_msg=name)
        np.testing.assert_allclose(found.rotation_deg, expected.rotation_deg, atol=1e-3, err_msg=name)


def test_the_command(scene, predicted, tmp_path, capsys):
    write_predictions(tmp_path / "p.csv", names(scene), predicted)
    # A scene without its photos: its two lists are enough.
    lists = tmp_path / "lists"
    lists.mkdir()
    for split in ("train", "test"):
        shutil.copy(scene.folder / f"dataset_{split}.txt", lists)
    command = ["evaluate", "--scene", str(lists), "--from", str(tmp_path / "p.csv")]
    assert main([*command, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    expected = pose_errors(predicted, scene.test.poses)
    assert result["median_position_m"] == pytest.approx(np.median(expected.position_m), abs=1e-5)
    assert result["median_rotation_deg"] == pytest.approx(np.median(expected.rotation_deg), abs=1e-3)
    assert set(result["baselines"]) == {"mean_pose", "oracle"}
    assert main(command) == 0
    text = capsys.readouterr().out
    assert "these predictions" in text
    assert "Note" not in text
    assert main([*command, "--predictions", str(tmp_path / "q.csv")]) == 2
    assert "nothing to write" in capsys.readouterr().err
    assert main([*command, "--test-time", "dense"]) == 2
    assert "leave them out with --from" in capsys.readouterr().err
    assert main(["evaluate", "--checkpoint", str(tmp_path / "none"), "--predictions", str(tmp_path / "q.txt")]) == 2
    assert "q.txt: the name must end in .csv" in capsys.readouterr().err, "said before anything is read or computed"
    with pytest.raises(SystemExit):
        main([*command, "--checkpoint", str(tmp_path)])


def test_the_truth_scores_zero_on_real_lists(shared_data, capsys):
    kings = shared_data / "kings_college"
    assert main(["evaluate", "--scene", str(kings), "--from", str(kings / "dataset_test.txt"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["count"] == 343
    assert result["median_position_m"] == 0
    assert result["p95_rotation_deg"] < 1e-4


def without(count):
    return lambda text: "\n".join(text.splitlines()[:-count]) + "\n"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without(1), r"1 of 4 test photos have no prediction: walk"),
        (
            lambda t: t + "walk99/x.jpg,1,2,3,1,0,0,0\n",
            r"1 predictions are not in the scene's test list: walk99/x\.jpg",
        ),
        (lambda t: t + "walk01/frame00001.jpg,1,2,3,1,0,0,0\n", r"1 predictions are training photos: walk01/"),
        (lambda t: t + t.splitlines()[1] + "\n", r"p\.csv, line 6: photo walk.* is there already"),
        (lambda t: t.replace("image,x", "photo,x"), r"line 1: no column image; the first line must name"),
        (lambda t: t.split("\n", 1)[1], r"line 1: no column image, x, y"),
        (lambda t: t + "walk09/a.jpg,1,2,three,1,0,0,0\n", r"line 6: z is 'three', which is not a number"),
        (lambda t: t + "walk09/a.jpg,1,2,3,1,0,0\n", r"line 6: r is missing; image, x, y"),
        (lambda t: t + "walk09/a.jpg,1,,3,1,0,0,0\n", r"line 6: y is missing"),
        (lambda t: t + "walk09/a.jpg,1,5,2,5,1,0,0,0\n", r"line 6: 1 more values than .* \(0\); write decimal points"),
        (lambda t: t + "walk09/a.jpg,1,2,nan,1,0,0,0\n", r"line 6: z is 'nan'; a finite number is needed"),
        (lambda t: t + "walk09/a.jpg,1,2,3,0,0,0,0\n", r"line 6: the quaternion w, p, q, r is zero"),
        (lambda t: t + ",1,2,3,0,0,0,0\n", r"line 6: the photo's name is missing"),
        (lambda t: "", r"line 1: no column"),
    ],
)
def test_what_is_wrong_is_named(change, words, scene, predicted, tmp_path):
    (tmp_path / "p.csv").write_text(change(csv_text(scene, predicted)))
    with pytest.raises(WorkbookError, match=words):
        read_predictions(tmp_path / "p.csv", scene)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("p.json", "{", "no JSON"),
        ("p.json", '{"image": 1}', "must be a list of objects"),
        ("p.json", '[{"image": "a.png", "x": "1e999"}]', r"entry 1: x is '1e999'; a finite number"),
        ("p.json", '[{"image": "a.png", "x": 1}]', r"entry 1: y is missing"),
        ("p.txt", "a.png 1 2 3\n", "line 1: has 3 numbers"),
        ("p.txt", "a.png 1 2 3 1 0 0 0\na.png 1 2 3 1 0 0 0\n", "line 2: photo a.png is already on line 1"),
        ("p.csv", None, "no such file"),
        ("p.txt", None, "no such pose list"),
    ],
)
def test_other_files_that_are_wrong(name, text, words, scene, tmp_path):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(WorkbookError, match=words):
        read_predictions(tmp_path / name, scene)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda q: np.roll(q, -1, axis=1), "as x, y, z, w (w last) (xyzw)"),
        (lambda q: q * [1, -1, -1, -1], "from camera to world (c2w)"),
        (lambda q: np.roll(q * [1, -1, -1, -1], -1, axis=1), "(xyzw c2w)"),
    ],
)
def test_another_convention_is_noticed(change, words, scene, predicted, tmp_path):
    (tmp_path / "p.csv").write_text(csv_text(scene, predicted, change(predicted.quaternion_wxyz)))
    (note,) = score_predictions(scene, tmp_path / "p.csv").notes
    assert words in note
