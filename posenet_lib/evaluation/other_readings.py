"""Would another reading explain predictions far better? Then the reader should know; it is never applied by itself.

Readings are those of `geometry.conventions`, other units, and another world frame (moved, turned, scaled), which is
fitted to the true positions alone, so that orientations still prove it.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.conventions import Reading, read_as
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.geometry.similarity import Similarity, fit_similarity, moved_poses

_FAR_BETTER = 3.0  # times
_BAD = 0.5  # of the errors of always answering the mean pose: better than that, nothing is suspected
_EACH_DIFFERENCE = 0.02  # of two readings that fit, the simpler one
_UNITS = {"centimetres": 0.01, "millimetres": 0.001, "feet": 0.3048, "inches": 0.0254, "kilometres": 1000.0}
_LEAST_FOR_A_FRAME = 6  # predictions: a frame has seven numbers
_READINGS = [
    Reading.of(names)
    for names in (
        (), ("xyzw",), ("c2w",), ("xyzw", "c2w"), ("t",), ("opengl",), ("t", "opengl"), ("c2w", "opengl"),
        ("xyzw", "opengl"), ("xyzw", "c2w", "opengl"), ("xyzw", "t"), ("c2w", "t"), ("xyzw", "c2w", "t"),
        ("qfirst",), ("qfirst", "t"), ("qfirst", "xyzw"), ("qfirst", "c2w"), ("qfirst", "xyzw", "t"),
        ("qfirst", "c2w", "opengl"), ("qfirst", "xyzw", "c2w"), ("qfirst", "t", "opengl"),
        ("opk",), ("opk", "c2w", "opengl"),
    )
]  # fmt: skip


class Fit(NamedTuple):
    """Predictions in one reading."""

    words: str  # "with OpenGL's camera axes (opengl)"
    position_m: float  # median error
    rotation_deg: float  # median error
    cost: float  # both errors beside those of the mean pose, and how much is supposed


def better_reading(
    numbers: np.ndarray, true: PoseArray, mean_pose: tuple[float, float], unit: str = "m"
) -> tuple[Fit, Fit] | None:
    """As read, and as it fits far better; None if nothing does, or the predictions are good as they are.

    Args:
        numbers: (N, 7) as they are written, in the order of the true poses.
        mean_pose: median errors of always answering the mean training pose, metres and degrees.
        unit: of the true positions, for the words.
    """
    size = max(mean_pose[0], 1e-6), max(mean_pose[1], 1.0)
    now = _fit("", read_as(numbers, Reading()), true, size, 0)
    if now.cost < _BAD:
        return None
    plain = list(_in_units(numbers, true, size))
    best = min(plain, key=lambda fit: fit.cost, default=now)
    if best.cost * _FAR_BETTER > now.cost or best.cost > 1.0:
        framed = list(_in_another_frame(numbers, true, size, unit))
        best = min([*plain, *framed], key=lambda fit: fit.cost, default=now)
    return (now, best) if best.cost * _FAR_BETTER < now.cost and best.cost < 1.0 else None


def note(now: Fit, best: Fit, unit: str = "m") -> str:
    """For the person who wrote the predictions. `unit`: of the scene's positions."""
    centre = "in metres" if unit == "m" else "in the scene's units"
    return (
        f"Note: read {best.words}, these predictions would have median errors of {best.position_m:.2f} {unit} and "
        f"{best.rotation_deg:.1f} deg in place of {now.position_m:.2f} {unit} and {now.rotation_deg:.1f} deg. Nothing "
        "was changed: the errors above are those of the file as it is. The workbook expects the camera's centre "
        f"{centre} and the quaternion w first, world to camera, in the frame of the scene's lists."
    )


def _in_units(numbers: np.ndarray, true: PoseArray, size: tuple[float, float]) -> Iterator[Fit]:
    for reading, (unit, metres) in product(_READINGS, {"": 1.0, **_UNITS}.items()):
        poses = read_as(numbers, reading)
        if poses is None or (reading == Reading() and not unit):
            continue
        parts = [f"{reading.words} ({' '.join(reading.steps)})"] if reading.names else []
        parts += [f"with positions in {unit}"] if unit else []
        scaled = poses._replace(position_m=poses.position_m * metres)
        yield _fit(" and ".join(parts), scaled, true, size, len(reading.names) + bool(unit))


def _in_another_frame(numbers: np.ndarray, true: PoseArray, size: tuple[float, float], unit: str) -> Iterator[Fit]:
    if len(numbers) < _LEAST_FOR_A_FRAME:
        return
    for reading in _READINGS:
        poses = read_as(numbers, reading)
        if poses is None:
            continue
        frame = fit_similarity(poses.position_m, true.position_m)
        if frame is None:
            continue
        words = _words(frame, poses.position_m, unit)
        if reading.names:
            words = f"{reading.words} ({' '.join(reading.steps)}) and {words}"
        yield _fit(words, moved_poses(poses, frame), true, size, len(reading.names) + 3)


def _words(frame: Similarity, position_m: np.ndarray, unit: str) -> str:
    turn = float(quaternion.angle_deg(quaternion.from_matrix(frame.rotation), np.array([1.0, 0, 0, 0])))
    middle = np.median(position_m, axis=0)
    shift = frame.apply(middle[None])[0] - middle
    scale = f", scaled by {frame.scale:.4g}" if abs(frame.scale - 1) > 0.03 else ""
    return (
        f"in another world frame (moved by {shift[0]:.2f}, {shift[1]:.2f}, {shift[2]:.2f} {unit}, "
        f"turned by {turn:.1f} deg{scale})"
    )


def _fit(words: str, poses: PoseArray, true: PoseArray, size: tuple[float, float], differences: int) -> Fit:
    errors = pose_errors(poses, true)
    position_m, rotation_deg = float(np.median(errors.position_m)), float(np.median(errors.rotation_deg))
    cost = position_m / size[0] + rotation_deg / size[1] + _EACH_DIFFERENCE * differences
    return Fit(words, position_m, rotation_deg, cost)
