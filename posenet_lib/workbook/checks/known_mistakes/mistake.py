"""What all families share: a mistake with its text, and the choice between those that fit."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

ROUNDING = 2e-5  # of the largest number of a series: what float32 leaves open


class Fit(NamedTuple):
    """A mistake that reproduces the numbers. `parts` counts how many things had to go wrong for it."""

    text: str
    parts: float


def same_series(got: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Whether series of numbers (along the last axis) are the same but for rounding; [...], one for each series."""
    return np.abs(got - wanted).max(axis=-1) <= ROUNDING * np.maximum(np.abs(got).max(axis=-1), 1e-9)


def simplest(fits: Iterable[Fit]) -> str | None:
    """The text of the fit with the fewest parts; None if there is none, or if two different ones have as few."""
    fits = list(fits)
    least = min((fit.parts for fit in fits), default=0)
    texts = {fit.text for fit in fits if fit.parts == least}
    return texts.pop() if len(texts) == 1 else None
