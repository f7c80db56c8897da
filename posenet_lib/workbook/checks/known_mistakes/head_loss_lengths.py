"""How two sets of rows, [B, k] each, become one number. The right way: the mean of the rows' Euclidean distances."""

from collections.abc import Callable

import numpy as np

Length = Callable[[np.ndarray, np.ndarray], float]  # (predicted [B, k], true [B, k])


def rows(a: np.ndarray, b: np.ndarray, order: float = 2) -> np.ndarray:
    """The distances of the rows, [B]."""
    return np.linalg.norm(a - b, ord=order, axis=1)


def _smooth(difference: np.ndarray) -> np.ndarray:
    size = np.abs(difference)
    return np.where(size < 1, size**2 / 2, size - 0.5)


def _all_pairs(a: np.ndarray, b: np.ndarray) -> float:
    return np.linalg.norm(a[:, None] - b[None], axis=2).mean()


SUMMED = "You added up over the batch. Take the mean over the photos."
WHOLE = "You took one norm over the whole batch. Each photo has its own: `dim=1`, then the mean."
SQUARES = "You took squared errors (as `mse_loss` does). The formula has lengths: the root of the sum of squares."
ROOT_MEAN = "You took the root of the mean square. The formula has the mean of the lengths."
ABSOLUTE = "You added absolute values (an L1 norm). The formula has Euclidean lengths: the root of the sum of squares."
ONE_PHOTO = "You took only one photo of the batch (a maximum or a median does that, too). Take the mean."
HUBER = "You used a smooth L1 (Huber) loss. The formula has Euclidean lengths: the root of the sum of squares."
DIVISOR = "The sum over the batch was divided by the wrong number. Divide by the number of photos, as `.mean()` does."
LOGARITHM = "You took the logarithm of the errors. The formula has the lengths as they are."
_UNDER_ROOT = "The number added under the root is too large: it changes the loss. 1e-8 is enough to guard a root."
RIGHT = ""

