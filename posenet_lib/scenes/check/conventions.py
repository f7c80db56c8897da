"""Seven numbers in another convention: w last, camera to world, t, OpenGL, quaternion first, angles.

Numbers alone do not tell, so readings are compared: by what photos show (`two_views`), and by how level the cameras
stand (`upright`). Only a reading that is better by a clear margin makes a finding; every list is judged for itself,
because one of two may have been written by another tool.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np

from posenet_lib.geometry.conventions import Reading, read_as, rotations_as
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.check.facts import ListFacts, SceneFacts, spread
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder, PhotoPair, agreement, all_pairs, neighbour_pairs
from posenet_lib.scenes.check.upright import upright

_UNIT = 0.03  # a quaternion's length may be off by so much, as lists with few decimals are
_SCORED = 300  # rows of a list, about
_LEAST_ROWS = 4  # fewer say nothing
_PHOTOS_ENOUGH = (3, 40)  # pairs, and matches in all of them
_STRANGERS, _NO_FIT = (8, 300), 0.2  # pairs and matches that must be there, and fit nowhere so often
_AGREES = 0.3  # share of matches that a right reading explains at least
_FAR_BETTER = 2.5  # times as many as in another reading: then that one is wrong
_ABOUT_AS_GOOD = 0.8
_MARGIN_DEG, _MARGIN = 12.0, 0.6  # without photos, the better score is lower by so much, and by this factor
_LARGER = 3.0  # times
_EACH_DIFFERENCE_DEG = 2.0  # of two equally good readings, the simpler one
_STEPS = 2000  # from photo to photo that are looked at

UNITARY = [
    (), ("xyzw",), ("c2w",), ("xyzw", "c2w"), ("t",), ("opengl",), ("c2w", "opengl"), ("xyzw", "opengl"),
    ("xyzw", "c2w", "opengl"), ("xyzw", "t"), ("c2w", "t"), ("t", "opengl"),
]  # fmt: skip
_ANGLES = [("opk",), ("opk", "c2w", "opengl"), ("opk", "c2w"), ("opk", "opengl")]
WHY = {
    "opk": "three angles are taken for a quaternion, so that every orientation is wrong",
    "qfirst": "positions are read from the quaternion's numbers, and the quaternion from the position's",
    "xyzw": "every orientation is another rotation than the camera had, and a network learns that",
    "c2w": "every orientation is the inverse rotation, and a network learns that",
    "t": "positions are not where the cameras were: they mix in the orientations",
    "opengl": "cameras are read as upside down and looking backwards: predicted poses and pictures are wrong",
}


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings; also sets each list's probable reading."""
    if facts.in_degrees:
        return []
    candidates = [_candidates(of) for of in facts.lists]
    findings = [finding for of in facts.lists for finding in _no_rotations(of, facts)]
    allowed, shares, strangers = [], [], []
    for of, readings in zip(facts.lists, candidates, strict=True):
        if len(of.rows) and of.counts.sum() >= _LEAST_ROWS and len(readings) > 1:
            share = _shares(facts, of, readings, corners)
        else:
            share = {}
        if not share and len(of.rows) and of.counts.sum() >= _LEAST_ROWS and len(readings) > 1:
            strangers += _strangers(of, readings, corners)
        shares.append(share)
        allowed.append(_as_good(readings, share))
        if of is facts.train and len(allowed[0]) == 1:
            of.reading = allowed[0][0]  # test photos may have to be compared with these
    chosen = _most_upright(facts, candidates, allowed, shares)
    for of, reading in zip(facts.lists, chosen, strict=True):
        of.reading = reading
    return findings + _findings(facts, shares) + strangers


def _candidates(of: ListFacts) -> list[Reading]:
    """What the numbers can be at all; the first is how they are read now."""
    if not of.counts.any():
        return [Reading()]
    numbers = of.numbers[of.counts]
    if _are_angles(of, numbers):
        return [Reading.of(names) for names in _ANGLES]
    last, first = (_unit(numbers[:, part]) for part in (slice(3, 7), slice(0, 4)))
    plain = [Reading.of(names) for names in UNITARY]
    if first and not last:
        return [Reading.of(("qfirst", *names)) for names in UNITARY]
    return plain


def _are_angles(of: ListFacts, numbers: np.ndarray) -> bool:
    """Three angles in degrees after the position, and perhaps a zero."""
    if np.mean([row.angles for row in of.rows]) > 0.5:
        return True
    four = np.abs(numbers[:, 3:])
    return bool(four.max() <= 360 and four[:, 3].max() < 1e-6 and np.median(four.max(axis=1)) > 2)


def _unit(four: np.ndarray) -> bool:
    """Whether these are quaternions of one length, which need not be 1."""
    length = np.linalg.norm(four, axis=1)
    usual = np.median(length)
    return bool(usual > 1e-6 and np.mean(np.abs(length / usual - 1) < _UNIT) > 0.9)


