"""Checks of the practice `turn_label`: where does a camera with the new label look, and is it upright?

The truth comes from geometry alone: a camera's z axis in the world is the third row of its matrix, and the photo's
camera sees the crop's centre along (right, down, focal length).
"""

import itertools
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


def _right(case: Case) -> np.ndarray:
    return _positive(_follow(Recipe(), case))


def _positive(q: np.ndarray) -> np.ndarray:
    return quaternion.canonical_sign(q)


class Recipe(NamedTuple):
    """How a label may be computed; what is not set is right."""

    origin: str = "middle crop"
    offset: str = "right, down"
    angle: str = "atan"
    focal: str = "divided"
    times: float = 1.0
    axis: str = "across"
    way: int = 1
    order: str = "label first"


_ONE_MISTAKE = (  # text, what it changes
    ("The camera turns the other way round. Test it: a crop on the right means a turn to the right.", {"way": -1}),
    (
        "The product has the wrong order. The label comes first, then the turn: `multiply(turn, label)`.",
        {"order": "turn first"},
    ),
    ("A quaternion holds half the angle: cos(angle / 2) and sin(angle / 2) * axis.", {"times": 2.0}),
    ("The turn is half as far as it should be: the angle is halved twice.", {"times": 0.5}),
    (
        "The angle is atan(beside / focal length). Without `arctan` it is too large away from the middle.",
        {"angle": "tangent"},
    ),
    ("`np.cos` and `np.sin` want radians, not degrees.", {"angle": "degrees"}),
    ("The offset is not divided by the focal length.", {"focal": "forgotten"}),
    ("The offset counts from the photo's first pixel. It counts from the middle crop's corner.", {"origin": "pixel"}),
    ("You take the crop's corner for its centre. Compare the centres of crop and photo.", {"origin": "centre"}),
    ("right and down are exchanged: `left` moves the crop along x, `top` along y.", {"offset": "down, right"}),
    ("The camera's y axis points down, as the rows do: down is positive.", {"offset": "right, up"}),
    ("Only `left` counts. `top` turns the camera, too.", {"offset": "right, 0"}),
    ("Only `top` counts. `left` turns the camera, too.", {"offset": "0, down"}),
    ("The axis is (right, down, 0). It stands at right angles to that: (down, -right, 0).", {"axis": "along"}),
)


def _follow(recipe: Recipe, case: Case) -> np.ndarray:
    """The label that a recipe gives."""
    height, width, _ = case.shape
    right, down = {
        "middle crop": case.offset,
        "pixel": (case.corner.left, case.corner.top),
        "centre": (case.corner.left - width / 2, case.corner.top - height / 2),
    }[recipe.origin]
    right, down = {
        "right, down": (right, down),
        "down, right": (down, right),
        "right, up": (right, -down),
        "right, 0": (right, 0),
        "0, down": (0, down),
    }[recipe.offset]
    tangent = np.hypot(right, down) / (case.focal_px if recipe.focal == "divided" else 1.0)
    angle = {"atan": np.arctan(tangent), "tangent": tangent, "degrees": np.degrees(np.arctan(tangent))}[recipe.angle]
    axis = (down, -right, 0) if recipe.axis == "across" else (right, down, 0)
    both = _turn(recipe.way * recipe.times * angle, axis), case.label
    return quaternion.multiply(*(both if recipe.order == "label first" else both[::-1]))


def _mistakes(case: Case) -> Iterator[tuple[str, np.ndarray]]:
    """Text, wrong label."""
    (right, down), f, q = case.offset, case.focal_px, case.label
    yield "The label is not turned at all.", q
    for text, change in _ONE_MISTAKE:
        yield text, _follow(Recipe(**change), case)
    yaw, pitch = _turn(np.arctan(right / f), (0, -1, 0)), _turn(np.arctan(down / f), (1, 0, 0))
    two = "You turn twice, about y and about x: that adds a little roll. Turn once, the shortest way."
    yield two, quaternion.multiply(yaw, quaternion.multiply(pitch, q))
    yield two, quaternion.multiply(pitch, quaternion.multiply(yaw, q))


def _pairs(case: Case) -> Iterator[tuple[str, np.ndarray]]:
    """The same for two mistakes at once."""
    for (first, change), (second, other) in itertools.combinations(_ONE_MISTAKE, 2):
        if not change.keys() & other.keys():
            yield f"Two things are wrong. {first} {second}", _follow(Recipe(**change, **other), case)


def _result(answer: Answer, case: Case) -> np.ndarray:
    got = _numbers(answer, case)
    if not np.isfinite(got).all():
        if case.offset == (0, 0):
            raise Wrong("The result holds NaN. For the middle crop the axis has length 0: do not divide by it.")
        raise Wrong(_cause(answer, [case]) or "The result holds NaN.", _place(case))
    if abs(np.linalg.norm(got) - 1) > 1e-4:
        raise Wrong("The result does not have length 1.", f"Yours has {np.linalg.norm(got):.4g}.")
    return got


def _numbers(answer: Answer, case: Case) -> np.ndarray:
    """Four of them, of any size."""
    got = answer(case.label.copy(), case.corner, case.shape, case.focal_px)
    if got is None:
        raise Wrong("Your function returned None: did you forget `return`?")
    if not isinstance(got, np.ndarray) or got.dtype.kind != "f":
        raise Wrong(f"Your function returned a {type(got).__name__}; return a NumPy array of four numbers.")
    if got.shape != (4,):
        raise Wrong("The result has another shape than (4,).", f"Yours is {got.shape}.")
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
                looks = f"The new camera looks {off:.1f} degrees beside the crop's centre."
                _complain(answer, some, f"{_place(case)} {looks}")

    return run


def _place(case: Case) -> str:
    right, down = case.offset
    return f"The crop is {right:+d} to the right and {down:+d} down, focal length {case.focal_px:g} pixels."


def _complain(answer: Answer, some: list[Case], detail: str) -> None:
    for case in some:
        _result(answer, case)  # NaN and wrong lengths have texts of their own
    raise Wrong(_cause(answer, some) or _GENERIC, detail)


def _cause(answer: Answer, some: list[Case]) -> str | None:
    """The mistake, else the pair of mistakes, that gives the same labels in these cases and in the diagonal ones."""
    known = [*some, *DIAGONAL]
    got = [_numbers(answer, case) for case in known]
    if not any(np.isfinite(one).all() for one in got):
        return None
    for family in (_mistakes, _pairs):
        fitting = [
            {text for text, q in family(case) if _fits(q, one, case)} for case, one in zip(known, got, strict=True)
        ]
        if texts := set.intersection(*fitting):
            return texts.pop() if len(texts) == 1 else None
    return None


def _fits(q: np.ndarray, got: np.ndarray, case: Case) -> bool:
    """NaN comes from an axis of length 0: it fits where there would be no turn."""
    if np.isnan(got).any():
        return np.allclose(_positive(q), case.label, atol=1e-5)
    return np.allclose(_positive(q), _positive(got), atol=1e-5)


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
    SubCheck("four numbers of length 1", _form, call=_ARGUMENTS),
    SubCheck("a crop to the left and to the right", _looks(SIDES)),
    SubCheck("a crop above and below", _looks(UP_DOWN)),
    SubCheck("a crop to the side and down", _looks(DIAGONAL)),
    SubCheck("other photos and focal lengths", _looks(OTHERS)),
    SubCheck("the shortest way, without roll", _upright),
    SubCheck("the middle crop", _middle),
    SubCheck("w >= 0", _sign),
    SubCheck("the label stays as it was", _unchanged),
)
