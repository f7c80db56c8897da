"""Checks of the practice `turn_label`: where does a camera with the new label look, and is it upright?

The truth comes from geometry alone: a camera's z axis in the world is the third row of its matrix, and the photo's
camera sees the crop's centre along (right, down, focal length).
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from posenet_lib.data.transforms import Corner, centre_corner
from posenet_lib.geometry import quaternion
from posenet_lib.workbook.checks.running import SubCheck, Wrong

Answer = Callable[..., np.ndarray]
_GENERIC = (
    "The camera looks somewhere else. Draw the photo from above, with its camera, and the ray to the crop's centre."
)


class Case(NamedTuple):
    """One call."""

    label: np.ndarray
    corner: Corner
    shape: tuple[int, int, int]
    focal_px: float

    @property
    def offset(self) -> tuple[int, int]:
        """Pixels from the photo's centre to the crop's: right, down."""
        middle = centre_corner(*self.shape[:2])
        return self.corner.left - middle.left, self.corner.top - middle.top


def cases(corners: list[Corner], shape: tuple[int, int, int] = (256, 455, 3), focal_px: float = 330.0) -> list[Case]:
    """With a label of its own for each corner."""
    labels = quaternion.canonical_sign(quaternion.normalise(np.random.default_rng(6).normal(size=(len(corners), 4))))
    return [Case(label, corner, shape, focal_px) for label, corner in zip(labels, corners, strict=True)]


SIDES = cases([Corner(16, 0), Corner(16, 231)])
UP_DOWN = cases([Corner(0, 16), Corner(231, 16)], (455, 256, 3))
DIAGONAL = cases([Corner(0, 0), Corner(32, 231), Corner(3, 200), Corner(30, 20)])
OTHERS = cases([Corner(300, 10), Corner(20, 700)], (540, 960, 3), 210.0)


def _turn(angle: float, axis: tuple[float, float, float]) -> np.ndarray:
    """The quaternion of a turn by so many radians."""
    length = np.linalg.norm(axis) or 1.0
    return np.concatenate([[np.cos(angle / 2)], np.sin(angle / 2) * np.array(axis) / length])


def _shortest(right: float, down: float, focal_px: float, times: float = 1.0) -> np.ndarray:
    return _turn(times * np.arctan(np.hypot(right, down) / focal_px), (down, -right, 0.0))


def _right(case: Case) -> np.ndarray:
    return _positive(quaternion.multiply(_shortest(*case.offset, case.focal_px), case.label))


def _positive(q: np.ndarray) -> np.ndarray:
    return quaternion.canonical_sign(q)


def _mistakes(case: Case) -> Iterator[tuple[str, np.ndarray]]:
    """Text, wrong label."""
    (right, down), f, q = case.offset, case.focal_px, case.label
    height, width, _ = case.shape
    turn = _shortest(right, down, f)
    multiply = quaternion.multiply
    yield "The label is not turned at all.", q
    yield (
        "The camera turns the other way round. Test it: a crop on the right means a turn to the right.",
        multiply(turn * [1, -1, -1, -1], q),
    )
    order = "The product has the wrong order. The label comes first, then the turn: `multiply(turn, label)`."
    yield order, multiply(q, turn)
    yield "The product has the wrong order, and the turn goes the other way.", multiply(q, turn * [1, -1, -1, -1])
    half = "A quaternion holds half the angle: cos(angle / 2) and sin(angle / 2) * axis."
    yield half, multiply(_shortest(right, down, f, 2.0), q)
    yield (
        "The turn is half as far as it should be: the angle is halved twice.",
        multiply(_shortest(right, down, f, 0.5), q),
    )
    small = "The angle is atan(beside / focal length). Without `arctan` it is too large away from the middle."
    yield small, multiply(_turn(np.hypot(right, down) / f, (down, -right, 0)), q)
    degrees = "`np.cos` and `np.sin` want radians, not degrees."
    yield degrees, multiply(_turn(np.degrees(np.arctan(np.hypot(right, down) / f)), (down, -right, 0)), q)
    yield "The offset is not divided by the focal length.", multiply(_shortest(right, down, 1.0), q)
    corner = "The offset counts from the photo's first pixel. It counts from the middle crop's corner."
    yield corner, multiply(_shortest(case.corner.left, case.corner.top, f), q)
    centre = "You take the crop's corner for its centre. Compare the centres of crop and photo."
    yield centre, multiply(_shortest(case.corner.left - width / 2, case.corner.top - height / 2, f), q)
    yield (
        "right and down are exchanged: `left` moves the crop along x, `top` along y.",
        multiply(_shortest(down, right, f), q),
    )
    yield "The camera's y axis points down, as the rows do: down is positive.", multiply(_shortest(right, -down, f), q)
    yield (
        "The axis is (right, down, 0). It stands at right angles to that: (down, -right, 0).",
        multiply(_turn(np.arctan(np.hypot(right, down) / f), (right, down, 0)), q),
    )
    yield "Only `left` counts. `top` turns the camera, too.", multiply(_shortest(right, 0, f), q)
    yield "Only `top` counts. `left` turns the camera, too.", multiply(_shortest(0, down, f), q)
    yaw, pitch = _turn(np.arctan(right / f), (0, -1, 0)), _turn(np.arctan(down / f), (1, 0, 0))
    two = "You turn twice, about y and about x: that adds a little roll. Turn once, the shortest way."
    yield two, multiply(yaw, multiply(pitch, q))
    yield two, multiply(pitch, multiply(yaw, q))


def _result(answer: Answer, case: Case) -> np.ndarray:
    got = answer(case.label.copy(), case.corner, case.shape, case.focal_px)
    if got is None:
        raise Wrong("Your function returned None: did you forget `return`?")
    if not isinstance(got, np.ndarray) or got.dtype.kind != "f":
        raise Wrong(f"Your function returned a {type(got).__name__}; return a NumPy array of four numbers.")
    if got.shape != (4,):
        raise Wrong("The result has another shape than (4,).", f"Yours is {got.shape}.")
    if not np.isfinite(got).all():
        raise Wrong("The result holds NaN. For the middle crop the axis has length 0: do not divide by it.")
    if abs(np.linalg.norm(got) - 1) > 1e-4:
        raise Wrong("The result does not have length 1.", f"Yours has {np.linalg.norm(got):.4g}.")
    return got


def _form(answer: Answer) -> None:
    for case in SIDES:
        _result(answer, case)


def _middle(answer: Answer) -> None:
    (case,) = cases([Corner(16, 115)])
    if not np.allclose(_positive(_result(answer, case)), case.label, atol=1e-5):
        _complain(answer, [case], "For the middle crop the label stays as it is.")


def _looks(some: list[Case]) -> Callable[[Answer], None]:
    def run(answer: Answer) -> None:
        for case in some:
            look, wanted = (quaternion.to_matrix(q)[2] for q in (_result(answer, case), _right(case)))
            off = np.degrees(np.arccos(np.clip(look @ wanted, -1, 1)))
            if off > 0.05:
                right, down = case.offset
                place = (
                    f"The crop is {right:+d} to the right and {down:+d} down, focal length {case.focal_px:g} pixels."
                )
                _complain(answer, some, f"{place} The new camera looks {off:.1f} degrees beside the crop's centre.")

    return run


def _complain(answer: Answer, some: list[Case], detail: str) -> None:
    """Wrong, with the mistake that gives the same labels in these cases and in the diagonal ones."""
    known = [case for case in (*some, *DIAGONAL)]
    got = [_positive(_result(answer, case)) for case in known]
    fitting = [{text for text, q in _mistakes(case) if _same(q, one)} for case, one in zip(known, got, strict=True)]
    texts = set.intersection(*fitting)
    raise Wrong(texts.pop() if len(texts) == 1 else _GENERIC, detail)


def _same(q: np.ndarray, got: np.ndarray) -> bool:
    return np.allclose(_positive(q), got, atol=1e-5)


def _upright(answer: Answer) -> None:
    for case in (*DIAGONAL, *OTHERS):
        got = _result(answer, case)
        roll = quaternion.angle_deg(got, _right(case))
        if roll > 0.05:
            _complain(answer, DIAGONAL, f"The camera is rolled by {roll:.2f} degrees.")


def _sign(answer: Answer) -> None:
    for case in (*SIDES, *DIAGONAL, *OTHERS):
        if _result(answer, case)[0] < 0:
            raise Wrong("The result has w < 0. Labels have w >= 0 here: `quaternion.canonical_sign`.")


def _unchanged(answer: Answer) -> None:
    case = DIAGONAL[0]
    label = case.label.copy()
    answer(label, case.corner, case.shape, case.focal_px)
    if not np.array_equal(label, case.label):
        raise Wrong("Your code changed the label that it was given. Make a new array.")


_ARGUMENTS = "turn_label(quaternion_wxyz, corner, image_shape, focal_px) has to work."
SUB_CHECKS = (
    SubCheck("four numbers of length 1", _form, _ARGUMENTS),
    SubCheck("a crop to the left and to the right", _looks(SIDES)),
    SubCheck("a crop above and below", _looks(UP_DOWN)),
    SubCheck("a crop to the side and down", _looks(DIAGONAL)),
    SubCheck("other photos and focal lengths", _looks(OTHERS)),
    SubCheck("the shortest way, without roll", _upright),
    SubCheck("the middle crop", _middle),
    SubCheck("w >= 0", _sign),
    SubCheck("the label stays as it was", _unchanged),
)
