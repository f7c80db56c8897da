"""Checks of the practice `rotation_error_deg`: turns whose angle is known, by every sign and length. No torch here."""

from collections.abc import Callable, Iterator

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.workbook.checks.running import SubCheck, Wrong

Answer = Callable[[np.ndarray, np.ndarray], np.ndarray]
DEGREES = np.array([0.5, 3.0, 17.0, 45.0, 90.0, 120.0, 150.0, 179.0])
_GENERIC = (
    "The angles are wrong. Take the first one: divide both by their lengths, multiply, add up, and go on by hand."
)


def turned(degrees: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of unit quaternions that are such turns apart, (N, 4) each, with a positive product."""
    rng = np.random.default_rng(seed)
    axis = rng.normal(size=(len(degrees), 3))
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    half = np.radians(degrees)[:, None] / 2
    true = quaternion.normalise(rng.normal(size=(len(degrees), 4)))
    return quaternion.multiply(np.concatenate([np.cos(half), np.sin(half) * axis], axis=1), true), true


def _mistakes(a: np.ndarray, b: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """What typical mistakes give."""
    p, q = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in (a, b))
    signed = np.clip((p * q).sum(axis=1), -1, 1)
    cosine = np.abs(signed)
    with np.errstate(all="ignore"):
        yield "The factor 2 is missing: a quaternion holds the half angle.", np.degrees(np.arccos(cosine))
        yield "The angle is in radians. Degrees are asked for: `np.degrees`.", 2 * np.arccos(cosine)
        yield "The factor 2 is missing, and the angle is in radians.", np.arccos(cosine)
        yield (
            "q and -q are the same rotation: take the absolute value of the product before `arccos`.",
            np.degrees(2 * np.arccos(signed)),
        )
        sine = np.degrees(2 * np.arcsin(cosine))
        yield "`arcsin` in place of `arccos`: then a perfect answer has the largest error.", sine
        double = np.degrees(np.arccos(np.clip(2 * cosine - 1, -1, 1)))
        yield "The factor 2 belongs outside of `arccos`.", double
        for text, one, other in (
            ("The quaternions are not divided by their lengths.", a, b),
            ("The true quaternions are not divided by their lengths.", p, b),
            ("The predicted quaternions are not divided by their lengths.", a, q),
        ):
            product = np.abs((one * other).sum(axis=1))
            yield text, np.degrees(2 * np.arccos(product))
            yield text, np.degrees(2 * np.arccos(np.clip(product, -1, 1)))
        whole = (one / np.linalg.norm(one) for one in (a, b))
        columns = (one / np.linalg.norm(one, axis=0) for one in (a, b))
        for (one, other), text in (
            (whole, "All quaternions are divided by one length. Each has its own: `axis=1, keepdims=True`."),
            (columns, "The lengths are those of the columns (`axis=0`). Each row is a quaternion: `axis=1`."),
        ):
            yield text, np.degrees(2 * np.arccos(np.clip(np.abs((one * other).sum(axis=1)), 0, 1)))
        nearer = np.where(signed[:, None] < 0, -p, p)
        yield "That is the distance of the quaternions, not an angle.", np.linalg.norm(nearer - q, axis=1)
        yield "That is the distance of the quaternions, not an angle.", np.linalg.norm(p - q, axis=1)
        yield "That is the distance of the quaternions in degrees.", np.degrees(np.linalg.norm(nearer - q, axis=1))
        yield "w alone is compared. The product adds all four numbers.", np.degrees(2 * np.arccos(np.abs(p[:, 0])))


def _expect(answer: Answer, a: np.ndarray, b: np.ndarray, degrees: np.ndarray, detail: str) -> None:
    got = _result(answer(a.copy(), b.copy()), len(a))
    if np.isnan(got).any() and not _explained(got, a, b):
        raise Wrong(
            "A result is NaN. Rounding can make the product 1.0000000000000002, and `arccos` knows numbers up to 1 "
            "only: `np.clip`."
        )
    if not np.allclose(got, degrees, atol=0.01):
        worst = int(np.nanargmax(np.abs(np.nan_to_num(got, nan=1e9) - degrees)))
        numbers = f"{detail} Expected {degrees[worst]:.6g} degrees, got {got[worst]:.6g}."
        raise Wrong(_explained(got, a, b) or _GENERIC, numbers)


def _explained(got: np.ndarray, a: np.ndarray, b: np.ndarray) -> str | None:
    texts = {text for text, values in _mistakes(a, b) if np.allclose(got, values, atol=1e-3, equal_nan=True)}
    return texts.pop() if len(texts) == 1 else None


def _result(got: object, count: int) -> np.ndarray:
    if got is None:
        raise Wrong("Your function returned None: did you forget `return`?")
    if not isinstance(got, np.ndarray | np.generic):
        raise Wrong(f"Your function returned a {type(got).__name__}; return a NumPy array of shape (N,).")
    if got.shape != (count,):
        causes = {
            (): "The result is one number. Each photo has its own error; the median comes later.",
            (4,): "The sum goes over the photos. It goes over the four numbers of each quaternion: `axis=1`.",
            (count, 1): "The result has an axis of size 1 too many: no `keepdims` in the last sum.",
            (count, count): "Every prediction meets every truth (a matrix product). Photo i meets truth i alone.",
        }
        raise Wrong(causes.get(got.shape, "The result has another shape."), f"Expected ({count},), got {got.shape}.")
    if got.dtype.kind != "f":
        raise Wrong(f"The result has dtype {got.dtype}; angles are floating-point numbers.")
    return got


def _shape(answer: Answer) -> None:
    for count in (8, 1):
        _result(answer(*turned(DEGREES[:count])), count)


def _angles(answer: Answer) -> None:
    _expect(answer, *turned(DEGREES), DEGREES, "Unit quaternions, one turn after the other.")


def _negated(answer: Answer) -> None:
    a, b = turned(DEGREES, 1)
    _expect(answer, -a, b, DEGREES, "The prediction is -q.")
    _expect(answer, a, np.where(np.arange(len(b))[:, None] % 2, -b, b), DEGREES, "Every second truth is -q.")


def _lengths(answer: Answer) -> None:
    a, b = turned(DEGREES, 2)
    long, short = np.linspace(1.5, 9, len(a))[:, None], np.linspace(0.9, 0.05, len(a))[:, None]
    _expect(answer, a * short, b * long, DEGREES, "Both have lengths of their own.")
    _expect(answer, a * long, b, DEGREES, "The predictions have lengths from 1.5 to 9.")
    _expect(answer, a, b * short, DEGREES, "The truths have lengths from 0.05 to 0.9.")


def _same(answer: Answer) -> None:
    q = quaternion.normalise(np.random.default_rng(3).normal(size=(2000, 4)))
    _expect(answer, q, q, np.zeros(len(q)), "Prediction and truth are the same.")
    _expect(answer, -3 * q, q, np.zeros(len(q)), "The prediction is -3 times the truth.")


def _half(answer: Answer) -> None:
    a, b = turned(np.full(200, 180.0), 4)
    _expect(answer, a, b, np.full(200, 180.0), "Half a turn.")


def _unchanged(answer: Answer) -> None:
    given = [2 * one for one in turned(DEGREES)]
    before = [one.copy() for one in given]
    answer(*given)
    if not all(np.array_equal(*pair) for pair in zip(given, before, strict=True)):
        raise Wrong("Your code changed its arguments. Make new arrays: `a = a / b`, not `a /= b`.")


SUB_CHECKS = (
    SubCheck("one error for each photo", _shape),
    SubCheck("known angles", _angles),
    SubCheck("q and -q", _negated),
    SubCheck("quaternions of any length", _lengths),
    SubCheck("the same rotation, without NaN", _same),
    SubCheck("half a turn", _half),
    SubCheck("the arguments stay as they were", _unchanged),
)