def _no_rotations(of: ListFacts, facts: SceneFacts) -> list[Finding]:
    numbers = of.numbers[of.counts]
    if len(numbers) < _LEAST_ROWS or _are_angles(of, numbers) or _unit(numbers[:, 3:]) or _unit(numbers[:, :4]):
        return []
    length = np.linalg.norm(of.numbers[:, 3:], axis=1)
    off = np.flatnonzero(of.counts & (np.abs(length / np.median(length[of.counts]) - 1) > _UNIT))
    angles = np.abs(numbers[:, 3:]).max() > 2
    return [
        Finding(
            "the last four numbers are no quaternions: their length changes from row to row"
            + (" (are they angles in degrees?)" if angles else ""),
            len(off),
            of.where(int(off[0])),
            "they are scaled to a rotation that the camera never had",
            "posenet scene import table SRC --out DIR, with the options that say which columns are which angles",
        )
    ]


def _shares(
    facts: SceneFacts, of: ListFacts, readings: Sequence[Reading], corners: CornerFinder
) -> dict[Reading, float]:
    """Share of matches that each reading explains; empty where the photos do not tell."""
    everyone = np.ones(len(of), dtype=bool)
    poses = {reading: poses_as(of, reading, everyone) for reading in readings}
    turns = next(iter(poses.values())).quaternion_wxyz
    pairs = corners.pairs(of, of, neighbour_pairs(of, turns))
    if not enough(pairs):
        pairs = corners.pairs(of, of, all_pairs(of, of, (turns, turns)))[:24]
    if enough(pairs):
        return _telling({reading: agreement(pairs, pose, pose) for reading, pose in poses.items()})
    if of is facts.test and facts.train.counts.any():  # few test photos: beside the training photos, which are decided
        beside = facts.train
        there = poses_as(beside, beside.reading, np.ones(len(beside), dtype=bool))
        shares: dict[Reading, float] = {}
        for reading, pose in poses.items():
            which = all_pairs(beside, of, (there.quaternion_wxyz, pose.quaternion_wxyz))
            pairs = corners.pairs(beside, of, which[:60])[:16]
            shares[reading] = agreement(pairs, there, pose) if enough(pairs) else 0.0
        return _telling(shares)
    return {}


def poses_as(of: ListFacts, reading: Reading, mask: np.ndarray) -> PoseArray:
    """Rows that are no rotation become one: they do not count."""
    numbers = of.numbers[mask].copy()
    counted = of.counts[mask]
    numbers[~counted] = [1, 0, 0, 0, 1, 0, 0] if reading.qfirst else [0, 0, 0, 1, 0, 0, 0]
    return read_as(numbers, reading)


def _strangers(of: ListFacts, readings: Sequence[Reading], corners: CornerFinder) -> list[Finding]:
    """Photos that match each other well, and fit their poses in no reading, however they are turned."""
    poses = {reading: poses_as(of, reading, np.ones(len(of), dtype=bool)) for reading in readings}
    turns = next(iter(poses.values())).quaternion_wxyz
    pairs = corners.pairs(of, of, neighbour_pairs(of, turns))
    if len(pairs) < _STRANGERS[0] or sum(len(pair.matches.first) for pair in pairs) < _STRANGERS[1]:
        return []
    tried = [(pose, turn) for turn in range(4) for reading, pose in poses.items() if not turn or len(reading.names) < 2]
    if any(agreement(pairs, pose, pose, turn) >= _NO_FIT for pose, turn in tried):
        return []
    return [
        Finding(
            f"photos and poses do not seem to belong together, in {of.path.name}: places that two photos show do not "
            "fit the poses in any way to read them",
            int(of.counts.sum()),
            of.where(int(np.argmax(of.counts))),
            "a network can learn nothing from poses of other photos",
            "compare a few lines with the output of the program that made the poses: were photos renamed, taken out, "
            "or sorted another way (frame10 before frame2) after that?",
        )
    ]


def enough(pairs: Sequence[PhotoPair]) -> bool:
    """Whether so many matches tell anything."""
    return len(pairs) >= _PHOTOS_ENOUGH[0] and sum(len(p.matches.first) for p in pairs) >= _PHOTOS_ENOUGH[1]


def _telling(shares: dict[Reading, float]) -> dict[Reading, float]:
    return shares if max(shares.values()) >= _AGREES else {}


