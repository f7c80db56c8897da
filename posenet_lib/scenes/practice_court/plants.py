"""Trees, evergreens and flower boxes: leaves are many small panels with holes."""

import math

import numpy as np

from posenet_lib.scenes.practice_court.panels import Panel, box, lathe, upright

Colour = tuple[float, float, float]


def leaf_crown(centre, radii, leaves: str, count: int, seed: int, size_m: float = 1.25, tint: Colour = (1, 1, 1)):
    """Leaf clusters on an ellipsoid; shaded with the crown's normal, so that it looks like one round body."""
    rng = np.random.default_rng(seed)
    panels = []
    for k in range(count):
        height = 1 - 2 * (k + 0.5) / count
        azimuth = 2.39996 * k + rng.uniform(-0.4, 0.4)  # the golden angle spreads them evenly
        flat = math.sqrt(1 - height**2)
        outward = np.array([flat * math.cos(azimuth), flat * math.sin(azimuth), height])
        at = np.asarray(centre) + outward * radii * rng.uniform(0.55, 0.95)
        facing = outward + rng.normal(0, 0.45, 3)
        facing /= np.linalg.norm(facing)
        edge_u = np.cross(facing, rng.normal(0, 1, 3))
        edge_u *= size_m * rng.uniform(0.85, 1.15) / np.linalg.norm(edge_u)
        edge_v = np.cross(facing, edge_u)
        normal = outward + np.array([0, 0, 0.35])
        shade = rng.uniform(0.85, 1.1)
        panels.append(
            Panel(
                tuple(at - edge_u / 2 - edge_v / 2), tuple(edge_u), tuple(edge_v), leaves, two_sided=True,
                normal=tuple(normal / np.linalg.norm(normal)), tint=tuple(shade * c for c in tint),
            )
        )  # fmt: skip
    return panels


def tree(leaves: str, trunk_m: float, crown_m: float, squash: float, count: int, seed: int, bark: Colour = (1, 1, 1)):
    """A tree at the origin: trunk and one crown with a smaller one on its shoulder."""
    centre = (0, 0, trunk_m + crown_m * squash * 0.75)
    radii = np.array([crown_m, crown_m, crown_m * squash])
    shoulder = (0.35 * crown_m, -0.25 * crown_m, centre[2] + 0.55 * crown_m * squash)
    trunk = lathe([(0.2, 0), (0.13, 0.35), (0.11, centre[2])], "bark", 8, (2, trunk_m), tint=bark)
    return (
        trunk
        + leaf_crown(centre, radii, leaves, count, seed)
        + leaf_crown(shoulder, radii * 0.6, leaves, count // 3, seed + 1)
    )


def cypress(seed: int, height_m: float = 4.6) -> list[Panel]:
    """A slim dark evergreen."""
    radii = np.array([0.5, 0.5, height_m / 2 - 0.2])
    return lathe([(0.12, 0), (0.08, 0.8)], "bark", 6) + leaf_crown(
        (0, 0, height_m / 2 + 0.2), radii, "leaves_dark", 34, seed, 0.9
    )


def planter(flowers: str, tint: Colour, width_m: float = 1.2, stone: str = "plain") -> list[Panel]:
    """A box of flowers, 0.45 m high."""
    half = width_m / 2
    parts = box((-half, -0.2, 0), (half, 0.2, 0.42), stone, tint=tint, top="soil")
    for y in (-0.12, 0.0, 0.12):
        parts.append(
            upright(
                -half, y, 0.4, width_m, 0.42, "s", flowers, repeat=(width_m, 1), two_sided=True, normal=(0, -0.5, 0.85)
            )
        )
    for x in (-half * 0.6, 0, half * 0.6):
        parts.append(
            upright(x, -0.2, 0.4, 0.4, 0.42, "e", flowers, repeat=(0.4, 1), two_sided=True, normal=(0, -0.5, 0.85))
        )
    return parts
