"""Flat textured panels, the one shape that PracticeCourt is made of, and solids put together from them.

A panel is a parallelogram: a corner, an edge to the right (u runs 0..1 along it) and an edge upwards (v runs 0..1).
``taper`` narrows it towards v = 1: 0 leaves the parallelogram, 1 makes a triangle, values between a trapezoid. Boxes,
roofs, columns, bowls and balls are then all lists of panels, and the ray caster needs to know one shape only.
Metres, z up; the front of a panel is where ``edge_u x edge_v`` points.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

Vector = Sequence[float]


@dataclass(frozen=True)
class Panel:
    """One textured parallelogram, trapezoid or triangle in the world.

    Attributes:
        corner_m, edge_u_m, edge_v_m: (3,) lower left corner, edge to the right, edge upwards.
        texture: a name in the texture atlas.
        repeat: how often the texture repeats along u and v.
        shift_u: where on the texture u = 0 lies, in repeats.
        taper: 0 parallelogram .. 1 triangle with its tip at v = 1.
        tint: factors on the texture's red, green, blue.
        normal: the direction used in shading, if it should differ from the panel's own (leaves use the crown's).
        normal_swing: (3,) added to the normal from -1x at u = 0 to +1x at u = 1, which makes facets look round.
        two_sided: seen from behind too.
        casts_shadow: whether it stops sunlight and skylight.
    """

    corner_m: Vector
    edge_u_m: Vector
    edge_v_m: Vector
    texture: str
    repeat: tuple[float, float] = (1.0, 1.0)
    shift_u: float = 0.0
    taper: float = 0.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    normal: Vector | None = None
    normal_swing: Vector = (0.0, 0.0, 0.0)
    two_sided: bool = False
    casts_shadow: bool = True


def upright(x: float, y: float, z: float, width_m: float, height_m: float, facing: str, texture: str, **more) -> Panel:
    """A vertical panel whose lower left corner, **as seen from its front**, is (x, y, z); facing is n, e, s or w."""
    right = {"s": (1, 0, 0), "e": (0, 1, 0), "n": (-1, 0, 0), "w": (0, -1, 0)}[facing]
    return Panel((x, y, z), tuple(width_m * r for r in right), (0, 0, height_m), texture, **more)


def box(
    low: Vector, high: Vector, texture: str, tile_m: float = 1.0, bottom: bool = False, top: str | None = None, **more
) -> list[Panel]:
    """A box from its lowest to its highest corner; the texture repeats every ``tile_m`` metres."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    wide, deep, tall = (x1 - x0), (y1 - y0), (z1 - z0)
    around = {"s": (x0, y0, wide), "e": (x1, y0, deep), "n": (x1, y1, wide), "w": (x0, y1, deep)}
    panels = [
        upright(x, y, z0, width, tall, side, texture, repeat=(width / tile_m, tall / tile_m), **more)
        for side, (x, y, width) in around.items()
    ]
    flat = (wide / tile_m, deep / tile_m)
    panels.append(Panel((x0, y0, z1), (wide, 0, 0), (0, deep, 0), top or texture, repeat=flat, **more))
    if bottom:
        panels.append(Panel((x0, y1, z0), (wide, 0, 0), (0, -deep, 0), texture, repeat=flat, **more))
    return panels


def lathe(profile: Iterable[tuple[float, float]], texture: str, sides: int = 10, repeat=(1.0, 1.0), **more):
    """A solid turned around the z axis, from (radius_m, height_m) pairs listed upwards: columns, bowls, balls."""
    profile = [(max(radius, 0.0), height) for radius, height in profile]
    angles = 2 * np.pi * np.arange(sides + 1) / sides
    shrink = math.cos(math.pi / sides)
    panels = []
    for (low_r, low_z), (high_r, high_z) in pairwise(profile):
        flipped = high_r > low_r  # the base (v = 0) is the wide end, so an opening bowl hangs from its rim
        (wide_r, wide_z), (thin_r, thin_z) = ((high_r, high_z), (low_r, low_z))[:: 1 if flipped else -1]
        for side, (start, stop) in enumerate(pairwise(angles)):
            if flipped:
                start, stop = stop, start
            left = np.array([wide_r * math.cos(start), wide_r * math.sin(start), wide_z])
            right = np.array([wide_r * math.cos(stop), wide_r * math.sin(stop), wide_z])
            outward = np.array([math.cos((start + stop) / 2), math.sin((start + stop) / 2), 0.0]) * shrink
            edge_v = outward * (thin_r - wide_r) + np.array([0, 0, thin_z - wide_z])
            swing = (right - left) / np.linalg.norm(right - left) * math.tan(math.pi / sides)
            panels.append(
                Panel(
                    tuple(left), tuple(right - left), tuple(edge_v), texture, repeat=(repeat[0] / sides, repeat[1]),
                    shift_u=side * repeat[0] / sides, taper=1 - thin_r / wide_r, normal_swing=tuple(swing), **more,
                )
            )  # fmt: skip
    return panels


def ball(radius_m: float, centre_z: float, texture: str, sides: int = 10, rings: int = 6, **more) -> list[Panel]:
    """A sphere around (0, 0, centre_z)."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    profile = [(radius_m * math.cos(a), centre_z + radius_m * math.sin(a)) for a in angles]
    return lathe(profile, texture, sides, **more)


def gable_roof(low: Vector, high: Vector, roof: str, gable: str, along: str = "x", tile_m: float = 2.0):
    """Two slopes with the ridge along x or y over the rectangle low..high (eaves at low z, ridge at high z), gables."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    rise, tile = z1 - z0, tile_m
    if along == "y":
        turned = gable_roof((y0, -x1, z0), (y1, -x0, z1), roof, gable, "x", tile_m)
        return place(turned, 0, 0, turn_deg=90)
    half = (y1 - y0) / 2
    slope = (((x1 - x0) / tile), math.hypot(half, rise) / tile)
    return [
        Panel((x0, y0, z0), (x1 - x0, 0, 0), (0, half, rise), roof, repeat=slope),
        Panel((x1, y1, z0), (x0 - x1, 0, 0), (0, -half, rise), roof, repeat=slope),
        Panel((x1, y0, z0), (0, y1 - y0, 0), (0, 0, rise), gable, repeat=(2 * half / tile, rise / tile), taper=1),
        Panel((x0, y1, z0), (0, y0 - y1, 0), (0, 0, rise), gable, repeat=(2 * half / tile, rise / tile), taper=1),
    ]


def place(panels: Iterable[Panel], x: float, y: float, z: float = 0.0, turn_deg: float = 0.0) -> list[Panel]:
    """Turn panels about the z axis (counter-clockwise seen from above), then move them by (x, y, z) metres."""
    cos, sin = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))

    def turn(v: Vector) -> tuple[float, float, float]:
        return (cos * v[0] - sin * v[1], sin * v[0] + cos * v[1], v[2])

    def move(v: Vector) -> tuple[float, float, float]:
        turned = turn(v)
        return (turned[0] + x, turned[1] + y, turned[2] + z)

    return [
        replace(
            p, corner_m=move(p.corner_m), edge_u_m=turn(p.edge_u_m), edge_v_m=turn(p.edge_v_m),
            normal=None if p.normal is None else turn(p.normal), normal_swing=turn(p.normal_swing),
        )
        for p in panels
    ]  # fmt: skip
