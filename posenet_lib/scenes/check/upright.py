"""Are poses those of photos that people take? A score without photos, by which readings of the same numbers compare.

Whoever walks, or flies a drone, keeps the camera nearly level: its x axis is horizontal, whatever it looks at. So all
x axes lie in one plane, and the plane's normal is the world's up. In a wrong reading they do not, or cameras stand on
their heads, or the walk goes up and down as much as along. The score adds these up, in degrees; smaller is better.
"""

from typing import NamedTuple

import numpy as np

_OVER_HEELS = 30.0  # what cameras that do not agree on up and down cost
_Z_IS_UP = 0.9  # a world whose vertical is its z axis has z upwards
_SIDEWAYS = 8.0  # a telephone held upright takes photos whose pixels lie on their side; less usual than level ones
# How the camera is held -> its axes that are then horizontal and down, (N, 3) each.
_HELD = {
    "level": lambda rotation: (rotation[:, 0], rotation[:, 1]),
    "turned left": lambda rotation: (rotation[:, 1], -rotation[:, 0]),
    "turned right": lambda rotation: (-rotation[:, 1], rotation[:, 0]),
}


class Upright(NamedTuple):
    """How the cameras stand."""

    score: float  # degrees; good poses have 3 to 20, wrong readings 30 to 100
    up: np.ndarray  # (3,) the world's up
    held: str  # of `_HELD`
    roll_deg: float  # median, off level
    heads_up: float  # 1 if all agree on up and down, 0 if they do not

    @property
    def clear(self) -> bool:
        """Whether cameras stand so that the world's up can be trusted."""
        return self.roll_deg < 15 and self.heads_up > 0.5


def upright(position_m: np.ndarray, rotation: np.ndarray, beside: Upright | None = None) -> Upright:
    """The best score that any direction of up gives.

    Args:
        position_m: (N, 3).
        rotation: (N, 3, 3), world to camera.
        beside: of the other list of the scene, whose up is then taken.
    """
    centre = np.median(position_m, axis=0)
    away = position_m - centre
    if beside is not None:
        return _score(beside.up, _HELD[beside.held](rotation), away, centre, beside.held, signed=True)
    found = []
    for held, axes in _HELD.items():
        right, down = axes(rotation)
        candidates = [*_level_directions(right), _unit(-down.mean(axis=0)), np.array([0.0, 0, 1])]
        found += [_score(up, (right, down), away, centre, held, signed=False) for up in candidates]
    return min(found, key=lambda one: one.score)


def _level_directions(right: np.ndarray) -> list[np.ndarray]:
    """The two directions to which x axes (N, 3) are most nearly at right angles."""
    weight = np.ones(len(right))
    for _ in range(8):  # iteratively reweighted: a few tilted cameras do not decide
        _, axes = np.linalg.eigh((right * weight[:, None]).T @ right)
        weight = 1 / np.sqrt(0.03**2 + (right @ axes[:, 0]) ** 2)
    return [axes[:, 0], axes[:, 1]]


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _score(
    up: np.ndarray,
    axes: tuple[np.ndarray, np.ndarray],
    away: np.ndarray,
    centre: np.ndarray,
    held: str,
    *,
    signed: bool,
) -> Upright:
    right, down = axes
    heads_up = -float(np.mean(down @ up))
    if heads_up < 0 and not signed:
        up, heads_up = -up, -heads_up
    roll = np.degrees(np.arcsin(np.median(np.abs(right @ up)).clip(0, 1)))
    climbing = np.percentile(np.abs(away @ up), 68)
    along = np.percentile(np.linalg.norm(away - np.outer(away @ up, up), axis=1), 68)
    flat = np.degrees(np.arctan2(climbing, max(along, 1e-9)))
    score = roll + flat + _OVER_HEELS * (1 - heads_up) + _OVER_HEELS * (up[2] < -_Z_IS_UP)
    if held != "level":
        score += _SIDEWAYS
    return Upright(float(score), up, held, float(roll), heads_up)
