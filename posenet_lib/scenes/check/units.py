"""Another unit than metres: in one of the two lists, which their sizes tell, or in both, which only people's do."""

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.check.facts import ListFacts, SceneFacts, spread
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.check.upright import upright
from posenet_lib.scenes.unit import METRES

UNITS = {"mm": 0.001, "cm": 0.01, "inch": 0.0254, "feet": 0.3048, "m": 1.0, "km": 1000.0}
WORDS = {"mm": "millimetres", "cm": "centimetres", "inch": "inches", "feet": "feet", "km": "kilometres"}
_LEAST_ROWS = 4
_LARGE_M = 700.0  # of 90 % of the cameras, along: no place that a person photographs on foot is so large
_NO_FLIGHT_M = 20_000.0  # and none that a drone does
_CLIMB_M = 12.0  # so far up and down goes no camera that a person holds
_STEEP_DEG = 35.0  # who looks down so much, flies
_LEVEL_DEG = 1.0  # a drone's camera hangs level; a hand rolls more
_EYES_M = (1.2, 2.3)  # a camera above the ground, where the ground is at 0


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings; also sets the length of each list's unit."""
    if min(of.counts.sum() for of in facts.lists) < _LEAST_ROWS:
        return []
    return _one_list(facts) or _both_lists(facts)


def _one_list(facts: SceneFacts) -> list[Finding]:
    """The test list in another unit than the training list, or the other way round."""
    train, test = (of.poses().position_m for of in facts.lists)
    now = _apart(train, test)
    others = {}
    for unit, metres in UNITS.items():
        if unit in ("m", "inch", "km"):
            continue
        others[unit, "test"] = _apart(train, test * metres)
        others[unit, "train"] = _apart(train * metres, test)
    best = min(others, key=others.__getitem__)
    unit, label = best
    size = spread(train), spread(test)
    ratio = max(size) / max(min(size), 1e-12)
    # Feet differ little: the fit must be near. Centimetres differ much, whatever the fit.
    clear = others[best] < 0.35 and now > 4 * others[best]
    likely = ratio > 25 and others[best] < 2.0 and now > 4 * others[best]
    if not (clear or likely):
        return []
    of = facts.test if label == "test" else facts.train
    of.metres = UNITS[unit]
    other = facts.train if label == "test" else facts.test
    return [
        Finding(
            f"{of.path.name} is in another unit than {other.path.name}: it looks written in {WORDS[unit]}",
            int(of.counts.sum()),
            of.where(int(np.argmax(of.counts))),
            f"its cameras spread over {spread(of.poses().position_m) / of.metres:.3g}, those of the other list over "
            f"{spread(other.poses().position_m):.3g}: every error of the test would mean nothing",
            facts.convert(unit, f"--list {label}"),
        )
    ]


def _apart(train: np.ndarray, test: np.ndarray) -> float:
    """How far test cameras are from the nearest training camera, in sizes of the smaller list: median."""
    step = max(1, len(train) // 1500)
    some_test = test[:: max(1, len(test) // 500)]
    near = [np.linalg.norm(train[::step] - one, axis=1).min() for one in some_test]
    return float(np.median(near) / max(min(spread(train), spread(test)), 1e-12))


def _both_lists(facts: SceneFacts) -> list[Finding]:
    if facts.unit != METRES:
        return []  # what is no metre need not look like one
    train = facts.train.poses()
    guess = _not_in_metres(train, facts.train)
    if guess is None:
        return []
    unit, why = guess
    unit, _, other = unit.partition(" or ")
    for of in facts.lists:
        of.metres = UNITS[unit]
    or_other = f" or {WORDS[other]}" if other else ""
    return [
        Finding(
            f"positions look written in {WORDS[unit]}{or_other}, not in metres",
            int(sum(of.counts.sum() for of in facts.lists)),
            facts.train.where(int(np.argmax(facts.train.counts))),
            f"{why}. Errors would be printed as metres, and the usual beta would not fit. If the scene is really so "
            "large, there is nothing to mend",
            facts.convert(unit) + (f"   # or --from {other}" if other else ""),
        )
    ]


def _not_in_metres(poses: PoseArray, of: ListFacts) -> tuple[str, str] | None:
    """The probable unit, and how it shows."""
    rotation = quaternion.to_matrix(poses.quaternion_wxyz)
    stand = upright(poses.position_m, rotation)
    height = poses.position_m @ stand.up
    level = poses.position_m - np.outer(height, stand.up)
    centre = np.median(level, axis=0)
    low, high = np.percentile(height, [5, 95])
    climb = float(high - low)
    spread = level - centre
    axes = np.linalg.svd(spread - spread.mean(axis=0), full_matrices=False)[2]
    along = float(np.ptp(np.percentile(spread @ axes[0], [5, 95])))
    steep = float(np.degrees(np.arcsin(np.median(np.abs(rotation[:, 2] @ stand.up)).clip(0, 1))))
    roll = stand.roll_deg
    eyes = float(np.median(height))
    if not stand.clear:
        return None
    # A person's eyes above a ground at 0: the surest sign.
    for unit in ("cm", "mm"):
        metres = UNITS[unit]
        if (
            _EYES_M[0] < abs(eyes) * metres < _EYES_M[1]
            and climb * metres < 0.6
            and along > 60
            and climb < 0.1 * along
            and climb > 0.5
        ):
            return unit, f"cameras stand {abs(eyes):.0f} above the ground: eyes do, in {WORDS[unit]}"
    if along > _NO_FLIGHT_M:
        return "mm", f"cameras spread over {along:.0f} along"
    if steep > _STEEP_DEG or _looks_ahead(rotation[:, 2], poses.position_m, of):
        return None  # flown, or driven
    if along > _LARGE_M and roll > 0.3:
        unit = "mm" if along * 0.01 > _LARGE_M / 4 else "cm"
        if unit == "cm" and climb * 0.01 > _CLIMB_M:
            unit = "mm"
        return unit, f"cameras spread over {along:.0f} along: no place that is photographed on foot is so large"
    if climb > _CLIMB_M and climb > 0.1 * along and roll > _LEVEL_DEG:
        unit = "cm or mm" if climb * 0.01 < 2.6 and along < 2500 else "mm"
        return unit, f"cameras go {climb:.0f} up and down, and roll as those in a hand do"
    return None


def _looks_ahead(forward: np.ndarray, position: np.ndarray, of: ListFacts) -> bool:
    """Whether cameras keep one angle to the way that they move, as a car's do."""
    rows = np.flatnonzero(of.counts)
    together = (of.sequences[rows[1:]] == of.sequences[rows[:-1]]) if len(rows) > 1 else np.zeros(0, dtype=bool)
    step = np.diff(position, axis=0)[together]
    length = np.linalg.norm(step, axis=1)
    moving = length > 0.2 * np.median(length) if len(length) else np.zeros(0, dtype=bool)
    if moving.sum() < 10:
        return False
    cosine = np.sum(forward[:-1][together][moving] * step[moving], axis=1) / length[moving]
    angle = np.degrees(np.arccos(cosine.clip(-1, 1)))
    return bool(np.median(np.abs(angle - np.median(angle))) < 12)
