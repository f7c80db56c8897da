"""Single walks in another unit than the others of their list: `outliers` would have them left out, which loses them."""

import numpy as np

from posenet_lib.core.shell import quoted
from posenet_lib.scenes.check.facts import ListFacts, SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.check.units import UNITS, WORDS

_TRIED = ("cm", "mm")
_LEAST_ROWS = 8  # of a walk
_FAR = 8.0  # median distances of the other walks: no walk of one place is so far away, or so large
_THERE = 4.0  # and so near it is in the right unit


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings; their rows do not count for later checks."""
    findings = []
    for of in facts.lists:
        for unit, walks in _walks_by_unit(of).items():
            rows = np.flatnonzero(np.isin(of.sequences.astype(str), walks))
            of.outlier[rows] = True
            findings.append(
                Finding(
                    f"whole walks are in another unit than the rest of {of.path.name}: {', '.join(walks)} "
                    f"{'looks' if len(walks) == 1 else 'look'} written in {WORDS[unit]}",
                    len(rows),
                    of.where(int(rows[0])),
                    "one list needs one unit: these positions are far from all others, and make the loss enormous",
                    facts.convert(unit, *walk_options(walks)),
                )
            )
    return findings


def walk_options(walks: list[str]) -> list[str]:
    """For `posenet scene convert`."""
    return [f"--walk {quoted(walk)}" for walk in walks]


def _walks_by_unit(of: ListFacts) -> dict[str, list[str]]:
    """Unit -> walks in it; empty unless most rows are in one unit."""
    found: dict[str, list[str]] = {}
    names = list(dict.fromkeys(of.sequences[of.counts]))
    if len(names) < 2:
        return {}
    position = of.numbers[:, :3]
    middle = np.median(position[of.counts], axis=0)
    usual = max(float(np.median(np.linalg.norm(position[of.counts] - middle, axis=1))), 1e-9)
    for name in names:
        walk = position[of.counts & (of.sequences == name)]
        if len(walk) < _LEAST_ROWS or _away(walk, middle) < _FAR * usual:
            continue
        for unit in _TRIED:
            if _away(walk * UNITS[unit], middle) < _THERE * usual and np.ptp(walk, axis=0).max() * UNITS[unit] > (
                0.05 * usual  # a walk elsewhere, made small, would be a point
            ):
                found.setdefault(unit, []).append(name)
                break
    wrong = sum(int((of.sequences == name).sum()) for walks in found.values() for name in walks)
    return found if 2 * wrong < len(of) else {}


def _away(walk: np.ndarray, middle: np.ndarray) -> float:
    return float(np.median(np.linalg.norm(walk - middle, axis=1)))
