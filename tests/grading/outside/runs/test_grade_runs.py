"""Runs: errors and points, a neighbour's network by its errors, and one line for everything that is wrong."""

import csv
import functools
import io
import json
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from posenet_lib import cli
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.prediction import Prediction
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray, PositionSpread
from posenet_lib.grading.outside.policies.roster import Person
from posenet_lib.grading.outside.runs import grade_runs as grade_runs_module
from posenet_lib.grading.outside.runs import hidden_photos, known_court
from posenet_lib.grading.outside.runs.grade_runs import RunsGrading, grade_runs, runs_csv
from posenet_lib.grading.outside.runs.run_policy import RunPolicy, read_run_policy
from posenet_lib.grading.outside.runs.student_seeds import SeededStudent, write_seeds
from posenet_lib.models.checkpoint import Checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.practice_court.walks import training_poses, unlisted_poses

SECRET = b"the secret of this course"
planned_training, planned_hidden = functools.cache(training_poses), functools.cache(unlisted_poses)
STUDENTS = [SeededStudent(Person(name), 10_000 + n) for n, name in enumerate(["Ann Lee", "Bob Ray", "Cy Poe", "Di"])]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A checkpoint as training leaves it; it knows nothing."""
    torch.manual_seed(0)
    spread = PositionSpread((0.0, 0.0, 1.6), (4.0, 3.0, 0.1))
    config = TrainConfig(image_size=112)
    model = PoseNet.from_config(config, spread).state_dict()
    file = tmp_path_factory.mktemp("network") / "best.safetensors"
    save_checkpoint(file, Checkpoint(config, "court", spread, np.full((256, 455, 3), 110, np.float32), model))
    return file


@pytest.fixture
def grey(monkeypatch):
    """The renderer without its time, and each court's walks planned once."""
    shot = np.full((270, 480, 3), 90, np.uint8)
    monkeypatch.setattr(hidden_photos, "training_poses", planned_training)
    monkeypatch.setattr(hidden_photos, "unlisted_poses", planned_hidden)
    monkeypatch.setattr(hidden_photos, "render_photo", lambda *_, **__: shot)


def hand_in(folder, file, **more):
    """`name=court`: a copy of the network that says in its scene's name which court it knows."""
    for name, court in more.items():
        target = folder / name.replace("_", " ") / "runs" / "best.safetensors"
        target.parent.mkdir(parents=True)
        renamed(file, target, f"{court}")
    return folder


def renamed(file, target, scene):
    data = file.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    details = json.loads(header["__metadata__"]["details"]) | {"scene_name": scene}
    header["__metadata__"]["details"] = json.dumps(details)
    text = json.dumps(header).encode()
    target.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])


@pytest.fixture
def knowing(monkeypatch, grey):
    """Networks that know the court in their scene's name to 0.2 m and 3 degrees, and elsewhere say one pose."""
    courts = {}
    render = hidden_photos.render_hidden

    def rendered(seeds, *arguments, **options):
        found = render(seeds, *arguments, **options)
        courts.update({file: (seed, k) for seed, court in found.items() for k, file in enumerate(court.files)})
        courts.update(found)
        return found

    def predict(checkpoint, files):
        poses = []
        for file in files:
            seed, k = courts[file]
            true = courts[seed].true
            turn = [np.cos(np.radians(1.5)), np.sin(np.radians(1.5)), 0, 0]
            knows = checkpoint.scene_name == str(seed)
            position = true.position_m[k] + [0.2, 0, 0] if knows else np.zeros(3)
            poses.append((position, quaternion.multiply(turn, true.quaternion_wxyz[k] if knows else [1, 0, 0, 0])))
        return Prediction(PoseArray(np.array([p for p, _ in poses]), np.array([q for _, q in poses])))

    monkeypatch.setattr(grade_runs_module, "render_hidden", rendered)
    monkeypatch.setattr(known_court, "predict_photos", predict)


def graded(folder, tmp_path, **more):
    results = grade_runs(RunsGrading(folder, STUDENTS, SECRET, photos=2, workers=1, cache=tmp_path / "cache", **more))
    return {result.submission or result.student.person.name: result for result in results}


