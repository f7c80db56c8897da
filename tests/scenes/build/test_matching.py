"""Which photos are matched, which features are matched with the map's points, and what is said about a map."""

import numpy as np
import pytest

from posenet_lib.scenes.build.advice import describe_mapping
from posenet_lib.scenes.build.colmap.direct_matches import PointMap, direct_matches, matches_in_view, unit
from posenet_lib.scenes.build.pairs import ALL_PAIRS_UP_TO, pairs_to_match


def test_few_photos_are_all_matched_and_many_by_neighbours_and_a_net():
    few = [f"{number:03d}.jpg" for number in range(ALL_PAIRS_UP_TO)]
    assert len(pairs_to_match(few)) == len(few) * (len(few) - 1) // 2
    many = [f"{number:03d}.jpg" for number in range(400)]
    pairs = pairs_to_match(many)
    assert len(set(pairs)) == len(pairs) < 10_000
    assert all(first < second for first, second in pairs)
    assert {(many[k], many[k + step]) for k in range(390) for step in (1, 5, 10)} <= set(pairs)
    assert ("000.jpg", "399.jpg") in pairs, "the end of the walk may be where it began"


@pytest.fixture
def known():
    rng = np.random.default_rng(0)
    descriptors = rng.integers(0, 120, (300, 128), dtype=np.uint8)
    return PointMap(rng.uniform(-5, 5, (300, 3)), unit(descriptors), 8.0), descriptors


def test_features_find_their_points_and_others_find_none(known):
    points, descriptors = known
    rng = np.random.default_rng(1)
    seen = rng.permutation(300)[:80]
    noisy = np.clip(descriptors[seen].astype(int) + rng.integers(-6, 7, (80, 128)), 0, 255).astype(np.uint8)
    others = rng.integers(0, 120, (50, 128), dtype=np.uint8)
    which, point = direct_matches(np.concatenate([noisy, others]), points)
    assert (which < 80).all(), "what is not in the map is like several points: the ratio test"
    assert len(which) > 75
    assert (point == seen[which]).all()


def test_a_place_that_was_reconstructed_twice_is_no_rival(known):
    points, descriptors = known
    twice = PointMap(np.concatenate([points.xyz, points.xyz + 1e-3]), np.tile(points.descriptors, (2, 1)), points.size)
    which, point = direct_matches(descriptors[:60], twice)
    assert len(which) == 60
    assert (point % 300 == which).all()


def test_one_point_goes_to_one_feature(known):
    points, descriptors = known
    which, point = direct_matches(descriptors[[5, 5, 5, 9]], points)
    assert sorted(point) == [5, 9]
    assert len(set(which)) == 2


def test_in_view_only_what_is_near_and_alike(known):
    points, descriptors = known
    seen = np.full((300, 2), np.nan)
    seen[:3] = [[10, 10], [12, 10], [60, 40]]
    places = np.array([[10.5, 10.0], [60.0, 41.0], [60.0, 41.0], [30.0, 30.0]])
    which, point = matches_in_view(places, descriptors[[0, 2, 7, 1]], seen, points, (100, 80), 4.0)
    assert dict(zip(which.tolist(), point.tolist(), strict=True)) == {0: 0, 1: 2}


def mapped(count, *, models=(30,), error_px=0.5, track=5.0, forward=False):
    photos = [{"name": f"w/{number:02d}.jpg"} for number in range(count)]
    numbers = {"points": 900, "error_px": error_px, "track": track, "forward": forward}
    return {"photos": photos, "models": list(models), **numbers}


def test_a_good_map_gets_numbers_and_no_advice():
    names = [f"w/{number:02d}.jpg" for number in range(30)]
    assert describe_mapping(mapped(30), names) == [
        "30 of 30 photos have a pose; 900 points, each seen in 5.0 photos in the mean; reprojection error 0.50 px."
    ]


def test_a_poor_map_is_told_what_to_film_differently():
    names = [f"w/{number:02d}.jpg" for number in range(30)]
    said = " ".join(describe_mapping(mapped(20, models=(20, 8), error_px=2.1, track=2.4, forward=True), names))
    for words in (
        "20 of 30 photos",
        "2 models of 20, 8 photos; the largest was taken",
        "No pose for w/20.jpg ... w/29.jpg",
        "look to the side",
        "stabilisation off",
        "more frames",
    ):
        assert words in said
