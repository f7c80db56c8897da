"""Judges one result of a loss: is it a scalar, is its value right, does the gradient reach the predictions?"""

from collections.abc import Callable

import numpy as np
import torch

from posenet_lib.workbook.checks.running import Wrong

GENERIC_CAUSE = (
    "The value does not follow the formula. Work this example out on paper, and print the steps of your code."
)


def require_scalar(got: object) -> float:
    """The value of a scalar tensor, or Wrong with the cause."""
    if got is None:
        raise Wrong("Your code returned None: did you forget `return`?")
    if not isinstance(got, torch.Tensor):
        kind = f"{type(got).__module__}.{type(got).__name__}".removeprefix("builtins.")
        if isinstance(got, float | int | np.generic | np.ndarray):
            raise Wrong(
                f"Your code returned a {kind}, so no gradient can flow back. Stay in torch: no `.item()`, no NumPy."
            )
        raise Wrong(f"Your code returned a {kind}; return one scalar tensor.")
    if got.dim() > 0:
        cause = "The result is not a scalar. Average over the batch at the end, and keep no axis."
        raise Wrong(cause, f"Its shape is {tuple(got.shape)}, not ().")
    if not got.dtype.is_floating_point:
        raise Wrong(f"The result has dtype {got.dtype}; a loss is a floating-point number.")
    return got.item()


def compare(
    got: object, expected: float, find_cause: Callable[[], str | None], detail: str, slack: float = 0.0
) -> None:
    """Wrong, with the cause that `find_cause` names, if the loss is another one than expected.

    Args:
        slack: how far off a right answer may be, beside the last digits.
    """
    value = require_scalar(got)
    if not np.isfinite(value):
        cause = f"The loss is {value}. Is there a division by zero, or the root of a negative number?"
        raise Wrong(find_cause() or cause, detail)
    if not same(value, expected) and abs(value - expected) > slack:
        cause = find_cause() or GENERIC_CAUSE
        raise Wrong(cause, f"{detail} Expected {expected:.6g}, got {value:.6g}.")


def same(a: float, b: float) -> bool:
    """Whether two losses are the same but for rounding."""
    return abs(a - b) <= 1e-4 * max(1e-2, abs(b))


def backward(loss: torch.Tensor) -> None:
    """Backpropagate, or Wrong: the result is not connected to the predictions."""
    if loss.grad_fn is None:
        raise Wrong(
            "The result has no grad_fn: the gradient is cut, so the network could not learn. Look for `.detach()`, "
            "`.item()`, `.numpy()`, `torch.tensor(...)` or `torch.no_grad()`."
        )
    loss.backward()


def compare_gradient(what: str, leaf: torch.Tensor, expected: np.ndarray) -> None:
    """Wrong if the gradient that reached `leaf` is missing or is another one."""
    if leaf.grad is None or (not leaf.grad.any() and expected.any()):
        raise Wrong(
            f"No gradient reaches the predicted {what}. Is it cut off by `.detach()`, `.data`, NumPy or `no_grad`?"
        )
    got = leaf.grad.double().numpy()
    if not np.isfinite(got).all():
        raise Wrong(f"The gradient of the predicted {what} is not finite. Is there a division by zero?")
    if np.abs(got - expected).max() > 1e-3 * np.abs(expected).max():
        detail = f"First photo: expected {np.round(expected[0], 4).tolist()}, got {np.round(got[0], 4).tolist()}."
        raise Wrong(f"The gradient of the predicted {what} is another one than the formula's.", detail)
