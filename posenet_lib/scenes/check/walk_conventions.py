"""Single walks in another convention than the others of their list, as when walks were exported one by one.

A walk is compared with the upright of the other walks, and where there are photos they have to agree.
"""

import numpy as np

from posenet_lib.geometry.conventions import Reading, rotations_as
from posenet_lib.scenes.check.conventions import UNITARY, WHY, enough, poses_as
from posenet_lib.scenes.check.facts import ListFacts, SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder, agreement
from posenet_lib.scenes.check.upright import Upright, upright
from posenet_lib.scenes.check.walk_units import walk_options

_LEAST_ROWS = 8
_WRONG, _RIGHT = 24.0, 10.0  # scores of `upright`
_AS_GOOD = 4.0  # readings whose scores differ less cannot be told apart
_FAR_BETTER, _AGREES = 2.5, 0.3  # as in `conventions`
_PAIRS = 24  # of photos


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings; their rows do not count for later checks."""
    findings = []
    for of in facts.lists:
        names = list(dict.fromkeys(of.sequences[of.counts]))
        if len(names) < 3 or of.reading != Reading():
            continue
        stand = upright(*rotations_as(of.numbers[of.counts], Reading()))
        scores = {name: _scores(of, of.counts & (of.sequences == name), stand) for name in names}
        fine = [name for name in names if scores[name][Reading()] < _RIGHT]
        if 2 * np.isin(of.sequences.astype(str), fine).sum() < len(of):
            continue  # then it is the list, or nobody knows
        by_reading: dict[Reading, list[str]] = {}
        for name in names:
            if reading := _other_reading(of, of.counts & (of.sequences == name), scores[name], corners):
                by_reading.setdefault(reading, []).append(name)
        for reading, walks in by_reading.items():
            rows = np.flatnonzero(np.isin(of.sequences.astype(str), walks))
            of.outlier[rows] = True
            findings.append(
                Finding(
                    f"whole walks of {of.path.name} look written {reading.words}, unlike its other walks: "
                    f"{', '.join(walks)}",
                    len(rows),
                    of.where(int(rows[0])),
                    "; ".join(WHY[name] for name in reading.names),
                    facts.convert(*reading.steps, *walk_options(walks)),
                )
            )
    return findings


def _scores(of: ListFacts, rows: np.ndarray, stand: Upright) -> dict[Reading, float]:
    """Each reading's, beside the other walks."""
    found = {reading: rotations_as(of.numbers[rows], reading) for reading in map(Reading.of, UNITARY)}
    return {reading: upright(*poses, stand).score for reading, poses in found.items()}


def _other_reading(
    of: ListFacts, mask: np.ndarray, scores: dict[Reading, float], corners: CornerFinder
) -> Reading | None:
    """How a walk is written; None where it fits as it is, or no other reading clearly does."""
    rows = np.flatnonzero(mask)
    if len(rows) < _LEAST_ROWS or scores[Reading()] < _WRONG or min(scores.values()) > _RIGHT:
        return None
    best = min(scores.values())
    good = [reading for reading, score in scores.items() if score < best + _AS_GOOD]
    everyone = np.ones(len(of), dtype=bool)
    beside = [(int(rows[k]), int(rows[k + step])) for step in (1, 3) for k in range(0, len(rows) - step, 4)]
    pairs = corners.pairs(of, of, beside[:_PAIRS])
    if enough(pairs):
        shares = {r: agreement(pairs, *[poses_as(of, r, everyone)] * 2) for r in (Reading(), *good)}
        chosen = max(good, key=lambda reading: shares[reading])
        sure = shares[chosen] >= _AGREES and shares[chosen] > _FAR_BETTER * shares[Reading()]
        return chosen if sure else None
    return min(good, key=lambda reading: (len(reading.names), scores[reading]))
