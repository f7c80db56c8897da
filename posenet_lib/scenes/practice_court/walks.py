"""Who walks where in PracticeCourt: twelve training walks and four other ones for testing.

A walk is a formula: way points joined by a spline, pushed away from what stands in the way, a head that
turns from side to side, eyes that bob. Only seeded NumPy arithmetic, rounded to the six decimals of the pose lists, so
that the poses are the same on every run; photos are rendered from the rounded numbers.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.scenes.practice_court.camera import looking
from posenet_lib.scenes.practice_court.lighting import ClutterItem, Light
from posenet_lib.scenes.practice_court.plan import court_plan

TRAINING_PHOTOS, TEST_PHOTOS = 40, 24  # of each walk
CLEARANCE_M = 0.9
MAIN_YAW_DEG = 90.0  # north; in other courts than PracticeCourt it is drawn


class WalkPose(NamedTuple):
    """One photo to take: its name in the data set, the pose as written in the list, and the light."""

    image_name: str
    position_m: np.ndarray
    quaternion_wxyz: np.ndarray
    light: Light


class Walk(NamedTuple):
    """The plan of a walk: way points (K, 2) in metres, head turns (how many, phase in turns), sun, exposure, warmth."""

    name: str
    way_points_m: tuple[tuple[float, float], ...]
    turns: float
    phase: float
    sun: tuple[float, float]  # azimuth, elevation in degrees
    brightness: float
    warmth: float


def _lane(y: float, sway: float, backwards: bool = False) -> tuple[tuple[float, float], ...]:
    points = tuple(
        (x, y + sway * s) for x, s in zip((-6.9, -4.2, -1.4, 1.4, 4.2, 6.9), (0, 1, -1, 1, -1, 0), strict=True)
    )
    return points[::-1] if backwards else points


TRAINING_WALKS = (
    Walk("walk01", _lane(-5.2, 0.25), 2.6, 0.00, (244, 46), 1.00, 0.1),
    Walk("walk02", _lane(-4.2, 0.3, True), 2.2, 0.30, (252, 50), 1.08, 0.3),
    Walk("walk03", _lane(-3.2, 0.3), 2.9, 0.60, (240, 42), 0.93, 0.5),
    Walk("walk04", _lane(-2.2, 0.3, True), 2.4, 0.85, (256, 52), 1.05, -0.2),
    Walk("walk05", _lane(-1.1, 0.3), 2.7, 0.15, (248, 47), 0.90, -0.5),
    Walk("walk06", _lane(0.1, 0.3, True), 2.3, 0.45, (238, 44), 1.12, 0.2),
    Walk("walk07", _lane(1.3, 0.3), 2.8, 0.72, (259, 50), 0.97, 0.0),
    Walk("walk08", _lane(2.4, 0.25, True), 2.5, 0.95, (246, 54), 1.03, -0.3),
    Walk("walk09", _lane(3.4, 0.15), 2.6, 0.25, (250, 45), 1.10, 0.6),
    Walk("walk10", ((-6.6, -5.0), (-6.0, -1.5), (-6.3, 2.6), (-4.6, 3.3), (-3.2, 0.2), (-3.4, -4.6)),
         3.1, 0.50, (242, 48), 0.95, 0.4),
    Walk("walk11", ((-1.9, 3.3), (-1.6, -1.0), (-1.0, -4.9), (1.2, -4.6), (2.8, -1.0), (3.0, 3.3)),
         3.0, 0.10, (254, 43), 1.02, -0.4),
    Walk("walk12", ((6.7, -5.0), (6.4, -1.5), (6.6, 2.6), (5.2, 3.1), (4.9, 0.2), (2.6, -3.4)),
         3.2, 0.80, (247, 51), 1.07, 0.1),
)  # fmt: skip
TEST_WALKS = (
    Walk("walk13", ((-6.2, -4.6), (-3.6, -3.0), (-0.9, -1.4), (0.6, 1.9), (3.2, 2.4), (5.7, 2.5)),
         2.4, 0.35, (251, 48), 1.00, 0.2),
    Walk("walk14", ((-5.9, 2.7), (-3.0, 1.4), (-1.2, -0.6), (1.3, -2.8), (3.2, -3.9), (5.8, -4.4)),
         2.7, 0.75, (243, 50), 1.06, -0.2),
    Walk("walk15", ((5.6, 0.6), (3.4, -0.4), (0.2, -1.7), (-3.2, -1.6), (-5.8, -0.4), (-6.2, 1.4)),
         2.2, 0.05, (257, 45), 0.92, 0.4),
    Walk("walk16", ((-2.2, -4.7), (-2.6, -1.8), (-1.7, 1.8), (2.9, 2.9), (5.7, 0.4), (5.9, -2.9)),
         2.9, 0.55, (246, 53), 1.04, -0.4),
)  # fmt: skip


def _spline(points: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Catmull-Rom spline through points (K, 2) at parameters 0..1 (N,) -> (N, 2)."""
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    where = np.clip(at, 0, 1) * (len(points) - 1)
    k = np.minimum(where.astype(int), len(points) - 2)
    t = (where - k)[:, None]
    a, b, c, d = (padded[k + i] for i in range(4))
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _around_obstacles(path: np.ndarray, furnishings: tuple) -> np.ndarray:
    """Push points (N, 2) out of the circles that walkers keep clear of, and smooth what comes out."""
    circles = [(np.array([x, y]), radius + CLEARANCE_M) for _, _, x, y, _, radius, _ in furnishings]
    window = np.hanning(61) / np.hanning(61).sum()
    for _ in range(12):
        for centre, keep in circles:
            away = path - centre
            distance = np.maximum(np.hypot(*away.T), 1e-3)[:, None]
            path = centre + away / distance * np.maximum(distance, keep)
        before, after = 2 * path[0] - path[30:0:-1], 2 * path[-1] - path[-2:-32:-1]  # mirrored, so that ends stay
        longer = np.concatenate([before, path, after])
        path = np.stack([np.convolve(column, window, mode="valid") for column in longer.T], axis=1)
    return path


