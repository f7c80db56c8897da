"""Rows without a pose of their own, as trackers write them while they are lost: zeros, the identity, the last pose."""

from collections import defaultdict

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.scenes.check.facts import ListFacts, SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.photo_matches import match
from posenet_lib.scenes.check.two_views import CornerFinder

_AGAIN = 3  # rows one after the other with the same pose, to the last digit
_JUMP = 2.5  # usual steps from a stretch of one pose to the next one: the camera went on meanwhile
_MOVED = 0.006  # of the photo's larger side: what the photos show has moved, though the pose has not
_RUNS_SEEN = 3  # stretches whose photos are compared
_NEAR = 5.0  # usual steps from an identity to its neighbour: further, and it is no place on the walk
_TURNED_DEG = 45.0  # nor if its neighbour looks elsewhere


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings; also marks each list's lost rows."""
    findings = []
    for of in facts.lists:
        for reason, rows in (
            ("zeros in place of a quaternion", _zeros(of)),
            ("the identity in place of a pose", _identities(of)),
            ("the same pose again and again", _again(of, corners)),
        ):
            rows = [row for row in rows if not of.lost[row]]
            if not rows:
                continue
            of.lost[rows] = True
            findings.append(
                Finding(
                    f"lost tracking: {reason}, in {of.path.name}",
                    len(rows),
                    of.where(rows[0]),
                    "the camera was elsewhere: these rows teach or measure wrong poses",
                    facts.convert("lost"),
                )
            )
        if of.not_finite:
            findings.append(
                Finding(
                    f"lost tracking: numbers that are NaN or infinite, in {of.path.name}",
                    len(of.not_finite),
                    f"{of.path}, line {of.not_finite[0].line} ({of.not_finite[0].name})",
                    "the list cannot be read, and these photos have no pose",
                    facts.convert("lost"),
                )
            )
    return findings


def _zeros(of: ListFacts) -> list[int]:
    if not len(of):
        return []
    angles = np.array([row.angles for row in of.rows])
    zero = np.linalg.norm(of.numbers[:, 3:], axis=1) < 1e-6
    return np.flatnonzero(zero & ~angles).tolist()


def _identities(of: ListFacts) -> list[int]:
    """Position 0 and no turn. One of them may be where a walk begins; then its neighbour is near."""
    if not len(of):
        return []
    four = np.abs(of.numbers[:, 3:])
    none = (np.sort(four, axis=1)[:, :3].max(axis=1) < 1e-9) & (np.abs(four.max(axis=1) - 1) < 1e-9)
    identity = np.flatnonzero(none & ~of.numbers[:, :3].any(axis=1) & of.counts)
    if len(identity) in (0, len(of)):
        return []
    if len(identity) > 1:
        return identity.tolist()
    alone = int(identity[0])
    usual = _usual_step(of)
    beside = [row for row in (alone - 1, alone + 1) if 0 <= row < len(of) and of.sequences[row] == of.sequences[alone]]
    turn = quaternion.angle_deg(of.numbers[alone, 3:], of.numbers[beside, 3:]) if beside else np.zeros(0)
    near = [
        row
        for row, angle in zip(beside, turn, strict=True)
        if np.linalg.norm(of.numbers[row, :3]) <= _NEAR * usual and angle < _TURNED_DEG
    ]
    return [] if near else [alone]


def _again(of: ListFacts, corners: CornerFinder) -> list[int]:
    """Rows that repeat a pose which the camera has left, or cannot have kept."""
    places = defaultdict(list)
    for row in np.flatnonzero(of.counts):
        places[of.numbers[row].tobytes()].append(int(row))
    usual, lost, seen = _usual_step(of), [], 0
    for rows in sorted(places.values(), key=lambda rows: (-len(rows), rows)):
        if len(rows) < 2:
            continue
        other_walks = len({of.sequences[row] for row in rows}) > 1
        left_between = len(rows) >= _AGAIN and bool((np.diff(rows) > 1).any())
        if other_walks or left_between:
            lost += rows
        elif len(rows) >= _AGAIN:
            moved = _moved(of, rows, corners) if seen < _RUNS_SEEN else None
            seen += 1
            after = rows[-1] + 1
            goes_on = after < len(of) and of.sequences[after] == of.sequences[rows[0]]
            step = np.linalg.norm(of.numbers[after, :3] - of.numbers[rows[0], :3]) if goes_on else 0.0
            if moved or (moved is None and usual > 0 and step > _JUMP * usual):
                lost += rows[1:]
    return sorted(lost)


def _moved(of: ListFacts, rows: list[int], corners: CornerFinder) -> bool | None:
    """Whether the photos of a stretch show that the camera moved; None where they do not tell."""
    first, last = (corners.of(of.rows[row].image_path) for row in (rows[0], rows[-1]))
    if first is None or last is None:
        return None
    matches = match(first, last)
    if len(matches.first) < 8:
        return True if len(first.at) > 50 and len(last.at) > 50 else None
    return bool(np.median(np.linalg.norm(matches.first - matches.second, axis=1)) > _MOVED)


def _usual_step(of: ListFacts) -> float:
    """The median step of one sequence, standing still aside."""
    steps = np.linalg.norm(np.diff(of.numbers[:, :3], axis=0), axis=1)
    steps = steps[(of.sequences[1:] == of.sequences[:-1]) & (steps > 0)]
    return float(np.median(steps)) if len(steps) else 0.0
