"""Walks of one list that are unlike its others, shared poses, shuffled lists, degrees in place of metres."""

import numpy as np
import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import repository_root
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.conventions import Reading, rotations_as
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.check import check_facts, check_scene
from posenet_lib.scenes.check.facts import read_facts
from posenet_lib.scenes.pose_list import read_pose_list
from posenet_lib.scenes.practice_court.camera import looking
from posenet_lib.scenes.repair import convert_scene
from tests.scenes.check.walks import walked
from tests.support.other_conventions import to_omega_phi_kappa, write_as

HEAD = "Visual Landmark Dataset V1\nImageFile, Camera Position [X Y Z W P Q R]\n\n"


def write(folder, label, names, numbers):
    lines = [f"{name} {' '.join(f'{number:.6f}' for number in row)}" for name, row in zip(names, numbers, strict=True)]
    folder.mkdir(exist_ok=True)
    (folder / f"dataset_{label}.txt").write_text(HEAD + "\n".join(lines) + "\n")


@pytest.fixture
def lists():
    """Label -> names and numbers of a right scene without photos."""
    return {label: (list(names), write_as(poses, Reading())) for label, (names, poses) in walked("walk", 3).items()}


def written(folder, lists):
    for label, (names, numbers) in lists.items():
        write(folder, label, names, numbers)
    return folder


def of_walk(names, walk):
    return np.array([name.startswith(walk + "/") for name in names])


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        (lambda rows: rows * [100, 100, 100, 1, 1, 1, 1], ["cm"]),
        (lambda rows: write_as(PoseArray(rows[:, :3], rows[:, 3:]), Reading.of(["xyzw"])), ["xyzw"]),
        (lambda rows: write_as(PoseArray(rows[:, :3], rows[:, 3:]), Reading.of(["c2w"])), ["c2w"]),
    ],
)
def test_one_walk_is_found_and_repaired_alone(change, steps, lists, tmp_path):
    names, numbers = lists["train"]
    right, wrong = numbers.copy(), of_walk(names, "train01")
    numbers[wrong] = change(numbers[wrong])
    scene = written(tmp_path / "scene", lists)
    (found,) = check_scene(scene)
    assert "train01" in found.finding and found.count == wrong.sum()
    assert found.remedy.endswith(f"--from {' '.join(steps)} --walk train01")
    convert_scene(scene, tmp_path / "repaired", steps, walks=["train01"])
    again = read_facts(tmp_path / "repaired").train.numbers
    assert np.abs(again[:, :3] - right[:, :3]).max() < 1e-3
    assert quaternion.angle_deg(again[:, 3:], right[:, 3:]).max() < 0.01
    assert check_scene(tmp_path / "repaired") == []


def test_a_walk_that_is_not_there_is_refused(lists, tmp_path):
    with pytest.raises(WorkbookError, match="no photo is in that folder; the folders are test00"):
        convert_scene(written(tmp_path / "scene", lists), tmp_path / "out", ["cm"], walks=["walk99"])


def test_the_same_pose_in_both_lists_is_a_shared_photo(lists, tmp_path):
    lists["test"][0].append("test00/copy.jpg")
    lists["test"] = (lists["test"][0], np.vstack([lists["test"][1], lists["train"][1][7]]))
    (found,) = check_scene(written(tmp_path / "scene", lists))
    assert "exactly the same pose" in found.finding and found.count == 1