def _as_good(readings: Sequence[Reading], shares: dict[Reading, float]) -> list[Reading]:
    """Readings that the photos do not rule out; the present one unless another is far better."""
    if not shares:
        return list(readings)
    best = max(shares.values())
    if shares[readings[0]] * _FAR_BETTER > best:
        return [reading for reading in readings if shares[reading] >= min(_ABOUT_AS_GOOD * best, shares[readings[0]])]
    good = [reading for reading in readings if shares[reading] >= 0.92 * best]
    fewest = min(len(reading.names) for reading in good)
    simplest = [reading for reading in good if len(reading.names) == fewest]
    return [max(simplest, key=lambda reading: shares[reading])]


def _most_upright(
    facts: SceneFacts, candidates: list[list[Reading]], allowed: list[list[Reading]], shares: list[dict]
) -> tuple[Reading, Reading]:
    """One reading for each list. The present one, unless photos or a far better score say otherwise."""
    present = tuple(
        readings[0] if readings[0] in ok else ok[0] for readings, ok in zip(candidates, allowed, strict=True)
    )
    if min(of.counts.sum() for of in facts.lists) < 1 or facts.train.counts.sum() < _LEAST_ROWS:
        return present
    ours, theirs = (
        {reading: rotations_as(_thinned(of), reading) for reading in ok}
        for of, ok in zip(facts.lists, allowed, strict=True)
    )
    train = {reading: upright(*poses) for reading, poses in ours.items()}
    # Centres lie as close together as t does, or closer: whoever makes a scene far larger has found no t.
    sizes = [{reading: spread(poses[0]) for reading, poses in of.items()} for of in (ours, theirs)]
    allowed = [
        [
            reading
            for reading in ok
            if reading == now or (size[reading] <= _LARGER * size[now] and _as_smooth(of, reading, now))
        ]
        for of, ok, size, now in zip(facts.lists, allowed, sizes, present, strict=True)
    ]
    tested = facts.test.counts.sum() >= _LEAST_ROWS
    scores = {}
    for first, second in product(*allowed):
        beside = upright(*theirs[second], train[first]).score if tested else 0.0
        names = len(first.names) + len(second.names) + (first != second)
        scores[first, second] = train[first].score + beside + _EACH_DIFFERENCE_DEG * names
    best = min(scores, key=scores.__getitem__)
    now = scores[present]
    clear = scores[best] < now - _MARGIN_DEG and scores[best] < _MARGIN * now
    must = any(reading.opk and not share for reading, share in zip(present, shares, strict=True))
    return best if clear or must else present


def _as_smooth(of: ListFacts, reading: Reading, now: Reading) -> bool:
    """Whether a camera's steps get no longer: t moves with each turn of the camera, centres do not.

    A stair that winds looks like t otherwise: as much up and down as along.
    """
    if reading.t == now.t:
        return True
    together = (of.sequences[of.counts][1:] == of.sequences[of.counts][:-1])[:_STEPS]
    if not together.any():
        return True
    then, before = (
        np.median(
            np.linalg.norm(np.diff(rotations_as(of.numbers[of.counts][: _STEPS + 1], one)[0], axis=0), axis=1)[together]
        )
        for one in (reading, now)
    )
    return bool(then <= before)


def _thinned(of: ListFacts) -> np.ndarray:
    """Numbers of rows that count, of a few hundred of them: enough for a score."""
    numbers = of.numbers[of.counts]
    return numbers[:: max(1, len(numbers) // _SCORED)]


def _findings(facts: SceneFacts, shares: list[dict[Reading, float]]) -> list[Finding]:
    wrong = [(of, share) for of, share in zip(facts.lists, shares, strict=True) if of.reading != Reading()]
    if len(wrong) == 2 and wrong[0][0].reading == wrong[1][0].reading:
        return [_finding(facts, [of for of, _ in wrong], wrong[0][1] or wrong[1][1])]
    return [_finding(facts, [of], share) for of, share in wrong]


def _finding(facts: SceneFacts, lists: list[ListFacts], share: dict[Reading, float]) -> Finding:
    reading = lists[0].reading
    which = "both lists" if len(lists) == 2 else f"{lists[0].path.name}"
    steps = list(reading.steps)
    if len(lists) == 1:
        steps.append(f"--list {lists[0].label}")
    proof = ""
    if share and Reading() in share:
        proof = (
            f" Places that two photos show fit the poses in {100 * share[reading]:.0f} % of all cases when they are "
            f"read so, in {100 * share[Reading()]:.0f} % as they are read now."
        )
    why = "; ".join(WHY[name] for name in reading.names)
    if reading.opk:
        why = WHY["opk"]
    kinds = " ".join(reading.steps)
    words = reading.words.replace("in degrees", "in radians") if lists[0].radians else reading.words
    return Finding(
        f"the poses look written {words}, in {which} ({kinds})",
        int(sum(of.counts.sum() for of in lists)),
        lists[0].where(int(np.argmax(lists[0].counts))),
        f"{why}.{proof}",
        facts.convert(*steps),
    )
