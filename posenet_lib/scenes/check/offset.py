"""Coordinates far from 0, as maps have them (UTM): numbers of 32 bits, which networks compute in, are coarse there."""

import numpy as np

from posenet_lib.scenes.check.facts import SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.offset import float32_step, scene_offset_m


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings."""
    if not facts.train.counts.any():
        return []
    position = facts.train.poses().position_m
    if not scene_offset_m(position).any():
        return []
    largest = float(np.abs(position).max())
    return [
        Finding(
            f"coordinates are as large as {largest:.0f}, as map coordinates (UTM) are",
            int(sum(of.counts.sum() for of in facts.lists)),
            facts.train.where(int(np.argmax(facts.train.counts))),
            f"numbers of 32 bits have steps of {float32_step(largest):.3g} {facts.unit} there. This workbook subtracts "
            "an offset while it trains and adds it to its predictions; other programs may not",
            facts.convert("offset"),
        )
    ]
