"""Checks of `left_right_consistency`: disparities of one value, and slopes, whose samples one works out on paper."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from posenet_lib.workbook.checks.head_loss_results import require_scalar
from posenet_lib.workbook.checks.running import SubCheck, Wrong

Answer = Callable[[Tensor, Tensor], Tensor]
WIDTH, HEIGHT = 40, 6
_X = (np.arange(WIDTH) + 0.5) / WIDTH  # pixel centres as shares of the width


def _rows(values: np.ndarray) -> Tensor:
    """One value for each column -> [1, 1, H, W]."""
    return torch.from_numpy(np.tile(values, (1, 1, HEIGHT, 1)).astype(np.float32))


def _look(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Values between two columns; beside the photo, those of its border."""
    return np.interp(places, _X, values)


def _value(answer: Answer, left: np.ndarray, right: np.ndarray) -> float:
    with torch.enable_grad():
        return require_scalar(answer(_rows(left), _rows(right)))


def _terms(left: np.ndarray, right: np.ndarray, signs=(-1, 1), unit: float = 1.0) -> tuple[float, float]:
    first = np.abs(left - _look(right, _X + signs[0] * unit * left)).mean()
    second = np.abs(right - _look(left, _X + signs[1] * unit * right)).mean()
    return float(first), float(second)


def _expect(answer: Answer, left: np.ndarray, right: np.ndarray, detail: str) -> None:
    got, (first, second) = _value(answer, left, right), _terms(left, right)
    expected = first + second

    def same(number: float) -> bool:
        return abs(got - number) < 2e-5 + 2e-3 * abs(number)

    if same(expected):
        return
    mistakes = {
        "The signs are exchanged: the left camera's x is the right camera's x - left(x), further left; the right "
        "camera's x is the left camera's x + right(x).": sum(_terms(left, right, (1, -1))),
        "Both directions go the same way: look left with the left disparity, and right with the right one.": None,
        "Only one direction counts: add the mean of the other one.": None,
        "The disparities are shares of the whole width, but `grid_sample` counts 2 across it: "
        "the shift is 2 * disparity.": sum(_terms(left, right, unit=0.5)),
        "The disparities are compared at the same x: sample the other one where this one says.": float(
            2 * np.abs(left - right).mean()
        ),
        "You sum over the pixels; take the mean.": expected * WIDTH * HEIGHT,
        "You average the two directions; add them.": expected / 2,
        "The differences are squared; the formula has absolute values.": None,
    }
    alternatives = {
        "Both directions go the same way: look left with the left disparity, and right with the right one.": (
            sum(_terms(left, right, (-1, -1))), sum(_terms(left, right, (1, 1)))),
        "Only one direction counts: add the mean of the other one.": (first, second),
        "The differences are squared; the formula has absolute values.": (
            float(((left - _look(right, _X - left)) ** 2).mean() + ((right - _look(left, _X + right)) ** 2).mean()),),
    }  # fmt: skip
    for cause, number in mistakes.items():
        if any(same(one) for one in alternatives.get(cause, (number,))):
            raise Wrong(cause, f"{detail} Expected {expected:.5f}, got {got:.5f}.")
    raise Wrong("The value does not follow the formula: work this example out on paper, for one row of pixels.",
                f"{detail} Expected {expected:.5f}, got {got:.5f}.")  # fmt: skip


def _scalar(answer: Answer) -> None:
    with torch.enable_grad():
        require_scalar(answer(torch.rand(2, 1, HEIGHT, WIDTH) * 0.1, torch.rand(2, 1, HEIGHT, WIDTH) * 0.1))


def _agree(answer: Answer) -> None:
    for share in (0.0, 0.1, 0.25):
        got = _value(answer, np.full(WIDTH, share), np.full(WIDTH, share))
        if abs(got) > 1e-5:
            cause = "Two cameras with the same disparity everywhere agree: the value must be 0."
            if abs(got - 2 * share**2) < 1e-3:  # that share of the columns looks outside, and finds 0 there
                cause = 'Outside of the photo its border goes on: `padding_mode="border"`. Yours is 0 there.'
            raise Wrong(cause, f"Both are {share:g} everywhere; yours is {got:.5f}.")


def _differ(answer: Answer) -> None:
    _expect(answer, np.full(WIDTH, 0.1), np.full(WIDTH, 0.15), "The left disparity is 0.1 everywhere, the right 0.15.")


def _slopes(answer: Answer) -> None:
    _expect(
        answer, np.full(WIDTH, 0.2), 0.05 + 0.2 * _X, "Left 0.2 everywhere, the right one grows from left to right."
    )
    _expect(answer, 0.02 + 0.25 * _X**2, 0.2 - 0.15 * _X, "The left one grows along x, the right one falls.")


def _batch(answer: Answer) -> None:
    left = torch.cat([_rows(np.full(WIDTH, 0.1)), _rows(np.full(WIDTH, 0.2))])
    right = torch.cat([_rows(np.full(WIDTH, 0.1)), _rows(np.full(WIDTH, 0.3))])
    with torch.enable_grad():
        got = require_scalar(answer(left, right))
    if abs(got - 0.1) > 1e-4:
        raise Wrong("The mean is over all photos of the batch.",
                    f"One photo agrees, the other differs by 0.1 both ways: expected 0.1, got {got:.4f}.")  # fmt: skip


def _rows_stay(answer: Answer) -> None:
    left = torch.full((1, 1, HEIGHT, WIDTH), 0.1)
    left[:, :, : HEIGHT // 2] = 0.3
    with torch.enable_grad():
        got = require_scalar(answer(left, left.clone()))
    if abs(got) > 1e-4:
        raise Wrong("Each row must be looked up in the same row of the other camera: are rows at their own centres, "
                    "and are x and y in the right order in the grid?",
                    f"Both cameras agree (upper half 0.3, lower half 0.1); yours is {got:.4f}.")  # fmt: skip


def _gradient(answer: Answer) -> None:
    left = _rows(0.1 + 0.05 * _X).requires_grad_()
    right = _rows(0.2 - 0.1 * _X).requires_grad_()
    with torch.enable_grad():
        got = answer(left, right)
        if got.grad_fn is None:
            raise Wrong("The result has no grad_fn. Stay in torch: no NumPy, `.detach()`, `.item()`.")
        got.backward()
    for name, leaf in (("left", left), ("right", right)):
        if leaf.grad is None or not leaf.grad.any():
            raise Wrong(f"No gradient reaches the {name} disparity. Is it cut off by `.detach()`?")


SUB_CHECKS = (
    SubCheck("one number", _scalar),
    SubCheck("cameras that agree", _agree),
    SubCheck("disparities that change along the row", _slopes),
    SubCheck("cameras that differ", _differ),
    SubCheck("rows stay rows", _rows_stay),
    SubCheck("a batch", _batch),
    SubCheck("gradient", _gradient),
)
