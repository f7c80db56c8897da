"""Two lists in two world frames: each is right in itself, and their verticals are different axes."""

import numpy as np

from posenet_lib.geometry.conventions import rotations_as
from posenet_lib.scenes.check.facts import ListFacts, SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.check.upright import upright

_LEAST_ROWS = 8
_GOOD, _BAD = 15.0, 45.0  # scores of `upright`: alone, and beside the other list
_APART_DEG = 60.0  # between the verticals


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings."""
    if facts.in_degrees or min(of.counts.sum() for of in facts.lists) < _LEAST_ROWS:
        return []
    ours, theirs = (rotations_as(of.numbers[of.counts], of.reading) for of in facts.lists)
    train, test = upright(*ours), upright(*theirs)
    apart = float(np.degrees(np.arccos(np.clip(train.up @ test.up, -1, 1))))
    clear = train.clear and test.clear and train.held == test.held and max(train.score, test.score) < _GOOD
    if not clear or apart < _APART_DEG or upright(*theirs, train).score < _BAD:
        return []
    return [
        Finding(
            f"the two lists have different verticals: up is {_axis(train.up)} in {facts.train.path.name} and "
            f"{_axis(test.up)} in {facts.test.path.name}",
            int(facts.test.counts.sum()),
            _first(facts.test),
            "the lists are of two world frames: every error of the test would mean nothing",
            "export both lists together, from one reconstruction and with the same axes",
        )
    ]


def _axis(up: np.ndarray) -> str:
    """'+z' where it is an axis, else its numbers."""
    largest = int(np.argmax(np.abs(up)))
    if abs(up[largest]) > 0.9:
        return f"{'+' if up[largest] > 0 else '-'}{'xyz'[largest]}"
    return "({:.1f} {:.1f} {:.1f})".format(*up)


def _first(of: ListFacts) -> str:
    return of.where(int(np.argmax(of.counts)))
