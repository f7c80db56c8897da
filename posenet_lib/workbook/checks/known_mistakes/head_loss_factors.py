"""What the two errors are multiplied by: loss = a x position error + c x orientation error + d. Right: 1, beta, 0."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from posenet_lib.workbook.checks.known_mistakes.mistake import Fit, same_series

Factors = tuple[float, float, float]  # a, c, d
_HALF = "You divided by 2, or by 1 + beta. The formula adds the two errors, and divides by nothing."
_LEARNED = (
    "Your weights of the two errors do not depend on beta, and a constant is added, as in learned weighting. This "
    "formula has 1 and beta."
)
_UNNAMED = 1.25  # parts: a factor that is only known as a number, after those that have a name

RULES: tuple[tuple[str, Callable[[float], Factors]], ...] = (
    ("beta is not applied.", lambda beta: (1, 1, 0)),
    ("beta multiplies the position error. It belongs to the orientation error.", lambda beta: (beta, 1, 0)),
    ("beta multiplies both errors. It belongs to the orientation error alone.", lambda beta: (beta, beta, 0)),
    (
        "beta multiplies the position error too, and the orientation error twice. It belongs to the orientation "
        "error, once.",
        lambda beta: (beta, beta**2, 0),
    ),
    ("You weight the position by (1 - beta). The position error has weight 1.", lambda beta: (1 - beta, beta, 0)),
    ("You divide by beta. It multiplies the orientation error.", lambda beta: (1, 1 / beta if beta else math.inf, 0)),
    (
        "You divide the position error by beta. beta multiplies the orientation error.",
        lambda beta: (1 / beta if beta else math.inf, 1, 0),
    ),
    ("beta is squared.", lambda beta: (1, beta**2, 0)),
    ("You took the square root of beta. It multiplies the orientation error as it is.", lambda b: (1, math.sqrt(b), 0)),
    ("You took the logarithm of beta.", lambda beta: (1, math.log(beta) if beta else -math.inf, 0)),
    ("You took the logarithm of beta.", lambda beta: (1, math.log1p(beta), 0)),
    ("1 is added to beta.", lambda beta: (1, 1 + beta, 0)),
    ("beta is cut off to a whole number. It may be any float.", lambda beta: (1, int(beta), 0)),
    ("beta is rounded to a whole number. It may be any float.", lambda beta: (1, round(beta), 0)),
    ("beta is added, not multiplied.", lambda beta: (1, 1, beta)),
    ("You normalised the difference. Normalise the target first, then subtract.", lambda beta: (1, 0, beta)),
    ("The position error is missing.", lambda beta: (0, beta, 0)),
    ("The position error and beta are missing.", lambda beta: (0, 1, 0)),
    ("The orientation error is missing.", lambda beta: (1, 0, 0)),
    ("The orientation error is subtracted. The formula adds it.", lambda beta: (1, -beta, 0)),
    ("The position error is subtracted. The formula adds it.", lambda beta: (-1, beta, 0)),
    ("The loss has the wrong sign.", lambda beta: (-1, -beta, 0)),
    (_HALF, lambda beta: (0.5, 0.5 * beta, 0)),
    (_HALF, lambda beta: (1 / (1 + beta), beta / (1 + beta), 0)),
    (
        "beta is taken for an angle in degrees. It is a plain factor.",
        lambda beta: (1, math.radians(beta), 0),
    ),
    ("beta is never below 1 in your code. It may be any float.", lambda beta: (1, max(beta, 1), 0)),
    (_LEARNED, lambda beta: (1, math.exp(3.0), -3.0)),
    (_LEARNED, lambda beta: (1, beta, -math.log(beta) if beta else math.inf)),
    (_LEARNED, lambda beta: (1, beta, -math.log(beta + 1e-9))),
    (_LEARNED, lambda beta: (1, math.exp(-beta), beta)),
)


def explain(betas: np.ndarray, terms: np.ndarray, losses: np.ndarray, factors: np.ndarray) -> Iterator[Fit]:
    """Names for fitted factors; the right ones have the text "".

    Args:
        betas: [n].
        terms: [probes, 3], position error, orientation error, 1.
        losses: [n, probes], the student's own.
        factors: [n, 3], fitted.
    """

    def reproduces(rule: Callable[[float], Factors], used: np.ndarray | None = None) -> bool:
        wanted = np.array([rule(beta) for beta in betas], dtype=float)
        chosen = np.isfinite(wanted).all(axis=1) if used is None else used
        return bool(chosen.sum() >= 4 and same_series(losses[chosen], wanted[chosen] @ terms.T).all())

    if reproduces(lambda beta: (1, beta, 0)):
        yield Fit("", 0)
        return
    named = [Fit(text, 1) for text, rule in RULES if reproduces(rule)]
    if named:
        yield from named
        return
    small = (betas > 0) & (betas < 10)  # large ones leave no digits for the position error
    a, c, d = np.median(factors[small], axis=0)
    ratio = np.median(factors[small, 1] / betas[small])
    instead = factors[0, 1] if betas[0] == 0 else 0.0
    if reproduces(lambda beta: (1, c, 0)):
        yield Fit(f"beta is hard-coded as {_round(c)}. Use the argument beta.", 1)
    elif instead and reproduces(lambda beta: (1, beta or instead, 0)):
        text = f"Where beta is 0 you use {_round(instead)} in its place: `beta or ...` takes 0 for a missing value. "
        yield Fit(f"{text}0 is a valid beta.", 1)
    elif reproduces(lambda beta: (a, a * beta, 0)):
        yield Fit(f"Your loss is {_round(a)} times the formula's. It multiplies and divides by nothing else.", _UNNAMED)
    elif reproduces(lambda beta: (1, ratio * beta, 0)):
        text = f"The orientation error is multiplied by {_round(ratio)} x beta. Its factor is beta alone."
        yield Fit(text, _UNNAMED)
    elif reproduces(lambda beta: (a, beta, 0)):
        yield Fit(f"The position error is multiplied by {_round(a)}. Its factor is 1.", _UNNAMED)
    elif reproduces(lambda beta: (1, beta, d)):
        yield Fit(f"A constant, {_round(d)}, is added to the loss. A perfect prediction has loss 0.", _UNNAMED)
    elif reproduces(lambda beta: (a, c, d)):
        yield Fit(_LEARNED if abs(d) > 1e-4 else _two_constants(a, c), _UNNAMED)
    else:
        beta, (a, c, d) = betas[small][1], factors[small][1]
        constant = f" + {_round(d)}" if abs(d) > 1e-4 else ""
        text = f"Where beta is {beta:g}, your loss is {_round(a)} x the position error + {_round(c)} x the "
        yield Fit(f"{text}orientation error{constant}. The factors should be 1 and {beta:g}.", 1.5)


def _two_constants(a: float, c: float) -> str:
    return f"The errors have the fixed factors {_round(a)} and {_round(c)}. They should have 1 and beta."


def _round(value: float) -> str:
    return f"{value:.4g}"