def test_a_network_is_judged_in_its_own_court_and_a_neighbours_is_named(tmp_path, network, knowing):
    folder = hand_in(tmp_path / "runs", network, Ann_Lee=10_000, Bob_Ray=10_000, Cy_Poe=0)
    results = graded(folder, tmp_path)
    ann, bob, cy, di = (results[name] for name in ("Ann Lee", "Bob Ray", "Cy Poe", "Di"))
    assert (ann.status, ann.points) == ("graded", 5)
    assert ann.errors.position_m == pytest.approx(0.2) and ann.errors.rotation_deg == pytest.approx(3)
    assert (bob.status, bob.points) == ("another court", 0)
    assert re.match(r"this network knows the court of Ann Lee \(seed 10000\): 0\.20 m and 3\.0 deg there, ", bob.reason)
    assert "The same file as that of Ann Lee." in bob.reason and "The same file as that of Bob Ray." in ann.reason
    assert (cy.status, cy.points) == ("another court", 0) and "the court PracticeCourt (seed 0)" in cy.reason
    assert (di.status, di.points, di.reason) == ("missing", 0, "no run was handed in")
    rows = list(csv.DictReader(io.StringIO(runs_csv(list(results.values()), RunPolicy()))))
    assert [row["status"] for row in rows] == ["graded", "another court", "another court", "missing"]
    assert rows[0]["position_m"] == "0.200" and float(rows[0]["mean_pose_m"]) > 1 and rows[0]["max_points"] == "5"


def test_a_file_that_cannot_be_opened_costs_nobody_else_anything(tmp_path, network, knowing, monkeypatch):
    folder = hand_in(tmp_path / "runs", network, Ann_Lee=10_000, Bob_Ray=10_001)
    opened = Path.open

    def refuses_bobs(self, *arguments, **options):
        if "Bob Ray" in self.parts:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuses_bobs)
    results = graded(folder, tmp_path)
    assert (results["Ann Lee"].status, results["Ann Lee"].points) == ("graded", 5) and "Bob Ray" in results


def test_a_network_that_has_learned_nothing_is_no_copy(tmp_path, network, grey):
    result = graded(hand_in(tmp_path / "runs", network, Ann_Lee="x"), tmp_path)["Ann Lee"]
    assert (result.status, result.points) == ("no better than the mean pose", 0)
    assert re.fullmatch(r"its errors are \d+ % of the mean pose's\.", result.reason)


def with_tensor(network, target, name, change):
    """The network with one of its tensors changed."""
    from safetensors import safe_open

    with safe_open(network, framework="pt") as file:
        tensors, metadata = {key: file.get_tensor(key) for key in file.keys()}, file.metadata()  # noqa: SIM118
    tensors[name] = change(tensors[name])
    save_file(tensors, target, metadata=metadata)


def wide_of_huge_photos(network, target):
    """A wide crop grows with the mean image, which is the student's."""
    with_tensor(network, target, "mean_image", lambda _: torch.zeros(1000, 2000, 3))
    with_details(target, target, config={"crop": "wide"})


def with_details(network, target, **changed):
    data = network.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    details = json.loads(header["__metadata__"]["details"])
    for name, value in changed.items():
        details[name] = details[name] | value if isinstance(value, dict) else value
    header["__metadata__"]["details"] = json.dumps(details)
    text = json.dumps(header).encode()
    target.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])


