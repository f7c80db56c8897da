"""Checks of the practice `align_similarity`: exact cases, noise, mirrors, points that do not suffice.

With noise, no answer is held to compare with: the best similarity is the one at which no small change of shift, scale
or rotation makes the residuals smaller, and each of the three has its own condition.
"""

from collections.abc import Callable, Iterator

import numpy as np

from posenet_lib.geometry.similarity import Similarity
from posenet_lib.workbook.checks.running import SubCheck, Wrong

Answer = Callable[[np.ndarray, np.ndarray], Similarity]
_QUARTER = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])  # a quarter turn about z: (1, 0, 0) goes to (0, 1, 0)
_TURN = np.array([[2.0, -1, 2], [2, 2, -1], [-1, 2, 2]]) / 3  # about (1, 1, 1), by 60 degrees
_CLOSE = 1e-6
_GENERIC = (
    "It moves the points elsewhere. Print both sets after you have taken their means off, and the rotation alone."
)


def some_points(count: int = 12, seed: int = 1) -> np.ndarray:
    """Spread differently along the three axes, and far from the origin, (N, 3)."""
    return np.random.default_rng(seed).normal(size=(count, 3)) * [3.0, 2.0, 1.0] + [5.0, -7.0, 2.0]


def result_of(answer: Answer, source: np.ndarray, target: np.ndarray) -> Similarity:
    """The answer's result as arrays, if it has the right form.

    Raises:
        Wrong: it has not.
    """
    got = answer(source.copy(), target.copy())
    if got is None:
        raise Wrong("The function returned None: did you forget `return`?")
    if not isinstance(got, tuple) or len(got) != 3:
        raise Wrong(f"The result is a {type(got).__name__}. Return `Similarity(scale, rotation, shift)`.")
    try:
        scale, rotation, shift = (np.asarray(part, dtype=np.float64) for part in got)
    except (TypeError, ValueError):
        raise Wrong("Scale, rotation and shift must be numbers: a float, a (3, 3) and a (3,) array.") from None
    if scale.shape == (3, 3) and rotation.ndim == 0:
        raise Wrong("Scale and rotation are exchanged: `Similarity(scale, rotation, shift)`.")
    for name, part, wanted in (("scale", scale, ()), ("rotation", rotation, (3, 3)), ("shift", shift, (3,))):
        if part.shape != wanted:
            words = "one number" if not wanted else f"an array of shape {wanted}"
            raise Wrong(f"The {name} has the shape {part.shape}; it is {words}.")
        if not np.isfinite(part).all():
            raise Wrong(f"The {name} is not finite. Is something divided by 0?")
    return Similarity(float(scale), rotation, shift)


def _require_rotation(rotation: np.ndarray) -> None:
    determinant = float(np.linalg.det(rotation))
    off = float(np.abs(rotation @ rotation.T - np.eye(3)).max())
    if off > _CLOSE and abs(determinant) > 0:
        text = "The rotation is no rotation: its rows do not have length 1 and right angles."
        hint = " The mean of rotation matrices, element by element, is none; nor is a matrix that holds the scale too."
        raise Wrong(text + hint, f"R R^T differs from the identity by {off:.3g}, the determinant is {determinant:.4f}.")
    if determinant < 0:
        raise Wrong(
            "The rotation is a mirror: its determinant is -1. No camera can be moved so. Where det(U V^T) is negative, "
            "the direction with the smallest singular value is turned round."
        )


