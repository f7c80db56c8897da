"""Rows far away from all others: one of them spoils the loss, the spread of positions and every mean."""

import numpy as np

from posenet_lib.scenes.check.facts import ListFacts, SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder

_FAR = 20.0  # median distances from the median position
_SPIKE_FAR, _SPIKE = 4.0, 30.0  # nearer than that: alone, and so many large steps from both neighbours
_LEAST_ROWS = 5


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings; also marks each list's outliers."""
    findings = []
    for of in facts.lists:
        rows, usual = far_rows(of)
        if not rows:
            continue
        of.outlier[rows] = True
        distance = np.linalg.norm(of.numbers[rows, :3] - np.median(of.numbers[of.counts, :3], axis=0), axis=1)
        findings.append(
            Finding(
                f"rows far from all others, in {of.path.name}: up to {distance.max():.6g} away, where half of all rows "
                f"lie within {usual:.3g}",
                len(rows),
                of.where(rows[0]),
                "one such row makes the loss enormous and the mean position useless",
                facts.convert("outliers"),
            )
        )
    return findings


def far_rows(of: ListFacts) -> tuple[list[int], float]:
    """Outliers, and the median distance from the median position."""
    counted = np.flatnonzero(of.counts)
    if len(counted) < _LEAST_ROWS:
        return [], 0.0
    position = of.numbers[counted, :3]
    distance = np.linalg.norm(position - np.median(position, axis=0), axis=1)
    usual = float(np.median(distance))
    # Where half of all cameras stand at one point, their distances say nothing.
    scale = max(usual, 0.1 * float(np.percentile(distance, 75)), 1e-9)
    far = distance > _FAR * scale
    if usual > 0:
        far |= (distance > _SPIKE_FAR * scale) & _alone(of, counted, position)
    if far.mean() > 0.2:
        return [], usual  # two places, not a few bad rows
    return counted[far].tolist(), usual


def _alone(of: ListFacts, counted: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Rows many large steps away from both neighbours of their sequence, (N,) bool."""
    steps = np.linalg.norm(np.diff(position, axis=0), axis=1)
    together = of.sequences[counted[1:]] == of.sequences[counted[:-1]]
    if together.sum() < 10:
        return np.zeros(len(counted), dtype=bool)
    large = _SPIKE * np.percentile(steps[together], 75)
    jump = (steps > large) & together
    before = np.concatenate([[True], jump | ~together])
    after = np.concatenate([jump | ~together, [True]])
    any_jump = np.concatenate([[False], jump]) | np.concatenate([jump, [False]])
    return before & after & any_jump
