"""Judges results that are maps of numbers, one a pixel: shapes, values, and whether a gradient comes through."""

from collections.abc import Mapping

import torch
from torch import Tensor

from posenet_lib.workbook.checks.running import Wrong


def require_map(got: object, shape: tuple[int, ...], one_each: str) -> Tensor:
    """A floating-point tensor of that shape, or Wrong with the cause.

    Args:
        one_each: what the map has one number for, "pixel of each photo".
    """
    if got is None:
        raise Wrong("Your code returned None: did you forget `return`?")
    if not isinstance(got, Tensor):
        raise Wrong(f"Your code returned a {type(got).__name__}; return a tensor, so that a gradient can flow back.")
    if not got.dtype.is_floating_point:
        raise Wrong(f"The result has dtype {got.dtype}; errors are floating-point numbers.")
    if got.shape != torch.Size(shape):
        raise Wrong(f"The result has shape {tuple(got.shape)}; one number for each {one_each} is {shape}.")
    if not torch.isfinite(got).all():
        raise Wrong("The result holds numbers that are not finite. Is there a division by zero?")
    return got


def compare_maps(got: Tensor, expected: Tensor, mistakes: Mapping[str, Tensor], detail: str, slack: float) -> None:
    """Wrong unless all numbers are the expected ones; with the mistake that gives these numbers, if there is one."""
    if torch.allclose(got, expected.expand_as(got), atol=slack, rtol=1e-3):
        return
    causes = [c for c, wrong in mistakes.items() if torch.allclose(got, wrong.expand_as(got), atol=slack, rtol=1e-3)]
    place = (got - expected).abs().flatten().argmax()
    one, other = (float(values.expand_as(got).flatten()[place]) for values in (expected, got))
    numbers = f"{detail} Where you are furthest off, {one:.5f} is right, yours is {other:.5f}."
    raise Wrong(
        causes[0] if causes else "The numbers are others than the formula's: work this example out on paper.", numbers
    )