def _mistakes(source: np.ndarray, true: Similarity) -> Iterator[tuple[str, np.ndarray]]:
    """What typical mistakes make of the points."""
    scale, rotation, shift = true
    middle, goal = source.mean(axis=0), true.apply(source).mean(axis=0)
    centred = source - middle
    yield "The scale is missing: it is always 1.", centred @ rotation.T + goal
    yield (
        "The scale is missing in the shift: shift = mean of target - scale * rotation @ mean of source.",
        scale * source @ rotation.T + (goal - rotation @ middle),
    )
    yield (
        "The shift is the difference of the means. First turn and scale the source's mean.",
        scale * source @ rotation.T + (goal - middle),
    )
    yield "The scale is inverted: it takes source to target.", centred @ rotation.T / scale + goal
    yield (
        "The scale is squared: a variance is a square. Compare with the formula.",
        scale**2 * centred @ rotation.T + goal,
    )
    yield "The scale is the root of what it should be.", np.sqrt(scale) * centred @ rotation.T + goal
    yield (
        "The rotation is transposed: it turns the target onto the source.",
        scale * centred @ rotation + goal,
    )
    yield "The rotation is missing: it is always the identity.", scale * centred + goal
    yield "The shift is missing.", scale * source @ rotation.T
    yield (
        "It is the way back: it takes the target to the source. Exchange the two.",
        (source - shift) @ rotation / scale,
    )


def _compare(got: Similarity, source: np.ndarray, true: Similarity) -> None:
    moved, wanted = got.apply(source), true.apply(source)
    size = np.abs(wanted - wanted.mean(axis=0)).max()
    off = float(np.abs(moved - wanted).max())
    if off <= _CLOSE * size:
        return
    numbers = f"A point should go to {np.round(wanted[0], 3).tolist()}, it goes to {np.round(moved[0], 3).tolist()}."
    for text, points in _mistakes(source, true):
        if np.abs(points - moved).max() <= 1e-3 * size:
            raise Wrong(text, numbers)
    ratio, count = got.scale / true.scale, len(source)
    if np.abs(got.rotation - true.rotation).max() < _CLOSE and abs(ratio - 1) > _CLOSE:
        if min(abs(ratio * count / (count - 1) - 1), abs(ratio * (count - 1) / count - 1)) < _CLOSE:
            raise Wrong("The scale mixes sums over N and over N - 1. Divide both by the same count.", numbers)
        raise Wrong("The scale is wrong.", f"Expected {true.scale:g}, got {got.scale:.6g}. {numbers}")
    raise Wrong(_GENERIC, numbers)


def _exact(answer: Answer, source: np.ndarray, true: Similarity) -> None:
    got = result_of(answer, source, true.apply(source))
    _compare(got, source, true)
    _require_rotation(got.rotation)


def _form(answer: Answer) -> None:
    for count in (4, 9):
        result_of(answer, some_points(count), Similarity(2.0, _QUARTER, np.ones(3)).apply(some_points(count)))


def _quarter_turn(answer: Answer) -> None:
    corners = np.array([[0.0, 0, 0], [2, 0, 0], [0, 3, 0], [0, 0, 1]])
    _exact(answer, corners, Similarity(2.0, _QUARTER, np.array([10.0, 0, -5])))


def _any_transform(answer: Answer) -> None:
    for scale, rotation in ((0.37, _TURN), (12.5, _TURN @ _QUARTER), (1.0, _TURN.T)):
        _exact(answer, some_points(), Similarity(scale, rotation, np.array([300.0, -20.0, 4.0])))


def _few(answer: Answer) -> None:
    floor = some_points(10) * [1, 1, 0]
    for source in (some_points(3), floor):
        try:
            _exact(answer, source, Similarity(1.7, _TURN, np.array([1.0, 2, 3])))
        except ValueError:
            raise Wrong(
                "Points in a plane are refused, and three points always lie in one. They do determine a similarity: a "
                "mirror is no rotation, so nothing is free. Only for points on a line the second singular value is 0."
            ) from None


