"""Mistakes of `head_loss` in which the two errors are not simply added: p [B] in metres, r [B] of quaternions."""

from collections.abc import Callable

import numpy as np

from posenet_lib.workbook.checks.known_mistakes.head_loss_lengths import LOGARITHM, ONE_PHOTO, ROOT_MEAN, SQUARES, WHOLE

_ONE_LENGTH = "You took one length of position and orientation together. The formula adds two lengths."
_ROOT = "You took the root of the whole loss. The lengths have their roots already."
_LARGER = "You took the larger one of the two errors. The formula adds them."
_PRODUCT = "You multiplied the two errors. The formula adds them."

JOINT: tuple[tuple[str, Callable[[np.ndarray, np.ndarray, float], float]], ...] = (
    (_ONE_LENGTH, lambda p, r, beta: np.sqrt(p**2 + (beta * r) ** 2).mean()),
    (_ONE_LENGTH, lambda p, r, beta: np.sqrt(p**2 + beta * r**2).mean()),
    (_ONE_LENGTH, lambda p, r, beta: np.sqrt(p**2 + r**2).mean()),
    (_ONE_LENGTH, lambda p, r, beta: np.hypot(p.mean(), beta * r.mean())),
    (_ONE_LENGTH, lambda p, r, beta: np.sqrt((p**2).mean() + beta * (r**2).mean())),
    (_ONE_LENGTH, lambda p, r, beta: beta * np.sqrt(p**2 + r**2).mean()),
    (WHOLE, lambda p, r, beta: np.sqrt((p**2).sum() + beta**2 * (r**2).sum())),
    (WHOLE, lambda p, r, beta: np.sqrt((p**2).sum() + beta * (r**2).sum())),
    (ONE_PHOTO, lambda p, r, beta: (p + beta * r).max()),
    (ONE_PHOTO, lambda p, r, beta: (p + beta * r).min()),
    (ONE_PHOTO, lambda p, r, beta: np.median(p + beta * r)),
    (ONE_PHOTO, lambda p, r, beta: np.sort(p + beta * r)[(len(p) - 1) // 2]),
    *(
        ("Only the better or the worse half of the batch counts. Take the mean over all photos.", half)
        for half in (
            lambda p, r, beta: np.sort(p + beta * r)[: max(len(p) // 2, 1)].mean(),
            lambda p, r, beta: np.sort(p + beta * r)[-max(len(p) // 2, 1) :].mean(),
        )
    ),
    (
        "You took the standard deviation of the losses. The formula has their mean.",
        lambda p, r, beta: (p + beta * r).std(ddof=1),
    ),
    (ROOT_MEAN, lambda p, r, beta: np.sqrt(((p + beta * r) ** 2).mean())),
    (SQUARES, lambda p, r, beta: (p**2 + r**2).mean()),
    (SQUARES, lambda p, r, beta: (p**2 + r**2).mean() / 7),  # of one vector of seven numbers
    (SQUARES, lambda p, r, beta: ((p + beta * r) ** 2).mean()),
    (SQUARES, lambda p, r, beta: ((p + beta * r) ** 2).sum()),
    (SQUARES, lambda p, r, beta: (p + beta * r).mean() ** 2),
    (SQUARES, lambda p, r, beta: (p**2 + (beta * r) ** 2).mean()),
    (_ROOT, lambda p, r, beta: np.sqrt(p + beta * r).mean()),
    (_ROOT, lambda p, r, beta: np.sqrt((p + beta * r).mean())),
    (LOGARITHM, lambda p, r, beta: np.log(p + beta * r).mean()),
    (LOGARITHM, lambda p, r, beta: np.log1p(p + beta * r).mean()),
    (LOGARITHM, lambda p, r, beta: np.log((p + beta * r).mean())),
    (LOGARITHM, lambda p, r, beta: np.log1p((p + beta * r).mean())),
    (LOGARITHM, lambda p, r, beta: np.log(p.mean()) + beta * np.log(r.mean())),
    (_LARGER, lambda p, r, beta: np.maximum(p, beta * r).mean()),
    (_LARGER, lambda p, r, beta: max(p.mean(), beta * r.mean())),
    (_PRODUCT, lambda p, r, beta: (p * beta * r).mean()),
    (_PRODUCT, lambda p, r, beta: p.mean() * beta * r.mean()),
    (_PRODUCT, lambda p, r, beta: (p * r).mean()),
)

_SCALED = "beta multiplies one quaternion before the subtraction. It multiplies the length of the difference."
_POWER = "beta is an exponent of the orientation error. It is a factor."
# With the quaternions themselves: predicted [B, 4] and the normalised truth [B, 4].
WITH_ROWS: tuple[tuple[str, Callable[[np.ndarray, np.ndarray, float], np.ndarray]], ...] = (
    (_SCALED, lambda q, u, beta: np.linalg.norm(beta * q - u, axis=1)),
    (_SCALED, lambda q, u, beta: np.linalg.norm(q - beta * u, axis=1)),
    (_POWER, lambda q, u, beta: np.linalg.norm(q - u, axis=1) ** beta),
)