LENGTHS: tuple[tuple[str, Length], ...] = (
    (RIGHT, lambda a, b: rows(a, b).mean()),
    (SUMMED, lambda a, b: rows(a, b).sum()),
    (WHOLE, lambda a, b: np.sqrt(((a - b) ** 2).sum())),
    (WHOLE, lambda a, b: np.sqrt(((a - b) ** 2).sum()) / len(a)),
    (
        "You took the norm over the batch axis. The components are on axis 1: `dim=1`.",
        lambda a, b: np.linalg.norm(a - b, axis=0).mean(),
    ),
    (
        "You took the norm over the batch axis, and added up. The components are on axis 1: `dim=1`.",
        lambda a, b: np.linalg.norm(a - b, axis=0).sum(),
    ),
    (SQUARES, lambda a, b: ((a - b) ** 2).mean()),
    (SQUARES, lambda a, b: ((a - b) ** 2).mean() / 2),
    (SQUARES, lambda a, b: ((a - b) ** 2).sum()),
    (SQUARES, lambda a, b: ((a - b) ** 2).sum() / 2),
    (SQUARES, lambda a, b: (rows(a, b) ** 2).mean()),
    (SQUARES, lambda a, b: (rows(a, b) ** 2).mean() / 2),
    (ROOT_MEAN, lambda a, b: np.sqrt((rows(a, b) ** 2).mean())),
    (ROOT_MEAN, lambda a, b: np.sqrt(((a - b) ** 2).mean())),
    (ABSOLUTE, lambda a, b: np.abs(a - b).sum(axis=1).mean()),
    (ABSOLUTE, lambda a, b: np.abs(a - b).mean()),
    (ABSOLUTE, lambda a, b: np.abs(a - b).sum()),
    (
        "Each length holds the largest component alone. It is the root of the sum of the squares of all components.",
        lambda a, b: rows(a, b, np.inf).mean(),
    ),
    (
        "The norm has order 3. A Euclidean length has order 2: the root of the sum of squares.",
        lambda a, b: rows(a, b, 3).mean(),
    ),
    (
        "The norm has order 4. A Euclidean length has order 2: the root of the sum of squares.",
        lambda a, b: rows(a, b, 4).mean(),
    ),
    (HUBER, lambda a, b: _smooth(a - b).mean()),
    (HUBER, lambda a, b: _smooth(a - b).sum(axis=1).mean()),
    (HUBER, lambda a, b: _smooth(rows(a, b)).mean()),
    (
        "Negative differences count as 0 (relu, clamp). A length is the root of the sum of squares.",
        lambda a, b: np.linalg.norm(np.maximum(a - b, 0), axis=1).mean(),
    ),
    *(
        ("Only the better or the worse half of the batch counts. Take the mean over all photos.", half)
        for half in (
            lambda a, b: np.sort(rows(a, b))[: max(len(a) // 2, 1)].mean(),
            lambda a, b: np.sort(rows(a, b))[-max(len(a) // 2, 1) :].mean(),
        )
    ),
    (HUBER, lambda a, b: _smooth(a - b).sum()),
    (HUBER, lambda a, b: _smooth(rows(a, b)).sum()),
    *((_UNDER_ROOT, lambda a, b, e=e: np.sqrt((rows(a, b) ** 2) + e).mean()) for e in (1.0, 0.1, 0.01, 1e-3)),
    ("You took the exponential of the errors. The formula has lengths.", lambda a, b: np.exp(rows(a, b)).mean()),
    ("You took the cube of the errors. The formula has lengths.", lambda a, b: (rows(a, b) ** 3).mean()),
    (
        "You averaged the errors over the batch before the norm, so they cancel. First the norm of each photo.",
        lambda a, b: np.linalg.norm((a - b).mean(axis=0)),
    ),
    (
        "You added the components with their signs, so they cancel. A length is the root of the sum of squares.",
        lambda a, b: np.abs((a - b).sum(axis=1)).mean(),
    ),
    (
        "You added the components with their signs, so they cancel. A length is the root of the sum of squares.",
        lambda a, b: (a - b).sum(axis=1).mean(),
    ),
    (
        "You averaged the components with their signs, so they cancel. A length is the root of the sum of squares.",
        lambda a, b: (a - b).mean(),
    ),
    (ONE_PHOTO, lambda a, b: rows(a, b)[0]),
    (ONE_PHOTO, lambda a, b: rows(a, b)[-1]),
    (ONE_PHOTO, lambda a, b: rows(a, b).max()),
    (ONE_PHOTO, lambda a, b: rows(a, b).min()),
    (ONE_PHOTO, lambda a, b: np.median(rows(a, b))),
    (ONE_PHOTO, lambda a, b: np.sort(rows(a, b))[(len(a) - 1) // 2]),  # torch's median
    ("The last photo of the batch is left out.", lambda a, b: rows(a, b)[:-1].mean()),
    ("The last photo of the batch is left out.", lambda a, b: rows(a, b)[:-1].sum() / len(a)),
    ("The first photo of the batch is left out.", lambda a, b: rows(a, b)[1:].mean()),
    ("The first photo of the batch is left out.", lambda a, b: rows(a, b)[1:].sum() / len(a)),
    ("Only every second photo of the batch counts.", lambda a, b: rows(a, b)[::2].mean()),
    (DIVISOR, lambda a, b: rows(a, b).sum() / max(len(a) - 1, 1)),
    (DIVISOR, lambda a, b: rows(a, b).sum() / (len(a) + 1)),
    (DIVISOR, lambda a, b: rows(a, b).sum() / len(a) ** 2),
    (DIVISOR, lambda a, b: rows(a, b).sum() / np.sqrt(len(a))),
    (
        "The sum over the batch was divided by the number of components (3 and 4), not by the number of photos.",
        lambda a, b: rows(a, b).sum() / a.shape[1],
    ),
    ("You took the root twice: a norm is a length already.", lambda a, b: np.sqrt(rows(a, b)).mean()),
    ("You took the root of the mean length: a norm is a length already.", lambda a, b: np.sqrt(rows(a, b).mean())),
    (LOGARITHM, lambda a, b: np.log1p(rows(a, b)).mean()),
    (LOGARITHM, lambda a, b: np.log(rows(a, b) + 1e-300).mean()),
    (LOGARITHM, lambda a, b: np.log(rows(a, b).mean() + 1e-300)),
    (LOGARITHM, lambda a, b: np.log1p(rows(a, b).mean())),
    ("You compare each prediction with the truth of every photo. Photo i belongs to photo i alone.", _all_pairs),
    (
        "You took the standard deviation of the lengths. The formula has their mean.",
        lambda a, b: rows(a, b).std(ddof=1),
    ),
    (
        "You took the product of the lengths. The formula has their mean.",
        lambda a, b: np.exp(np.log(rows(a, b) + 1e-300).mean()),
    ),
)

# In one of the two errors alone, each is also a plain factor, so that the cause would be a guess.
IN_BOTH: tuple[tuple[str, Length], ...] = (
    (ROOT_MEAN, lambda a, b: (rows(a, b) / np.sqrt(a.shape[1])).mean()),
    (
        "The mean over the photos was divided by the number of components (3 and 4) once more.",
        lambda a, b: rows(a, b).mean() / a.shape[1],
    ),
)
