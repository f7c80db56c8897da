"""What else the losses of three heads become in `PoseLoss`: not a sum, or a sum with factors that have no name."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from posenet_lib.workbook.checks.known_mistakes.head_loss import Batch
from posenet_lib.workbook.checks.known_mistakes.head_loss_differences import normalised
from posenet_lib.workbook.checks.known_mistakes.head_loss_lengths import rows
from posenet_lib.workbook.checks.known_mistakes.mistake import Fit, same_series
from posenet_lib.workbook.checks.known_mistakes.pose_loss_weights import DIVIDED, Weights

SETTINGS = tuple(  # beta, (w of aux1, aux2, main); no weight is a multiple of another
    (beta, np.array(weights))
    for beta, weights in ((3.7, (0.7, 0.2, 1.9)), (0.8, (1.3, 0.45, 0.6)), (12.5, (0.25, 1.7, 0.9)))
)


class HeadBatch(NamedTuple):
    """Predictions of aux1, aux2, main for one truth."""

    heads: tuple[Batch, Batch, Batch]


def together(losses: np.ndarray, made: list[HeadBatch], right: np.ndarray) -> Iterator[Fit]:
    """Losses that are not added: the largest one, a root of squares, ..."""
    heads = np.stack([right[:, :3] + beta * right[:, 3:6] for beta, _ in SETTINGS])  # [settings, probes, 3]
    weights = np.stack([w for _, w in SETTINGS])[:, None]
    ways = {
        "You took the largest of the three losses. The formula adds them.": lambda x: x.max(axis=2),
        "You took the smallest of the three losses. The formula adds them.": lambda x: x.min(axis=2),
        "You took the median of the three losses. The formula adds them.": lambda x: np.median(x, axis=2),
        "You took the root of the sum of the squared losses. The formula adds them.": lambda x: np.sqrt((x**2).sum(2)),
        "You added the squares of the losses. The formula adds the losses.": lambda x: (x**2).sum(axis=2),
        "You squared the sum. The formula adds the losses.": lambda x: x.sum(axis=2) ** 2,
        "You took the logarithm of a sum of exponentials (logsumexp). The formula adds the losses.": _logsumexp,
        "You multiplied the three losses. The formula adds them.": lambda x: x.prod(axis=2),
        "You took the logarithm of the losses. The formula adds them as they are.": lambda x: np.log(x).sum(axis=2),
        "You took the logarithm of the sum. The formula has no logarithm.": lambda x: np.log(x.sum(axis=2)),
        "You took the root of the losses. The formula adds them as they are.": lambda x: np.sqrt(x).sum(axis=2),
        "You took the root of the sum. The formula has no root there.": lambda x: np.sqrt(x.sum(axis=2)),
        "The weights are exponents of the losses. A weight is a factor.": None,
    }
    for text, way in ways.items():
        inputs = (heads, weights * heads) if way else (heads**weights,)
        for values in inputs:
            if same_series(losses, way(values) if way else values.sum(axis=2)).all():
                yield Fit(text, 1)
    for mixed in _averaged(made):
        ratio = losses / mixed
        if same_series(ratio, ratio[:, :1] + 0 * ratio).all():
            yield Fit(DIVIDED, 1)


def _logsumexp(x: np.ndarray) -> np.ndarray:
    largest = x.max(axis=2)
    return largest + np.log(np.exp(x - largest[..., None]).sum(axis=2))


def _averaged(made: list[HeadBatch]) -> Iterator[np.ndarray]:
    """The loss of averaged predictions, [settings, probes]: the plain mean, the weights over their sum, the weights."""
    for shares in (lambda w: np.full(3, 1 / 3), lambda w: w / w.sum(), lambda w: w):
        yield np.array([[_mixed_loss(batch.heads, shares(w), beta) for batch in made] for beta, w in SETTINGS])


def _mixed_loss(heads: tuple[Batch, Batch, Batch], shares: Weights, beta: float) -> float:
    position = sum(share * head.position for share, head in zip(shares, heads, strict=True))
    quaternion = sum(share * head.quaternion for share, head in zip(shares, heads, strict=True))
    truth = heads[2]
    turned = rows(quaternion, normalised(truth.true_quaternion))
    return float(rows(position, truth.true_position).mean() + beta * turned.mean())


def numbers(factors: np.ndarray) -> Iterator[Fit]:
    """The factors as numbers, where no rule names them; 1.5 parts, so that a rule goes first."""
    beta, w = SETTINGS[0]
    a, c, d = factors[0, :3], factors[0, 3:6], factors[0, 6]
    plain = np.concatenate([w, w * beta, [0.0]])
    if np.abs(factors[0] - plain).max() < 1e-3:
        return
    rest = factors - np.array([np.concatenate([v, v * b, [0.0]]) for b, v in SETTINGS])
    if np.abs(rest[:, :6]).max() < 1e-3:
        yield Fit(f"A constant, {d:.4g}, is added to the loss. A perfect prediction has loss 0.", 1.5)
        return
    if np.abs(factors - factors[:1]).max() < 1e-3 * np.abs(factors).max():
        learned = " and a constant is added, as in learned weighting" if abs(d) > 1e-3 else ""
        yield Fit(f"Your factors depend neither on beta nor on head_weights{learned}. Use both arguments.", 1.5)
        return
    if _own_weights(factors):
        yield Fit(f"The head weights are hard-coded as {_three(a)}. Use the argument head_weights.", 1.25)
        return
    for fit in _other_beta(factors):
        yield fit
        return
    constant = f", and {d:.4g} is added" if abs(d) > 1e-3 else ""
    yield Fit(
        f"With beta {beta:g} and weights {tuple(w.tolist())} your code multiplies the position errors of aux1, aux2, "
        f"main by {_three(a)} (right: {_three(w)}) and their orientation errors by {_three(c)} (right: "
        f"{_three(w * beta)}){constant}.",
        1.5,
    )


def _own_weights(factors: np.ndarray) -> bool:
    """Whether the weights are the same for all settings, and beta is right."""
    weights, betas = factors[:, :3], np.array([[beta] for beta, _ in SETTINGS])
    fixed = np.abs(weights - weights[:1]).max() < 1e-3 and np.abs(factors[:, 3:6] - weights * betas).max() < 1e-2
    return bool(fixed and np.abs(factors[:, 6]).max() < 1e-3)


def _other_beta(factors: np.ndarray) -> Iterator[Fit]:
    """Right weights, with a beta that is a number of its own for some heads."""
    weights = np.stack([w for _, w in SETTINGS])
    if np.abs(factors[:, :3] - weights).max() > 1e-3 or np.abs(factors[:, 6]).max() > 1e-3:
        return
    betas = factors[:, 3:6] / weights  # [settings, heads]
    asked = np.array([beta for beta, _ in SETTINGS])[:, None]
    own = np.abs(betas - asked).max(axis=0) < 1e-3 * asked.max()
    fixed = np.abs(betas - betas[:1]).max(axis=0) < 1e-3 * np.maximum(betas[0], 1)
    if (own | fixed).all() and fixed.any() and own.any():
        names = " and ".join(name for name, is_fixed in zip(("aux1", "aux2", "main"), fixed, strict=True) if is_fixed)
        value = betas[0][np.argmax(fixed)]
        yield Fit(f"beta is hard-coded as {value:.4g} for {names}. Every head uses the same beta, the argument.", 1.25)
    elif fixed.all():
        yield Fit("beta is hard-coded. Use the argument beta.", 1.25)


def _three(values: Weights) -> str:
    return ", ".join(f"{value:.4g}" for value in values)
