"""Scenes far from 0, as in map coordinates: networks compute in 32 bits, so a whole offset is taken off before that.

Positions are read, and predictions are given back, in 64 bits; in between everything is relative to the offset.
"""

import numpy as np

_STEP_M = 5e-4  # finer steps than this harm nobody
_ROUND = 100.0  # offsets are whole hundreds, so that they can be read


def float32_step(value: float) -> float:
    """Distance from a number of 32 bits to the next."""
    return float(np.spacing(np.float32(abs(value))))


def scene_offset_m(position_m: np.ndarray) -> np.ndarray:
    """What to take off positions (N, 3) in float64, (3,); zeros for a scene that lies near 0.

    From medians: one wrong row does not move the scene.
    """
    middle = np.median(position_m, axis=0)
    far = np.array([float32_step(value) > _STEP_M for value in middle])
    return np.where(far, np.round(middle / _ROUND) * _ROUND, 0.0)
