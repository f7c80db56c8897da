"""Do photos and poses agree? Places that two photos both show must lie where the two poses put them.

For poses of cameras 1 and 2, a place that camera 1 sees in direction d1 lies, seen from camera 2, somewhere on an arc:
from `R d1` (if it is far away) towards the direction of camera 1 (if it is near). A match counts as agreeing when
camera 2 sees it within a small angle of that arc. Unlike the epipolar line, the arc has an end, so that a rotation of
the wrong sense shows. The scene's unit does not matter, and so this says nothing about it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.check.facts import ListFacts
from posenet_lib.scenes.check.photo_matches import Corners, Matches, find_corners, match

_ANCHORS = 14  # photos of a list that a partner is looked for
_BEST_TURN_DEG, _MOST_TURN_DEG = 12.0, 30.0  # between partners: enough to see its sense, with most of the view shared
_AHEAD = 60  # frames
_ALL_PAIRS = 48  # photos of a list without neighbours, all of which are compared
_LEAST_MATCHES = 8  # of a pair that is counted
_WITHIN_DEG = 0.6
_FOCALS = (0.5, 0.6, 0.7, 0.8, 0.92, 1.1, 1.4)  # in units of the photo's larger side: 90 to 40 degrees across
_NEAREST = 0.7  # no place is nearer than this share of the way between the two cameras


class PhotoPair(NamedTuple):
    """Two photos, and what both show."""

    first: int  # row among `of_first`'s rows
    second: int
    matches: Matches


class CornerFinder:
    """Corners of photos, found once each; None where a photo cannot be read."""

    def __init__(self):
        self._found: dict[Path, Corners | None] = {}
        self._matched: dict[tuple[Path, Path], Matches] = {}

    def of(self, path: Path) -> Corners | None:
        """Corners of one photo."""
        if path not in self._found:
            try:
                self._found[path] = find_corners(path)
            except (WorkbookError, ValueError):
                self._found[path] = None
        return self._found[path]

    def pairs(self, first: ListFacts, second: ListFacts, which: Iterable[tuple[int, int]]) -> list[PhotoPair]:
        """Those that share enough to count, most matches first."""
        found = []
        for i, j in which:
            paths = first.rows[i].image_path, second.rows[j].image_path
            one, two = (self.of(path) for path in paths)
            if one is not None and two is not None:
                if paths not in self._matched:
                    self._matched[paths] = match(one, two)
                matches = self._matched[paths]
                if len(matches.first) >= _LEAST_MATCHES:
                    found.append(PhotoPair(i, j, matches))
        return sorted(found, key=lambda pair: -len(pair.matches.first))


def neighbour_pairs(of: ListFacts, quaternions: np.ndarray) -> list[tuple[int, int]]:
    """Photos of one sequence some degrees apart; the angle is the same in most readings.

    Args:
        quaternions: (N, 4), in any order of their numbers.
    """
    rows = np.flatnonzero(of.counts)
    pairs = []
    for i in rows[np.linspace(0, max(0, len(rows) - 2), _ANCHORS).astype(int)] if len(rows) > 1 else ():
        ahead = [j for j in range(i + 1, min(i + _AHEAD, len(of))) if of.counts[j]]
        ahead = [j for j in ahead if of.sequences[j] == of.sequences[i]]
        if ahead:
            turn = quaternion.angle_deg(quaternions[i][None], quaternions[ahead])
            best = int(np.abs(turn - _BEST_TURN_DEG).argmin())
            if turn[best] < _MOST_TURN_DEG:
                pairs.append((int(i), int(ahead[best])))
    return list(dict.fromkeys(pairs))


def all_pairs(first: ListFacts, second: ListFacts, turns: tuple[np.ndarray, np.ndarray]) -> list[tuple[int, int]]:
    """For lists of photos that lie far apart: whatever looks in about the same direction."""
    rows = []
    for of in (first, second):
        counted = np.flatnonzero(of.counts)
        chosen = np.linspace(0, len(counted) - 1, min(_ALL_PAIRS, len(counted))).astype(int) if len(counted) else []
        rows.append(counted[chosen] if len(counted) else counted)
    turn = quaternion.angle_deg(turns[0][rows[0]][:, None], turns[1][rows[1]][None])
    near = np.argwhere(turn < _MOST_TURN_DEG)
    near = near[np.argsort(turn[tuple(near.T)], kind="stable")][: 6 * _ALL_PAIRS]
    pairs = [(int(rows[0][a]), int(rows[1][b])) for a, b in near]
    return [(i, j) for i, j in pairs if i < j] if first is second else pairs


def agreement(pairs: Sequence[PhotoPair], first: PoseArray, second: PoseArray, turn: int = 0) -> float:
    """Share of matches that fit the poses, 0..1, with the focal length that fits best: the mean over pairs.

    Args:
        first: poses of all rows of the first photos' list; `second` likewise.
        turn: quarter turns (clockwise as seen) that the photos were given after the poses were made.
    """
    i, j = (np.array([pair[k] for pair in pairs]) for k in (0, 1))
    ours, theirs = quaternion.to_matrix(first.quaternion_wxyz[i]), quaternion.to_matrix(second.quaternion_wxyz[j])
    between = theirs @ ours.transpose(0, 2, 1)
    baseline = np.einsum("nij,nj->ni", theirs, first.position_m[i] - second.position_m[j])
    of_pair = np.repeat(np.arange(len(pairs)), [len(pair.matches.first) for pair in pairs])
    one, two = (np.concatenate([pair.matches[k] for pair in pairs]) for k in (0, 1))
    best = 0.0
    for focal in _FOCALS:
        far = np.einsum("nij,nj->ni", between[of_pair], _directions(one, focal, turn))
        off = _off_deg(far, _directions(two, focal, turn), baseline[of_pair])
        fits = np.bincount(of_pair, off < _WITHIN_DEG) / np.bincount(of_pair)
        best = max(best, float(fits.mean()))
    return best


def _directions(at: np.ndarray, focal: float, turn: int) -> np.ndarray:
    """(M, 2) in the photo -> unit vectors (M, 3) in the camera."""
    x, y = at.T
    for _ in range(turn % 4):  # back by a quarter turn
        x, y = y, -x
    rays = np.stack([x, y, np.full(len(x), focal)], axis=1)
    return rays / np.linalg.norm(rays, axis=1, keepdims=True)


def _off_deg(far: np.ndarray, seen: np.ndarray, baseline: np.ndarray) -> np.ndarray:
    """Angle of each direction `seen` (M, 3) to its arc, which begins at `far` (M, 3) and goes towards `baseline`."""
    to_far = np.degrees(np.arctan2(np.linalg.norm(np.cross(far, seen), axis=1), np.sum(far * seen, axis=1)))
    length = np.linalg.norm(baseline, axis=1)
    near = baseline / length.clip(min=1e-9)[:, None]
    normal = np.cross(far, near)
    plane = np.linalg.norm(normal, axis=1).clip(min=1e-9)
    to_plane = np.degrees(np.arcsin((np.abs(np.sum(seen * normal, axis=1)) / plane).clip(max=1)))
    along, a, b = (np.sum(x * y, axis=1) for x, y in ((far, near), (seen, far), (seen, near)))
    u, v = (a - along * b), (b - along * a)  # seen, projected on the arc's plane, is u far + v near
    on_arc = (u > 0) & (v > 0) & (u > _NEAREST * v)
    end = _NEAREST * far + near
    end /= np.linalg.norm(end, axis=1, keepdims=True).clip(min=1e-9)
    to_end = np.degrees(np.arccos(np.sum(end * seen, axis=1).clip(-1, 1)))
    off = np.where(on_arc, to_plane, np.minimum(to_far, to_end))
    return np.where(length < 1e-9, to_far, off)