def test_a_random_split_is_found_in_a_shuffled_list_with_new_names(lists, tmp_path):
    names, numbers = lists["train"]
    order = np.random.default_rng(0).permutation(len(names))
    test, train = order[: len(order) // 6], order[len(order) // 6 :]
    scene = {
        "train": ([names[i] for i in train], numbers[train]),
        "test": ([f"val/{k}.jpg" for k in range(len(test))], numbers[test]),
    }
    assert any("split at random" in found.finding for found in check_scene(written(tmp_path / "scene", scene)))


def test_latitude_and_longitude_are_named_and_hide_no_other_finding(lists, tmp_path):
    for _, rows in lists.values():
        rows[:, :3] = np.stack([52.2 + rows[:, 1] / 111320, 0.115 + rows[:, 0] / 68000, rows[:, 2]], axis=1)
    for label, (names, rows) in lists.items():
        lines = [f"{name} {' '.join(f'{n:.9f}' for n in row)}" for name, row in zip(names, rows, strict=True)]
        (tmp_path / f"dataset_{label}.txt").write_text(HEAD + "\n".join(lines) + "\n")
    found = check_scene(tmp_path)
    assert "latitude and longitude" in found[0].finding
    assert not any("quaternion" in other.finding for other in found)


def test_angles_in_radians_are_named_and_read(lists, tmp_path):
    right = lists["train"][1].copy()
    for label, (names, rows) in lists.items():
        angles = np.radians(to_omega_phi_kappa(quaternion.to_matrix(rows[:, 3:])))
        lists[label] = (names, np.hstack([rows[:, :3], angles]))
    scene = written(tmp_path / "scene", lists)
    (found,) = check_scene(scene)
    assert "radians" in found.finding and found.remedy.endswith("--from opk-w2c")
    made = convert_scene(scene, tmp_path / "repaired", ["opk-w2c"])
    assert "radians" in made.notes[0]
    again = read_facts(tmp_path / "repaired").train.numbers
    assert quaternion.angle_deg(again[:, 3:], right[:, 3:]).max() < 0.01


def _stairs(walk, i, rng):
    at = (3 * np.cos(i * 0.2), 3 * np.sin(i * 0.2), 1.6 + i * 0.18 + walk * 0.07)
    return at, (np.degrees(i * 0.2) + 90 + 10 * np.sin(i), 8 * np.sin(i * 0.5), rng.normal(0, 3))


def _corridor(walk, i, rng):
    along = i if i < 40 else 79 - i
    return (along * 0.5, 0.2 * np.sin(i) + walk * 0.1, 1.6), ((0 if i < 40 else 180) + 5 * np.sin(i + walk), 2, 0)


def _tripod(walk, i, rng):
    return (walk * 0.8, walk % 2, 1.5), (i * 9 + walk * 3.3, 3 * np.sin(i), 0)


def _turntable(walk, i, rng):
    angle, height = i / 8 + walk * 0.03, 0.15 + 0.1 * walk
    tilt = -np.degrees(np.arctan2(height, 0.5))
    return (0.5 * np.cos(angle), 0.5 * np.sin(angle), height), (np.degrees(angle) + 180, tilt, rng.normal(0, 0.5))


def _lying(walk, i, rng):
    return (walk * 2, 0, 0.5), (20 * np.sin(i * 0.3) + walk * 70, 60 + 15 * np.sin(i * 0.4), 25 * np.sin(i * 0.9))


def _one_on_its_side(walk, i, rng):
    return (6 * np.sin(i * 0.1 + walk), i * 0.2, 1.6), (i * 7 + walk * 20, 4 * np.sin(i), 90 if walk in (1, 4) else 0)


@pytest.mark.parametrize("walk", [_stairs, _corridor, _tripod, _turntable, _lying, _one_on_its_side])
def test_no_false_alarm_on_unusual_walks(walk, tmp_path):
    rng = np.random.default_rng(5)
    for label, walks in (("train", range(4)), ("test", range(4, 6))):
        names, rows = [], []
        for k in walks:
            for i in range(50):
                at, angles = walk(k, i, rng)
                names.append(f"w{k}/f{i:04d}.jpg")
                rows.append(np.concatenate([np.array(at) + rng.normal(0, 0.01, 3), looking(*angles)]))
        write(tmp_path, label, names, np.array(rows))
    facts = read_facts(tmp_path)
    assert rotations_as(facts.train.numbers, Reading()) is not None
    assert [found.finding for found in check_facts(facts)] == []


@pytest.mark.parametrize("text", ["355.8 0 240 0 355.8 135 0 0 1\n", "fx=355.8, fy=355.8, cx=240, cy=135\n"])
def test_a_camera_on_one_line_is_told_line_by_line(text, lists, tmp_path):
    scene = written(tmp_path / "scene", lists)
    (scene / "camera-intrinsics.txt").write_text(text)
    (found,) = check_scene(scene)
    assert "355.8 0 240 / 0 355.8 135 / 0 0 1" in found.remedy


def test_lists_with_different_verticals_are_of_two_frames(lists, tmp_path):
    turn = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
    names, rows = lists["test"]
    turned = quaternion.from_matrix(quaternion.to_matrix(rows[:, 3:]) @ turn.T)
    lists["test"] = (names, np.hstack([rows[:, :3] @ turn.T, turned]))
    (found,) = check_scene(written(tmp_path / "scene", lists))
    assert "up is +z in dataset_train.txt and +y in dataset_test.txt" in found.finding


def test_poses_of_other_photos_are_found(tmp_path):
    court = repository_root() / "data" / "PracticeCourt"
    scene = tmp_path / "scene"
    scene.mkdir()
    for walk in court.glob("walk*"):
        (scene / walk.name).symlink_to(walk)
    train, test = (read_pose_list(court / f"dataset_{label}.txt") for label in ("train", "test"))
    for label, records, by in (("train", train, 25), ("test", test, 0)):
        rows = np.array([np.concatenate([one.position_m, one.quaternion_wxyz]) for one in records])
        write(scene, label, [one.name for one in records], np.roll(rows, by, axis=0))
    assert [found.finding for found in check_scene(scene) if "belong together, in dataset_train.txt" in found.finding]