def _path(walk: Walk, count: int, furnishings: tuple) -> np.ndarray:
    """Positions (count, 2) at about equal steps along the walk."""
    fine = _around_obstacles(_spline(np.array(walk.way_points_m), np.linspace(0, 1, 600)), furnishings)
    travelled = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(fine, axis=0).T))])
    at = np.interp(np.linspace(0, travelled[-1], count), travelled, np.arange(600.0))
    return np.stack([np.interp(at, np.arange(600.0), column) for column in fine.T], axis=1)


def _clutter(path: np.ndarray, furnishings: tuple, rng: np.random.Generator) -> tuple[ClutterItem, ...]:
    """Seven things at random places, 1.6 m or more from the walk and clear of the furniture."""
    items: list[ClutterItem] = []
    taken = [(x, y, radius) for _, _, x, y, _, radius, _ in furnishings]
    for kind in ("woman", "man", "child", "boxes", "ball", "bicycle", "cart"):
        for _ in range(200):
            x, y = rng.uniform(-8.5, 8.8), rng.uniform(-3.5, 5.2)
            clear = all(math.hypot(x - a, y - b) > radius + 0.8 for a, b, radius in taken)
            if clear and np.hypot(*(path - (x, y)).T).min() > 1.6:
                items.append(ClutterItem(kind, round(x, 2), round(y, 2), round(rng.uniform(-30, 30), 1)))
                taken.append((x, y, 0.5))
                break
    return tuple(items)


def _poses(walk: Walk, count: int, seed: int, furnishings: tuple, main_yaw_deg: float) -> list[WalkPose]:
    rng = np.random.default_rng(seed)
    path = _path(walk, count, furnishings)
    s = np.linspace(0, 1, count)
    phases = rng.uniform(0, 2 * np.pi, 5)
    # A triangle wave spends equal time on all directions; 0.97 rounds its turning points.
    wave = np.arcsin(0.97 * np.sin(2 * np.pi * (walk.turns * s + walk.phase))) / (np.pi / 2)
    yaw = main_yaw_deg + 61 * wave + 6 * np.sin(2 * np.pi * 1.3 * s + phases[0])
    pitch = 2.0 + 5.5 * np.sin(2 * np.pi * 1.7 * s + phases[1]) + 1.5 * np.sin(2 * np.pi * 4.1 * s + phases[2])
    roll = 2.4 * np.sin(2 * np.pi * 2.3 * s + phases[3])
    eye = 1.65 + 0.08 * np.sin(2 * np.pi * 0.8 * s + phases[4]) + 0.03 * np.sin(2 * np.pi * 9.0 * s)
    clutter, clouds = _clutter(path, furnishings, rng), round(rng.uniform(0, 1), 3)
    poses = []
    for k in range(count):
        light = Light(
            *walk.sun,
            round(walk.brightness * (1 + 0.06 * math.sin(4.4 * s[k] + phases[2])), 4),
            walk.warmth,
            clouds,
            clutter,
            seed,
        )
        q = quaternion.canonical_sign(np.round(looking(yaw[k], pitch[k], roll[k]), 6))
        name = f"{walk.name}/frame{k + 1:05d}.jpg"
        poses.append(WalkPose(name, np.round(np.array([*path[k], eye[k]]), 6) + 0.0, q, light))
    return poses


