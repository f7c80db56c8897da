"""What typical mistakes in `head_loss` give, so that a wrong number gets its likely cause.

Everything here computes something wrong on purpose, in NumPy, from a probe's known errors.
"""

import numpy as np

from posenet_lib.workbook.checks.known_poses import Probe

_HARD_CODED = (1, 10, 100, 120, 250, 300, 500, 750, 1000, 2000)


def head_mistakes(probe: Probe) -> dict[str, list[float]]:
    """Cause -> the losses that this mistake gives on the probe; the first match is the most specific."""
    beta, (p, r) = probe.beta, probe.lengths
    dp, dq = probe.column("position_error"), probe.column("quaternion_error")
    raw, predicted = probe.target_wxyz, probe.predicted_wxyz
    length = np.abs(probe.column("true_length"))[:, None]
    unit, photos = raw / length, len(p)

    def other_quaternions(*differences: np.ndarray) -> list[float]:
        return [p.mean() + beta * np.sqrt((difference**2).sum(axis=1)).mean() for difference in differences]

    rows = predicted / np.sqrt((predicted**2).sum(axis=1, keepdims=True))
    cosine = np.abs((rows * unit).sum(axis=1)).clip(0, 1)
    angle = 2 * np.arccos(cosine)
    closer = np.where((predicted * unit).sum(axis=1, keepdims=True) < 0, -1, 1)
    squares = "You took squared errors (as `mse_loss` does). The formula has lengths: the root of the sum of squares."
    return {
        "With beta 0 your loss is 0, but the position error is left: it is missing, or beta multiplies it.": (
            [] if beta else [0.0]
        ),
        "The target quaternion was not normalised. Divide each row of it by its own length.": other_quaternions(
            predicted - raw
        ),
        "The target was divided by one length for the whole batch. Each row has its own length: `dim=1`.": (
            other_quaternions(predicted - raw / np.sqrt((raw**2).sum()))
        ),
        "The target was normalised along the wrong axis. Each row, not each column, is a quaternion: `dim=1`.": (
            other_quaternions(predicted - raw / np.sqrt((raw**2).sum(axis=0)))
        ),
        "The target was divided by its squared length. The length is the root of the sum of squares.": (
            other_quaternions(predicted - raw / length**2)
        ),
        "The target was divided by the sum of its absolute values. Its length is the root of the sum of squares.": (
            other_quaternions(predicted - raw / np.abs(raw).sum(axis=1, keepdims=True))
        ),
        "You brought the target to w >= 0. Pose lists are, when they are read; here, only divide it by its length.": (
            other_quaternions(predicted - np.where(unit[:, :1] < 0, -1, 1) * unit)
        ),
        "You reordered the target's quaternion. Both are in the order w, p, q, r, w first.": other_quaternions(
            predicted - np.roll(unit, -1, axis=1), predicted - np.roll(unit, 1, axis=1)
        ),
        "You normalised the predicted quaternion. Normalise the target alone; training brings the prediction to "
        "length 1.": other_quaternions(rows - unit),
        "You normalised the predicted quaternion in place of the target.": other_quaternions(rows - raw),
        "You normalised the difference. Normalise the target first, then subtract.": [
            *other_quaternions((predicted - raw) / length),
            p.mean() + beta,
        ],
        "You treat q and -q as the same. That is right for an angle, but this formula does not: pose lists are brought "
        "to w >= 0 instead.": other_quaternions(closer * predicted - unit, closer * rows - unit),
        "You used the angle between the rotations. The formula has the distance of the two quaternions.": [
            p.mean() + beta * error.mean() for error in (angle, angle / 2, np.degrees(angle), 1 - cosine, 1 - cosine**2)
        ],
        "You added up over the batch. Take the mean over the photos.": [p.sum() + beta * r.sum()],
        "You took one norm over the whole batch. Each photo has its own: `dim=1`, then the mean.": [
            root / divisor for root in [np.sqrt((p**2).sum()) + beta * np.sqrt((r**2).sum())] for divisor in (1, photos)
        ],
        "You took the norm over the batch axis. The components are on axis 1: `dim=1`.": [
            np.sqrt((dp**2).sum(axis=0)).mean() + beta * np.sqrt((dq**2).sum(axis=0)).mean()
        ],
        squares: [
            (p**2).mean() / n + beta * (r**2).mean() / m for n, m in ((3, 4), (1, 1), (2, 2), (1 / photos, 1 / photos))
        ],
        "You took the root of the mean square. The formula has the mean of the lengths.": [
            np.sqrt((p**2).mean()) + beta * np.sqrt((r**2).mean()),
            np.sqrt((p**2).mean() / 3) + beta * np.sqrt((r**2).mean() / 4),
            (p / np.sqrt(3)).mean() + beta * (r / 2).mean(),
        ],
        "You added absolute values (an L1 norm). The formula has Euclidean lengths: the root of the sum of squares.": [
            np.abs(dp).sum(axis=1).mean() + beta * np.abs(dq).sum(axis=1).mean(),
            np.abs(dp).mean() + beta * np.abs(dq).mean(),
        ],
        "You averaged the errors over the batch before the norm, so they cancel. First the norm of each photo.": [
            np.sqrt((dp.mean(axis=0) ** 2).sum()) + beta * np.sqrt((dq.mean(axis=0) ** 2).sum())
        ],
        "You took only one photo of the batch (a maximum or a median does that, too). Take the mean.": [
            *(p + beta * r),
            p.max() + beta * r.max(),
            np.median(p) + beta * np.median(r),
        ],
        "You took one length of position and orientation together. The formula adds two lengths.": [
            np.sqrt(p**2 + (beta * r) ** 2).mean(),
            np.sqrt(p**2 + beta * r**2).mean(),
            np.sqrt(p**2 + r**2).mean(),
        ],
        "You took the root twice: a norm is a length already.": [np.sqrt(p).mean() + beta * np.sqrt(r).mean()],
        "You divided by 2, or by 1 + beta. The formula adds the two errors, and divides by nothing.": [
            (p + beta * r).mean() / divisor for divisor in (2, 1 + beta)
        ],
        "You used a smooth L1 (Huber) loss. The formula has Euclidean lengths: the root of the sum of squares.": [
            _smooth_l1(dp).mean() + beta * _smooth_l1(dq).mean(),
            _smooth_l1(dp).sum(axis=1).mean() + beta * _smooth_l1(dq).sum(axis=1).mean(),
        ],
        "beta multiplies the position error. It belongs to the orientation error.": [beta * p.mean() + r.mean()],
        "beta multiplies both errors. It belongs to the orientation error alone.": [beta * (p.mean() + r.mean())],
        "You weight the position by (1 - beta). The position error has weight 1.": [
            (1 - beta) * p.mean() + beta * r.mean()
        ],
        "You divide by beta. It multiplies the orientation error.": [p.mean() + r.mean() / beta] if beta else [],
        "beta is squared.": [p.mean() + beta**2 * r.mean()],
        "beta is added, not multiplied.": [p.mean() + beta + r.mean()] if beta else [],
        "The position error is missing.": [beta * r.mean()],
        "The orientation error is missing.": [p.mean()] if beta else [],
        "beta is not applied.": [p.mean() + r.mean()],
        **{f"beta is hard-coded as {b}. Use the argument beta.": [p.mean() + b * r.mean()] for b in _HARD_CODED},
    }


def _smooth_l1(difference: np.ndarray) -> np.ndarray:
    size = np.abs(difference)
    return np.where(size < 1, size**2 / 2, size - 0.5)