def _noise(answer: Answer) -> None:
    for seed in (2, 3):
        source, rng = some_points(15, seed), np.random.default_rng(seed)
        true = Similarity(0.8, _TURN, np.array([2.0, 1, -4]))
        target = true.apply(source) + rng.normal(scale=0.4, size=source.shape)
        got = result_of(answer, source, target)
        _require_rotation(got.rotation)
        turned = (source - source.mean(axis=0)) @ got.rotation.T
        residual = got.apply(source) - target
        size = float((turned**2).sum())
        if np.abs(residual.mean(axis=0)).max() > 1e-6:
            raise Wrong(
                "Another shift fits better: the residuals have a mean.", f"It is {residual.mean(axis=0).round(4)}."
            )
        if np.abs(np.cross(turned, residual).sum(axis=0)).max() > 1e-6 * size:
            raise Wrong("Another rotation fits better: with noise, all points must have a say.")
        better = got.scale - float((turned * residual).sum()) / size
        if abs(better / got.scale - 1) > 1e-6:
            spread = np.sqrt(((target - target.mean(axis=0)) ** 2).sum() / size)
            causes = {
                spread: "The scale is the ratio of the two spreads: that counts the noise as size.",
                better * 15 / 14: "The scale mixes sums over N and over N - 1. Divide both by the same count.",
                better * 14 / 15: "The scale mixes sums over N and over N - 1. Divide both by the same count.",
            }
            near = [text for value, text in causes.items() if abs(got.scale / value - 1) < 1e-6]
            raise Wrong(
                near[0] if near else "Another scale fits better.", f"{better:.5f} would, yours is {got.scale:.5f}."
            )


def _mirror(answer: Answer) -> None:
    """By hand: with z turned round, the best rotation is none, and the scale (9 + 4 - 1) / (9 + 4 + 1)."""
    source = np.array([[3.0, 0, 0], [-3, 0, 0], [0, 2, 0], [0, -2, 0], [0, 0, 1], [0, 0, -1]])
    got = result_of(answer, source, source * [1, 1, -1])
    _require_rotation(got.rotation)
    if np.abs(got.rotation - np.eye(3)).max() > _CLOSE:
        raise Wrong(
            "Of a mirrored set, the wrong direction is turned round: it is the one with the smallest singular value."
        )
    if abs(got.scale - 12 / 14) > _CLOSE:
        cause = "The scale counts the mirrored direction as if it fitted: its singular value is subtracted, not added."
        raise Wrong(
            cause if abs(got.scale - 1) < _CLOSE else "The scale is wrong.",
            f"Expected {12 / 14:.4f}, got {got.scale:.4f}.",
        )


def _degenerate(answer: Answer) -> None:
    line = np.linspace(-2, 5, 9)[:, None] * [1.0, -2.0, 0.5] + [4.0, 0, 1]
    for points, words in (
        (line, "points on a line, about which the rotation is free"),
        (line[:2], "two points"),
        (np.ones((5, 3)), "points at one place"),
    ):
        try:
            answer(points.copy(), Similarity(2.0, _TURN, np.ones(3)).apply(points))
        except ValueError as error:
            if type(error) is not ValueError:
                raise Wrong(
                    f"For {words}, your code raised {type(error).__name__}. Raise a ValueError that says why."
                ) from None
            continue
        raise Wrong(f"It gives an answer for {words}. Raise a ValueError: many similarities fit equally well.")


def _unchanged(answer: Answer) -> None:
    source = some_points()
    target = Similarity(2.0, _TURN, np.ones(3)).apply(source)
    given = source.copy(), target.copy()
    answer(*given)
    for name, before, after in zip(("source", "target"), (source, target), given, strict=True):
        if not np.array_equal(before, after):
            raise Wrong(f"Your code changed the {name} that it was given. Make new arrays: `a = a - b`, not `a -= b`.")


SUB_CHECKS = (
    SubCheck("scale, rotation and shift", _form, "source and target are arrays of shape (N, 3)."),
    SubCheck("a quarter turn, twice as large", _quarter_turn),
    SubCheck("any scale, rotation and shift", _any_transform),
    SubCheck("three points, and points in a plane", _few),
    SubCheck("with noise: the smallest residuals", _noise),
    SubCheck("never a mirror", _mirror),
    SubCheck("points that do not suffice raise ValueError", _degenerate),
    SubCheck("source and target stay as they were", _unchanged),
)
