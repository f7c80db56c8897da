"""Latitude and longitude in place of x and y: degrees beside metres, so that nothing can be learned from either."""

import numpy as np

from posenet_lib.scenes.check.facts import ListFacts, SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder

_LEAST_ROWS = 5
_SMALL_DEG = 0.05  # 5 km: a scene's extent in degrees
_FLAT = 300.0  # heights in metres spread at least this much more than degrees do
_FROM_ZERO = 200.0  # and degrees lie so many spreads away from 0


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings; also notes them for `conventions`, which positions like these mislead."""
    facts.in_degrees = any(_in_degrees(of) for of in facts.lists)
    if not facts.in_degrees:
        return []
    wrong = [of for of in facts.lists if _in_degrees(of)]
    return [
        Finding(
            "positions look like latitude and longitude in degrees, with a height in metres",
            sum(int(of.counts.sum()) for of in wrong),
            wrong[0].where(int(np.argmax(wrong[0].counts))),
            "a degree is about 100 km: all cameras would seem to stand at one point, one above the other",
            "export the poses again in a local or a projected coordinate system in metres, such as UTM",
        )
    ]


def _in_degrees(of: ListFacts) -> bool:
    if of.counts.sum() < _LEAST_ROWS:
        return False
    position = of.numbers[of.counts, :3]
    across, down, up = np.percentile(position, 90, axis=0) - np.percentile(position, 10, axis=0)
    first, second = np.abs(np.median(position[:, :2], axis=0))
    within = first < 180 and second < 180 and min(first, second) < 90
    level = max(across, down)
    return bool(within and 0 < level < _SMALL_DEG and up > _FLAT * level and first + second > _FROM_ZERO * level)