BAD = {
    "empty": (lambda _, file: file.write_bytes(b""), "cannot be read as a checkpoint"),
    "noise": (lambda _, file: file.write_bytes(os.urandom(5000)), "cannot be read as a checkpoint"),
    "a pickle": (lambda _, file: torch.save({"a": torch.zeros(3)}, file), "cannot be read as a checkpoint"),
    "cut off": (lambda net, file: file.write_bytes(net.read_bytes()[:-9]), "cannot be read as a checkpoint"),
    "another project": (lambda _, file: save_file({"w": torch.zeros(3)}, file), "not this workbook's"),
    "no details": (lambda _, file: save_file({"w": torch.zeros(3)}, file, {"format": "posenet-workbook 1"}),
                   "no checkpoint of this workbook (KeyError"),
    "other trunk": (lambda net, file: with_details(net, file, config={"trunk": "resnet18"}), "no checkpoint"),
    "huge input": (lambda net, file: with_details(net, file, config={"image_size": 100_000}), "100000"),
    "huge crop": (lambda net, file: wide_of_huge_photos(net, file), "its network wants 864 pixels"),
    "not a number": (lambda net, file: with_tensor(net, file, "mean_image", lambda t: t * np.nan), "no pose"),
    "mean image": (lambda net, file: with_tensor(net, file, "mean_image", lambda t: t[:, :100].clone()),
                   "its mean image is 100x256, which is not the shape of the court's photos"),
    "flat mean image": (lambda net, file: with_tensor(net, file, "mean_image", lambda t: t[:, :, 0].clone()),
                        "its mean image has shape (256, 455); it must be (H, W, 3)"),
    "a link": (lambda net, file: file.symlink_to(net), "is a link"),
    "a folder": (lambda _, file: file.mkdir(), "no best.safetensors"),
    "two": (lambda net, file: [shutil.copy(net, file), (file.parent / "b").mkdir(),
                               shutil.copy(net, file.parent / "b" / file.name)], "2 checkpoints ("),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_is_wrong_with_a_checkpoint_is_one_line_and_costs_nobody_else(kind, tmp_path, network, grey):
    make, said = BAD[kind]
    (tmp_path / "runs" / "Ann Lee").mkdir(parents=True)
    make(network, tmp_path / "runs" / "Ann Lee" / "best.safetensors")
    result = graded(tmp_path / "runs", tmp_path)["Ann Lee"]
    assert (result.status, result.points) == ("not readable", 0)
    assert said in result.reason and "\n" not in result.reason and str(tmp_path) not in result.reason


def test_who_is_not_in_the_table_is_said(tmp_path, network, grey):
    (tmp_path / "runs").mkdir()
    shutil.copy(network, tmp_path / "runs" / "Zed.safetensors")
    result = graded(tmp_path / "runs", tmp_path)["Zed"]
    assert (result.status, result.reason) == ("not in the roster", "fits nobody in the roster")


def test_no_runs_at_all(tmp_path):
    with pytest.raises(WorkbookError, match="no such folder"):
        graded(tmp_path / "absent", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(WorkbookError, match="holds no runs"):
        graded(tmp_path / "empty", tmp_path)


def test_points_follow_the_policy(tmp_path):
    policy = RunPolicy(points=4, full_at=0.4, nothing_at=0.8)
    assert [policy.earned(share) for share in (0.1, 0.4, 0.6, 0.7, 0.8, 3)] == [4, 4, 2, 1, 0, 0]
    file = tmp_path / "runs.toml"
    file.write_text("points = 4\nfull_at = 0.4\n")
    assert read_run_policy(file) == policy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("point = 4", "unknown point; known are points, full_at, nothing_at"),
        ("points = 'four'", "points is 'four'; it must be a number above 0"),
        ("points = -1", "points is -1"),
        ("points = nan", "points is nan"),
        ("full_at = 0.9", "full_at below nothing_at"),
        ("nothing_at = 1.5", "nothing_at at most 1"),
        ("points =", "cannot be read as a policy"),
    ],
)
def test_a_wrong_policy_is_refused(tmp_path, text, said):
    (tmp_path / "runs.toml").write_text(text)
    with pytest.raises(WorkbookError, match=r"runs\.toml: ") as error:
        read_run_policy(tmp_path / "runs.toml")
    assert said in str(error.value)


def test_the_command_writes_the_table(tmp_path, network, grey, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = hand_in(tmp_path / "handed in", network, Ann_Lee="x")
    write_seeds(tmp_path / "seeds.csv", [STUDENTS[0]])
    (tmp_path / "secret").write_bytes(SECRET)
    out = tmp_path / "runs.csv"
    command = ["courts", "grade", str(folder), "--out", str(out), "--workers", "1"]
    command += ["--seeds", str(tmp_path / "seeds.csv"), "--secret", str(tmp_path / "secret")]
    monkeypatch.setattr(grade_runs_module, "court_that_it_knows", lambda *_: None)
    assert cli.main(command) == 0
    assert "Ann Lee: 0 of 5 points (" in capsys.readouterr().out
    assert out.read_text().splitlines()[1].startswith("Ann Lee,Ann Lee,,,10000,no better than the mean pose,")
