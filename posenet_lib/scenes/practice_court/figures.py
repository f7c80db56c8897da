"""Standing figures of turned parts: passers-by, and the statue's bronze person."""

import math
from itertools import pairwise

import numpy as np

from posenet_lib.scenes.practice_court.panels import Panel, ball, box, lathe, place

Colour = tuple[float, float, float]


def _limb(start, end, radius_m: float, texture: str, tint: Colour) -> list[Panel]:
    """A slanting six-sided rod from start to end, (3,) metres each."""
    start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    spokes = [radius_m * np.array([math.cos(a), math.sin(a), 0]) for a in np.arange(7) * math.pi / 3]
    return [
        Panel(tuple(start + left), tuple(right - left), tuple(end - start), texture, tint=tint)
        for left, right in pairwise(spokes)
    ]


def person(
    coat: Colour, trousers: Colour, hair: Colour, skin: Colour, shoes: Colour = (0.02, 0.02, 0.02),
    texture: str = "plain", raised_arm: bool = False,
) -> list[Panel]:  # fmt: skip
    """A figure of 1.7 m that faces south; the colours are linear light."""
    parts = []
    for x in (-0.09, 0.09):
        parts += place(lathe([(0.055, 0.06), (0.065, 0.45), (0.09, 0.85)], texture, 8, tint=trousers), x, 0)
        parts += box((x - 0.05, -0.17, 0), (x + 0.05, 0.07, 0.08), texture, tint=shoes)
    parts += lathe(
        [(0.19, 0.70), (0.145, 1.02), (0.18, 1.30), (0.15, 1.40), (0.05, 1.46)], texture, 12, tint=coat, two_sided=True
    )
    for side in (-1, 1):
        shoulder, elbow, hand = (0.17 * side, 0, 1.36), (0.25 * side, 0.02, 1.08), (0.23 * side, -0.08, 0.82)
        if raised_arm and side > 0:
            elbow, hand = (0.36, 0, 1.52), (0.42, -0.03, 1.82)
        for start, end, radius in ((shoulder, elbow, 0.055), (elbow, hand, 0.042)):
            low, high = sorted((start, end), key=lambda point: point[2])  # a rod's panels face outwards if it points up
            parts += _limb(low, high, radius, texture, coat)
        parts += place(ball(0.05, hand[2], texture, 6, 4, tint=skin), hand[0], hand[1])
        parts += place(ball(0.07, 1.36, texture, 6, 4, tint=coat), 0.17 * side, 0)
    parts += lathe([(0.05, 1.44), (0.05, 1.5)], texture, 6, tint=skin) + ball(0.105, 1.58, texture, 10, 6, tint=skin)
    for x in (-0.045, 0.03):
        parts += box((x, -0.112, 1.585), (x + 0.015, -0.09, 1.605), texture, tint=shoes)  # eyes
    return parts + place(ball(0.108, 1.625, texture, 10, 6, tint=hair), 0, 0.035)


def scaled(panels: list[Panel], factor: float) -> list[Panel]:
    """Panels enlarged about the origin."""
    names = ("corner_m", "edge_u_m", "edge_v_m")
    return [
        Panel(**{**p.__dict__, **{name: tuple(factor * c for c in getattr(p, name)) for name in names}}) for p in panels
    ]
