"""Features of a photo and points of a map that look alike, by their SIFT descriptors."""

from typing import NamedTuple

import numpy as np

_RATIO = 0.85  # of the distances to the best and to the second point (Lowe's test)
_SAME_PLACE = 0.005  # of the map's size: two points so close are one, seen twice
_NEIGHBOURS = 4
_GUIDED_DISTANCE = 0.7  # between unit descriptors: about 41 degrees


class PointMap(NamedTuple):
    """A map's points."""

    xyz: np.ndarray  # (P, 3)
    descriptors: np.ndarray  # (P, 128) float32 of unit length
    size: float  # of the middle 80 percent of the points, in the map's unit

    @classmethod
    def read(cls, path: str) -> "PointMap":
        """From `points.npz`."""
        with np.load(path) as file:
            xyz, descriptors = file["xyz"], unit(file["descriptors"])
        return cls(xyz, descriptors, float(np.ptp(np.percentile(xyz, (10, 90), axis=0), axis=0).max()))


def unit(descriptors: np.ndarray) -> np.ndarray:
    """(N, 128) bytes -> unit length, so that products are cosines."""
    values = descriptors.astype(np.float32)
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-6)


def direct_matches(descriptors: np.ndarray, known: PointMap) -> tuple[np.ndarray, np.ndarray]:
    """For the features (N, 128) that pass the ratio test: their indices, and those of the points, (M,) each."""
    features = unit(descriptors)
    count = min(_NEIGHBOURS, len(known.xyz))
    nearest = np.zeros((len(features), count), dtype=np.int64)
    for start in range(0, len(features), 512):  # not N x P at once
        alike = features[start : start + 512] @ known.descriptors.T
        rows = np.arange(len(alike))
        for column in range(count):  # a few times the largest: faster than sorting all
            best = alike.argmax(axis=1)
            nearest[start + rows, column] = best
            alike[rows, best] = -1
    distance = _distance(np.einsum("nd,nkd->nk", features, known.descriptors[nearest]))
    place = known.xyz[nearest]
    elsewhere = np.linalg.norm(place - place[:, :1], axis=2) > _SAME_PLACE * known.size
    second = np.where(elsewhere, distance, np.inf).min(axis=1, initial=np.inf)
    second = np.where(np.isinf(second), distance[:, -1], second)
    which = np.flatnonzero(distance[:, 0] < _RATIO * second)
    return _each_point_once(which, nearest[which, 0], distance[which, 0])


def matches_in_view(
    places: np.ndarray,
    descriptors: np.ndarray,
    seen: np.ndarray,
    known: PointMap,
    size_px: tuple[int, int],
    radius_px: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Features (N, 2) and points whose projections `seen` (P, 2) lie within a radius and look alike."""
    inside = np.flatnonzero(((seen >= 0) & (seen < size_px)).all(axis=1))  # NaN is not
    features = unit(descriptors)
    which, point, apart = [], [], []
    order = np.argsort(seen[inside, 0])
    inside, across = inside[order], seen[inside[order], 0]
    for index, place in enumerate(places):
        first, last = np.searchsorted(across, (place[0] - radius_px, place[0] + radius_px))
        near = inside[first:last]
        near = near[np.abs(seen[near, 1] - place[1]) <= radius_px]
        if len(near):
            alike = known.descriptors[near] @ features[index]
            best = int(alike.argmax())
            which.append(index)
            point.append(near[best])
            apart.append(float(_distance(alike[best])))
    which, point, apart = np.array(which, dtype=int), np.array(point, dtype=int), np.array(apart)
    good = apart < _GUIDED_DISTANCE
    return _each_point_once(which[good], point[good], apart[good])


def _each_point_once(which: np.ndarray, point: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of several features that choose one point, the most alike."""
    order = np.argsort(distance, kind="stable")
    _, first = np.unique(point[order], return_index=True)
    chosen = np.sort(order[first])
    return which[chosen], point[chosen]


def _distance(alike: np.ndarray) -> np.ndarray:
    return np.sqrt(np.maximum(2 - 2 * alike, 0))
