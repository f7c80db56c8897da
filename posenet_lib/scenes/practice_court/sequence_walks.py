"""Walks through the court at ten photos a second: for depth and motion, where neighbouring photos must overlap.

They follow the same paths as the photos of the data set (`walks`), under the same sun, but with a calmer head. On some
of them figures walk across the court by themselves.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.practice_court.camera import looking
from posenet_lib.scenes.practice_court.lighting import ClutterItem, Light
from posenet_lib.scenes.practice_court.plan import landmark_outlines
from posenet_lib.scenes.practice_court.walks import WalkPose, test_poses, training_poses

PHOTOS_PER_S = 10
SPEED_M_S = 1.2
SECONDS = 8.0  # at most: shorter where the path ends
WITH_FIGURES = ("walk02", "walk05", "walk08", "walk11", "walk14", "walk16")
KINDS = ("woman", "man", "child")


class Figure(NamedTuple):
    """Somebody who walks straight on: where at time 0, how fast (metres, metres a second, both (x, y))."""

    kind: str
    start_m: tuple[float, float]
    velocity_m_s: tuple[float, float]

    def shift_m(self, from_s: float, to_s: float) -> np.ndarray:
        """How far the figure moves between two times, (3,)."""
        return np.array([*self.velocity_m_s, 0.0]) * (to_s - from_s)

    def at(self, time_s: float) -> ClutterItem:
        """The figure as clutter, facing the way it walks."""
        x, y = (s + v * time_s for s, v in zip(self.start_m, self.velocity_m_s, strict=True))
        facing_deg = math.degrees(math.atan2(self.velocity_m_s[1], self.velocity_m_s[0]))
        return ClutterItem(self.kind, round(x, 4), round(y, 4), round(facing_deg + 90.0, 1))


class SequenceWalk(NamedTuple):
    """One walk: a camera for each photo, the light, and who else walks."""

    name: str
    poses: PoseArray
    light: Light
    figures: tuple[Figure, ...]

    def light_at(self, index: int) -> Light:
        """The light with the figures where they are at that photo."""
        moving = tuple(figure.at(index / PHOTOS_PER_S) for figure in self.figures)
        return Light(**{**self.light.__dict__, "moving": moving})


def sequence_walks(court_seed: int = 0) -> tuple[list[SequenceWalk], list[SequenceWalk]]:
    """Walks for training and walks for testing."""
    return tuple(
        [_walk(name, list(poses), court_seed) for name, poses in groupby(every, key=_walk_name)]
        for every in (training_poses(court_seed), test_poses(court_seed))
    )


def _walk_name(pose: WalkPose) -> str:
    return pose.image_name.partition("/")[0]


def _walk(name: str, known: list[WalkPose], court_seed: int) -> SequenceWalk:
    rng = np.random.default_rng([court_seed, 77, int(name.removeprefix("walk"))])
    path = _even_path(np.array([pose.position_m[:2] for pose in known]))
    count = min(len(path), round(SECONDS * PHOTOS_PER_S))
    start = int(rng.integers(0, len(path) - count + 1))
    path, time = path[start : start + count], np.arange(count) / PHOTOS_PER_S
    ahead = np.mean([quaternion.to_matrix(pose.quaternion_wxyz)[2] for pose in known], axis=0)
    phases = rng.uniform(0, 2 * np.pi, 4)
    yaw = math.degrees(math.atan2(ahead[1], ahead[0])) + rng.uniform(-22, 22)
    yaw = yaw + 12 * np.sin(2 * np.pi * time / 9.0 + phases[0])  # a turn carries no depth: less of it than of steps
    pitch = 1.0 + 2.0 * np.sin(2 * np.pi * time / 5.0 + phases[1])
    roll = 1.5 * np.sin(2 * np.pi * time / 3.5 + phases[2])
    eye = 1.62 + 0.02 * np.sin(2 * np.pi * 1.8 * time + phases[3])  # nearly two steps a second
    poses = PoseArray(
        np.column_stack([path, eye]).round(6),
        np.array([looking(*angles) for angles in zip(yaw, pitch, roll, strict=True)]).round(6),
    )
    light = Light(**{**known[0].light.__dict__, "brightness": 1.0})
    figures = _figures(poses, light, court_seed, rng) if name in WITH_FIGURES else ()
    return SequenceWalk(name, poses, light, figures)


def _even_path(points: np.ndarray) -> np.ndarray:
    """(K, 2) places of a walk -> places a tenth of a second apart, (N, 2), with rounded corners."""
    travelled = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    fine = np.arange(0, travelled[-1], 0.02)
    window = np.hanning(61) / np.hanning(61).sum()
    columns = []
    for column in points.T:
        dense = np.interp(fine, travelled, column)
        mirrored = np.concatenate([2 * dense[0] - dense[30:0:-1], dense, 2 * dense[-1] - dense[-2:-32:-1]])
        columns.append(np.convolve(mirrored, window, mode="valid"))
    smooth = np.stack(columns, axis=1)
    travelled = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(smooth, axis=0).T))])
    at = np.arange(0, travelled[-1], SPEED_M_S / PHOTOS_PER_S)
    return np.stack([np.interp(at, travelled, column) for column in smooth.T], axis=1)


def _figures(poses: PoseArray, light: Light, court_seed: int, rng: np.random.Generator) -> tuple[Figure, ...]:
    """Three who cross the camera's view, two to six metres away, clear of what stands about where that is possible."""
    solid = [outline.corners_m for outline in landmark_outlines(court_seed) if outline.solid]
    obstacles = np.concatenate([*solid, [(item.x, item.y) for item in light.clutter]])
    seconds = len(poses.position_m) / PHOTOS_PER_S
    figures = []
    for number, kind in enumerate(KINDS):
        found = []
        for _ in range(60):
            meet = int((number + rng.uniform(0.2, 0.8)) / len(KINDS) * len(poses.position_m))  # seen at this photo
            ahead = quaternion.to_matrix(poses.quaternion_wxyz[meet])[2, :2]
            aside = np.array([-ahead[1], ahead[0]]) * rng.choice([-1, 1])
            velocity = aside * rng.uniform(0.7, 1.3) + ahead * rng.uniform(-0.2, 0.2)
            place = poses.position_m[meet, :2] + ahead * rng.uniform(2.2, 5.5)
            line = place + velocity * (np.arange(0, seconds, 0.1)[:, None] - meet / PHOTOS_PER_S)
            walker = np.linalg.norm(line[: len(poses.position_m)] - poses.position_m[: len(line), :2], axis=1)
            seen = slice(max(0, meet - 15), meet + 15)  # what happens out of sight does not matter
            room = np.linalg.norm(line[seen, None] - obstacles, axis=2).min()
            found.append((min(room, 0.5) + min(walker.min(), 1.0), line[0], velocity))
        _, start, velocity = max(found, key=lambda one: one[0])
        figures.append(Figure(kind, tuple(start.round(3).tolist()), tuple(velocity.round(3).tolist())))
    return tuple(figures)


def walk_of(name: str, walks: Sequence[SequenceWalk]) -> SequenceWalk:
    """The walk with a name.

    Raises:
        ValueError: there is none.
    """
    for walk in walks:
        if walk.name == name:
            return walk
    raise ValueError(f"no walk {name!r}; there are {[walk.name for walk in walks]}")
