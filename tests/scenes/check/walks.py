"""Scenes without photos for the checks: the practice court's own walks with other seeds, and walked otherwise."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.conventions import Reading
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.check.facts import ListFacts, SceneFacts
from posenet_lib.scenes.pose_rows import PoseRow
from posenet_lib.scenes.practice_court import walks
from posenet_lib.scenes.practice_court.camera import looking
from posenet_lib.scenes.practice_court.court import FURNISHINGS
from tests.support.other_conventions import write_as

KINDS = ("walk", "still", "fast turns", "hand roll", "sideways", "drone", "nadir", "ahead", "sparse")


@lru_cache
def walked(kind: str, seed: int) -> dict[str, tuple[list[str], PoseArray]]:
    """Label -> names and poses of a scene whose way points, turns and phases are drawn anew."""
    rng = np.random.default_rng(seed)
    scene = {}
    for label, count, photos in (("train", int(rng.integers(4, 12)), 40), ("test", int(rng.integers(2, 5)), 24)):
        names, positions, quaternions = [], [], []
        for k in range(count):
            points = tuple(map(tuple, np.cumsum(rng.uniform(-3, 3, (6, 2)), axis=0).clip(-7, 7)))
            walk = walks.Walk(
                f"{label}{k:02d}", points, float(rng.uniform(2, 3.2)), float(rng.uniform()), (250, 48), 1, 0
            )
            poses = walks._poses(walk, photos, seed * 100 + k, FURNISHINGS, walks.MAIN_YAW_DEG)
            position = np.array([pose.position_m for pose in poses])
            wxyz = np.array([pose.quaternion_wxyz for pose in poses])
            position, wxyz = _otherwise(kind, position, wxyz, rng)
            names += [f"{walk.name}/frame{i + 1:05d}.jpg" for i in range(len(position))]
            positions.append(position)
            quaternions.append(wxyz)
        position, wxyz = np.concatenate(positions).round(6), np.concatenate(quaternions).round(6)
        if kind == "sparse":
            names, position, wxyz = names[::20], position[::20], wxyz[::20]
        scene[label] = (names, PoseArray(position, quaternion.canonical_sign(quaternion.normalise(wxyz))))
    return scene


def _otherwise(kind: str, position: np.ndarray, wxyz: np.ndarray, rng: np.random.Generator):
    count = len(position)
    s = np.linspace(0, 1, count)
    if kind == "still":  # stands for a quarter of the walk; a tracker's noise is under a millimetre, or nothing at all
        first, length = int(rng.integers(5, count // 2)), count // 4
        keep = np.concatenate([np.arange(first), np.full(length, first), np.arange(first + 1, count)])
        position, wxyz = position[keep], wxyz[keep]
        if rng.uniform() < 0.5:
            position = position + rng.normal(0, 3e-4, position.shape)
        return position, wxyz
    if kind in ("walk", "sparse"):
        return position, wxyz
    turns, phases = rng.uniform(0.5, 1.5), rng.uniform(0, 2 * np.pi, 4)
    yaw = 360 * turns * s + 40 * np.sin(2 * np.pi * 2.1 * s + phases[0])
    pitch, roll = 3 + 5 * np.sin(2 * np.pi * 1.7 * s + phases[1]), 2 * np.sin(2 * np.pi * 2.3 * s + phases[2])
    if kind == "fast turns":
        yaw = 3 * yaw
    elif kind == "hand roll":
        roll = 11 * np.sin(2 * np.pi * 3.3 * s + phases[2]) + rng.normal(0, 1.5, count)
        pitch = -10 + 12 * np.sin(2 * np.pi * 2.7 * s + phases[3])
    elif kind == "sideways":  # a telephone held upright, its pixels as they lie
        roll = 90 + 6 * np.sin(2 * np.pi * 3.3 * s + phases[2])
    elif kind == "drone":
        height = rng.uniform(8, 30) + rng.uniform(1, 6) * np.sin(2 * np.pi * 1.1 * s + phases[3])
        position = np.column_stack([8 * position[:, :2], height])
        pitch, roll = -rng.uniform(15, 50) + 5 * np.sin(2 * np.pi * 1.3 * s), 0.4 * np.sin(9 * s + phases[2])
    elif kind == "nadir":
        position = np.column_stack([10 * position[:, :2], rng.uniform(30, 60) + np.sin(5 * s + phases[3])])
        pitch, roll = -85 + 3 * np.sin(2 * np.pi * 1.3 * s), 0.4 * np.sin(9 * s + phases[2])
    elif kind == "ahead":  # a car, or somebody who films where he goes
        step = np.gradient(position[:, :2], axis=0)
        yaw = np.degrees(np.unwrap(np.arctan2(step[:, 1], step[:, 0])))
        roll = 0.5 * np.sin(9 * s + phases[2])
    return position, np.array([looking(*angles) for angles in zip(yaw, pitch, roll, strict=True)])


def facts_of(scene, folder: Path, readings=None, scales=None) -> SceneFacts:
    """What the checks look at, as if lists of these poses had been read from `folder`.

    Args:
        readings: label -> names of differences, in which the list is written.
        scales: label -> units in a metre.
    """
    lists = []
    for label in ("train", "test"):
        names, poses = scene[label]
        poses = PoseArray(poses.position_m * (scales or {}).get(label, 1.0), poses.quaternion_wxyz)
        numbers = write_as(poses, Reading.of_steps((readings or {}).get(label, ()))).round(6)
        rows = tuple(PoseRow(i + 4, n, folder / n, v) for i, (n, v) in enumerate(zip(names, numbers, strict=True)))
        lists.append(ListFacts(label, folder / f"dataset_{label}.txt", rows, ()))
    return SceneFacts(folder, *lists)
