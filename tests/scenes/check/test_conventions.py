"""Readings of the same numbers: the wrong ones are found and named, the right ones raise no alarm."""

from pathlib import Path

import numpy as np
import pytest

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.conventions import Reading, read_as
from posenet_lib.geometry.poses import PoseArray
from tests.scenes.check.matrix import CONVENTIONS, findings
from tests.scenes.check.walks import KINDS, facts_of, walked
from tests.support.other_conventions import write_as

NOWHERE = Path("nowhere")


@pytest.mark.parametrize("names", [*CONVENTIONS, ("hloc", "opengl"), ("c2w", "opengl", "t")])
def test_every_reading_has_its_inverse(names):
    rng = np.random.default_rng(1)
    poses = PoseArray(
        rng.normal(size=(30, 3)), quaternion.canonical_sign(quaternion.normalise(rng.normal(size=(30, 4))))
    )
    reading = Reading.of_steps(names)
    back = read_as(write_as(poses, reading), reading)
    np.testing.assert_allclose(back.position_m, poses.position_m, atol=1e-9)
    assert quaternion.angle_deg(back.quaternion_wxyz, poses.quaternion_wxyz).max() < 1e-4
    assert Reading.of_steps(reading.steps) == reading


def test_readings_project_a_known_point():
    """A camera at (1, 2, 3) that looks along world y, with z up: a point 5 m ahead and 1 m up is above the middle."""
    from posenet_lib.scenes.practice_court.camera import looking

    poses = PoseArray(np.array([[1.0, 2, 3]]), looking(90.0)[None])
    for names in CONVENTIONS:
        read = read_as(write_as(poses, Reading.of_steps(names)), Reading.of_steps(names))
        seen = quaternion.to_matrix(read.quaternion_wxyz[0]) @ (np.array([1.0, 7, 4]) - read.position_m[0])
        np.testing.assert_allclose(seen, [0, -1, 5], atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_no_false_alarm_on_walks_of_other_seeds(kind):
    assert [found.finding for found in findings(facts_of(walked(kind, 21), NOWHERE))] == []


@pytest.mark.parametrize("names", CONVENTIONS, ids="+".join)
def test_another_convention_is_found_without_photos(names):
    expected = " ".join(Reading.of_steps(names).steps)
    scene = walked("hand roll", 23)
    (found,) = findings(facts_of(scene, NOWHERE, dict.fromkeys(("train", "test"), names)))
    assert "both lists" in found.finding
    assert found.remedy == f"posenet scene convert nowhere --out nowhere-repaired --from {expected}"
    (found,) = findings(facts_of(scene, NOWHERE, {"test": names}))
    assert found.remedy.endswith(f"--from {expected} --list test")
    assert found.where == f"nowhere/dataset_test.txt, line 4 ({scene['test'][0][0]})"


def test_two_lists_may_be_wrong_in_two_ways():
    found = findings(facts_of(walked("walk", 24), NOWHERE, {"train": ("xyzw",), "test": ("opengl",)}))
    assert [f.remedy.partition("--from ")[2] for f in found] == ["xyzw --list train", "opengl --list test"]


def test_numbers_that_are_no_quaternions_are_named():
    facts = facts_of(walked("walk", 25), NOWHERE)
    facts.train.numbers[:, 3:] *= np.random.default_rng(0).uniform(0.5, 2, (len(facts.train), 1))
    found = findings(facts)
    assert "are no quaternions" in found[0].finding


@pytest.mark.parametrize("kind", ["drone", "nadir"])
def test_flights_in_map_coordinates_have_no_other_finding(kind):
    names_and_poses = walked(kind, 3).items()
    far = {
        k: (names, p._replace(position_m=p.position_m + np.array([5e5, 5.78e6, 100])))
        for k, (names, p) in names_and_poses
    }
    assert [found.remedy.partition("--from ")[2] for found in findings(facts_of(far, NOWHERE))] == ["offset"]