def _other_walks(walks: tuple[Walk, ...], rng: np.random.Generator, sun_azimuth_deg: float) -> tuple[Walk, ...]:
    """The same kinds of walk through another court: way points moved, head turns, sun and exposure drawn anew."""
    return tuple(
        walk._replace(
            way_points_m=tuple((x + rng.uniform(-0.5, 0.5), y + rng.uniform(-0.4, 0.4)) for x, y in walk.way_points_m),
            phase=rng.uniform(0, 1),
            sun=(sun_azimuth_deg + rng.uniform(-11, 11), rng.uniform(40, 56)),
            brightness=rng.uniform(0.9, 1.12),
            warmth=rng.uniform(-0.5, 0.6),
        )
        for walk in walks
    )


def _drawn_directions(rng: np.random.Generator) -> tuple[float, float]:
    """Where a court's walkers look and where its sun stands, in degrees."""
    # Views within 90 degrees of south would need quaternions on both sides of w = 0, where they change sign.
    return rng.uniform(-10, 190), rng.uniform(0, 360)


def _directions(court_seed: int) -> tuple[float, float]:
    """The same for any court; PracticeCourt's are written down."""
    if not court_seed:
        return MAIN_YAW_DEG, TEST_WALKS[0].sun[0]
    return _drawn_directions(np.random.default_rng([court_seed, 1]))


@lru_cache(maxsize=2)
def _all_poses(court_seed: int = 0) -> tuple[list[WalkPose], list[WalkPose]]:
    training_walks, test_walks, main_yaw_deg = TRAINING_WALKS, TEST_WALKS, MAIN_YAW_DEG
    if court_seed:
        rng = np.random.default_rng([court_seed, 1])
        main_yaw_deg, sun_azimuth_deg = _drawn_directions(rng)
        training_walks = _other_walks(TRAINING_WALKS, rng, sun_azimuth_deg)
        test_walks = _other_walks(TEST_WALKS, rng, sun_azimuth_deg)
    of_court = court_plan(court_seed).furnishings, main_yaw_deg
    seed = 10_000 * court_seed  # of the walks' own draws
    training = [p for k, w in enumerate(training_walks) for p in _poses(w, TRAINING_PHOTOS, seed + 1000 + k, *of_court)]
    test = [p for k, w in enumerate(test_walks) for p in _poses(w, TEST_PHOTOS, seed + 2000 + k, *of_court)]
    return training, test


def training_poses(court_seed: int = 0) -> list[WalkPose]:
    """The 480 training photos in list order."""
    return list(_all_poses(court_seed)[0])


def test_poses(court_seed: int = 0) -> list[WalkPose]:
    """The 96 test photos in list order, from walks of their own."""
    return list(_all_poses(court_seed)[1])


def unlisted_poses(court_seed: int, draw: int, walks: int = 2, photos: int = 8) -> list[WalkPose]:
    """Poses that are in no list: walks of the same kind through the same court, with ways and light drawn anew.

    Args:
        court_seed: which court.
        draw: 0 or more; the same number gives the same poses, another one others.
        walks: how many, at most as many as there are test walks.
        photos: of each walk.
    """
    rng = np.random.default_rng([court_seed, 2, draw])
    chosen = rng.choice(len(TEST_WALKS), walks, replace=False)
    main_yaw_deg, sun_azimuth_deg = _directions(court_seed)
    drawn = _other_walks(tuple(TEST_WALKS[k] for k in chosen), rng, sun_azimuth_deg)
    furnishings = court_plan(court_seed).furnishings
    seeds = rng.integers(2**62, size=walks)
    return [p for w, seed in zip(drawn, seeds, strict=True) for p in _poses(w, photos, seed, furnishings, main_yaw_deg)]


test_poses.__test__ = False  # it is no test, whatever pytest makes of its name
