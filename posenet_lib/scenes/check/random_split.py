"""Test photos drawn at random from the walks that train: each has a neighbour, nearly the same photo, in training."""

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.check.facts import ListFacts, SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.photo_names import place_of

_LEAST_ROWS = 8
_BESIDE = 1.6  # usual steps of the training walks (and twice as many turns): there a neighbour has trained
_TURN_BESIDE_DEG = 3.0  # from the middle of the two
_MANY = 0.4  # share of the test photos


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings."""
    train, test = facts.lists
    if train.counts.sum() < _LEAST_ROWS or test.counts.sum() < 2:
        return []
    step_m, step_deg = _usual_steps(facts)
    if step_m <= 0:
        return []
    ours, theirs = train.poses(), test.poses()
    away, near = _nearest(theirs, ours, step_m, step_deg)
    rows_train, rows_test = np.flatnonzero(train.counts), np.flatnonzero(test.counts)
    beside = near < _BESIDE
    interleaved = _interleaved(facts, rows_train, rows_test)
    found = beside & interleaved if interleaved.mean() > _MANY else beside & _on_the_path(facts, theirs, step_m)
    if found.mean() <= _MANY:
        return []
    first = int(np.argmax(found))
    nearest = float(np.median(away[found]))
    return [
        Finding(
            "test photos lie between training photos of the same walk, as in a split at random",
            int(found.sum()),
            test.where(int(rows_test[first])),
            f"their nearest training pose is {nearest:.2g} {facts.unit} away in the median, one step of the walk: a "
            "network that remembers its training photos passes this test, and fails in new places",
            "split by whole walks or blocks: write other walks into dataset_test.txt; for one walk, import it with "
            "posenet scene import FORMAT SRC --out DIR --test-blocks 100:4",
        )
    ]


def _usual_steps(facts: SceneFacts) -> tuple[float, float]:
    """From a training camera to the next of its walk: metres and degrees, medians."""
    of = facts.train
    poses, sequences = _as_walked(of)
    together = sequences[1:] == sequences[:-1]
    step = np.linalg.norm(np.diff(poses.position_m, axis=0), axis=1)
    turn = quaternion.angle_deg(poses.quaternion_wxyz[1:], poses.quaternion_wxyz[:-1])
    moving = together & (step > 0)
    if moving.sum() < 4:
        return 0.0, 1.0
    return float(np.median(step[moving])), max(float(np.median(turn[moving])), 0.5)


def _nearest(theirs: PoseArray, ours: PoseArray, step_m: float, step_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """For each test camera: metres to the nearest training camera, and steps to the one nearest in all, (N_test,).

    Infinity where none is within `_BESIDE` steps.
    """
    metres, steps = np.full((2, len(theirs.position_m)), np.inf)
    around = _Around(ours.position_m)
    for index, (position_m, quaternion_wxyz) in enumerate(zip(*theirs, strict=True)):
        close = around(position_m, _BESIDE * step_m)[:50]
        if not len(close):
            continue
        away = np.linalg.norm(ours.position_m[close] - position_m, axis=1)
        turn = quaternion.angle_deg(quaternion_wxyz[None], ours.quaternion_wxyz[close])
        metres[index] = away[0]
        steps[index] = np.maximum(away / step_m, turn / (2 * step_deg)).min()
    return metres, steps


class _Around:
    """Points (N, 3), sorted along the axis on which they spread most, so that a search looks at few of them."""

    def __init__(self, position_m: np.ndarray):
        self._axis = int(np.argmax(np.ptp(position_m, axis=0))) if len(position_m) else 0
        self._order = np.argsort(position_m[:, self._axis], kind="stable")
        self._sorted = position_m[self._order]

    def __call__(self, position_m: np.ndarray, radius_m: float) -> np.ndarray:
        """Indices of the points within a radius, the nearest first."""
        ends = position_m[self._axis] + np.array([-radius_m, radius_m])
        first, last = np.searchsorted(self._sorted[:, self._axis], ends)
        away = np.linalg.norm(self._sorted[first:last] - position_m, axis=1)
        near = np.flatnonzero(away <= radius_m)
        return self._order[first:last][near[np.argsort(away[near], kind="stable")]]


def _interleaved(facts: SceneFacts, rows_train: np.ndarray, rows_test: np.ndarray) -> np.ndarray:
    """(N_test,) whether a photo's number lies right beside a training photo's of its folder."""
    numbers = {}
    for row in rows_train:
        folder, number = place_of(facts.train.rows[row].name)
        numbers.setdefault(folder, []).append(number)
    numbers = {folder: np.sort(there) for folder, there in numbers.items()}
    steps = {folder: np.median(np.diff(there)) if len(there) > 2 else 0 for folder, there in numbers.items()}
    found = []
    for row in rows_test:
        folder, number = place_of(facts.test.rows[row].name)
        there, usual = numbers.get(folder), steps.get(folder, 0)
        found.append(bool(usual > 0 and np.abs(there - number).min() <= usual))
    return np.array(found)


def _as_walked(of: ListFacts) -> tuple[PoseArray, np.ndarray]:
    """Poses and their walks in the order in which the photos were taken; the list may be shuffled."""
    names = [of.rows[row].name for row in np.flatnonzero(of.counts)]
    order = sorted(range(len(names)), key=lambda index: place_of(names[index]))
    poses = of.poses()
    return poses.take(order), of.sequences[of.counts][order]


def _on_the_path(facts: SceneFacts, theirs: PoseArray, step_m: float) -> np.ndarray:
    """(N_test,) whether a camera stands in the middle of two that follow each other in training.

    Other names, or other folders, do not hide that. A walk that crosses another one is seldom met so.
    """
    ours, sequences = _as_walked(facts.train)
    together = sequences[1:] == sequences[:-1]
    pairs = np.stack([ours.quaternion_wxyz[:-1], ours.quaternion_wxyz[1:]], axis=1)[together]
    middle = (ours.position_m[1:] + ours.position_m[:-1])[together] / 2
    around, found = _Around(middle), []
    for position_m, quaternion_wxyz in zip(*theirs, strict=True):
        near = around(position_m, 0.25 * step_m)[:1]
        found.append(
            len(near) > 0
            and quaternion.angle_deg(quaternion_wxyz, quaternion.aligned_mean(pairs[near[0]])) < _TURN_BESIDE_DEG
        )
    return np.array(found)
