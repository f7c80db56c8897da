"""Which panel does each pixel see, and how far away is it?

For a pinhole camera the ray of the pixel at (x, y) on the image plane z = 1 is ``(x, y, 1)``. Put into the equation of
a panel's plane, the **inverse depth** 1/z comes out affine in x and y: ``a x + b y + c``. So do u/z and v/z. Each
panel is therefore three affine forms, and casting all rays at it is three multiply-adds on its screen rectangle; the
panel with the largest 1/z wins. A parallel view (the sun's, which makes shadow maps) works the same way: there the
height towards the sun, u and v are affine themselves.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from posenet_lib.scenes.practice_court.panels import Panel

NEAR_M, FAR_M = 0.05, 1e6  # nothing nearer bounds a panel on the screen; nothing further is seen


class PanelArrays(NamedTuple):
    """N panels as arrays: corner, edges, unit normal (N, 3) in metres, taper (N,), two_sided (N,) bool."""

    corner: np.ndarray
    edge_u: np.ndarray
    edge_v: np.ndarray
    normal: np.ndarray
    taper: np.ndarray
    two_sided: np.ndarray


class Hits(NamedTuple):
    """What the pixels see: panel (H, W) int32, -1 for none; nearness (H, W), 1/depth, or height in a parallel view."""

    panel: np.ndarray
    nearness: np.ndarray


class Forms(NamedTuple):
    """Every panel's affine forms (N, 3 forms, 3 coefficients of x, y, 1) and its bounds on the image plane (N, 4)."""

    coefficients: np.ndarray
    bounds: np.ndarray  # x low, x high, y low, y high; low > high where the panel cannot be seen
    perspective: bool


def panel_arrays(panels: Sequence[Panel]) -> PanelArrays:
    """Collect a list of panels into arrays."""
    corner, edge_u, edge_v = (
        np.array([getattr(p, name) for p in panels], dtype=np.float64).reshape(-1, 3)
        for name in ("corner_m", "edge_u_m", "edge_v_m")
    )
    normal = np.cross(edge_u, edge_v)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    return PanelArrays(
        corner, edge_u, edge_v, normal, np.array([p.taper for p in panels]), np.array([p.two_sided for p in panels])
    )


def _dual_edges(p: PanelArrays) -> tuple[np.ndarray, np.ndarray]:
    """Vectors whose dot product with (point - corner) is u, and v."""
    across_u, across_v = np.cross(p.edge_v, p.normal), np.cross(p.edge_u, p.normal)
    return (
        across_u / np.sum(across_u * p.edge_u, axis=1, keepdims=True),
        across_v / np.sum(across_v * p.edge_v, axis=1, keepdims=True),
    )


def _corners(p: PanelArrays) -> np.ndarray:
    inset = p.edge_u * (p.taper / 2)[:, None]
    top = p.corner + p.edge_v
    return np.stack([p.corner, p.corner + p.edge_u, top + p.edge_u - inset, top + inset], axis=1)


def pinhole_forms(p: PanelArrays, position_m: np.ndarray, rotation: np.ndarray) -> Forms:
    """Forms for a pinhole camera at position_m (3,) with world-to-camera rotation (3, 3)."""
    towards = np.sum(p.normal * (p.corner - position_m), axis=1, keepdims=True)  # < 0 in front of the panel
    towards = np.where(np.abs(towards) < 1e-6, -1e-6, towards)
    inverse_depth = p.normal @ rotation.T / towards
    forms = [inverse_depth]
    for dual in _dual_edges(p):
        here = np.sum(dual * (position_m - p.corner), axis=1, keepdims=True)
        forms.append(here * inverse_depth + dual @ rotation.T)

    corners = (_corners(p) - position_m) @ rotation.T  # (N, 4, 3) camera coordinates
    following = np.roll(corners, -1, axis=1)
    # Where an edge passes through the plane z = NEAR_M, the crossing bounds the visible part instead of the corner.
    z0, z1 = corners[..., 2:], following[..., 2:]
    crosses = (z0 < NEAR_M) != (z1 < NEAR_M)
    crossing = corners + np.where(crosses, (NEAR_M - z0) / np.where(crosses, z1 - z0, 1), 0) * (following - corners)
    points = np.concatenate([corners, crossing], axis=1)
    usable = np.concatenate([z0 >= NEAR_M, crosses], axis=1)
    flat = points[..., :2] / np.maximum(points[..., 2:], NEAR_M)
    low = np.where(usable, flat, np.inf).min(axis=1)
    high = np.where(usable, flat, -np.inf).max(axis=1)
    hidden = (towards[:, 0] > 0) & ~p.two_sided
    low[hidden] = np.inf
    return Forms(np.stack(forms, axis=1), np.stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]], axis=1), True)


def parallel_forms(p: PanelArrays, axes: np.ndarray) -> Forms:
    """Forms for a parallel view, axes (3, 3): rows are image x, image y and the direction towards the viewer."""
    facing = p.normal @ axes[2]
    facing = np.where(np.abs(facing) < 1e-6, 1e-6, facing)[:, None]
    height = np.concatenate([-(p.normal @ axes[:2].T), np.sum(p.normal * p.corner, axis=1, keepdims=True)], 1) / facing
    forms = [height]
    for dual in _dual_edges(p):
        form = (dual @ axes[2])[:, None] * height
        form[:, :2] += dual @ axes[:2].T
        form[:, 2] -= np.sum(dual * p.corner, axis=1)
        forms.append(form)
    flat = _corners(p) @ axes[:2].T
    low, high = flat.min(axis=1), flat.max(axis=1)
    return Forms(np.stack(forms, axis=1), np.stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]], axis=1), False)


def cast(
    forms: Forms,
    taper: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    see_through: Callable[[int, float, np.ndarray, np.ndarray], np.ndarray] | None = None,
    holed: np.ndarray | None = None,
) -> Hits:
    """Cast the rays of all pixels at all panels.

    Args:
        forms: from ``pinhole_forms`` or ``parallel_forms``.
        taper: (N,) of the panels.
        x, y: (W,) and (H,) image-plane coordinates of the pixel centres, ascending.
        see_through: called as (panel, nearness, u, v) for panels with holes; True where the panel is solid.
        holed: (N,) bool, which panels have holes.
    """
    x, y = x.astype(np.float32), y.astype(np.float32)
    best = np.full((len(y), len(x)), 1 / FAR_M if forms.perspective else -np.inf, dtype=np.float32)
    winner = np.full(best.shape, -1, dtype=np.int32)
    columns = np.searchsorted(x, forms.bounds[:, 0]), np.searchsorted(x, forms.bounds[:, 1], side="right")
    rows = np.searchsorted(y, forms.bounds[:, 2]), np.searchsorted(y, forms.bounds[:, 3], side="right")
    visible = np.flatnonzero((columns[0] < columns[1]) & (rows[0] < rows[1]))
    middle = np.stack([x[(columns[0] + columns[1])[visible] // 2], y[(rows[0] + rows[1])[visible] // 2]], axis=1)
    nearness_there = np.sum(forms.coefficients[visible, 0, :2] * middle, axis=1) + forms.coefficients[visible, 0, 2]
    coefficients = forms.coefficients.astype(np.float32)
    for n in visible[np.argsort(-nearness_there, kind="stable")]:  # near panels first: they hide the rest cheaply
        window = slice(rows[0][n], rows[1][n]), slice(columns[0][n], columns[1][n])
        here_x, here_y = x[window[1]], y[window[0], None]
        near, u, v = ((a * here_x + c) + b * here_y for a, b, c in coefficients[n])
        solid = near > best[window]
        one = near if forms.perspective else np.float32(1)
        solid &= (v >= 0) & (v <= one)
        inset = np.float32(taper[n] / 2) * v if taper[n] else 0
        solid &= (u >= inset) & (u <= one - inset)
        if holed is not None and holed[n]:
            at = np.nonzero(solid)
            if not len(at[0]):
                continue
            divisor = near[at] if forms.perspective else one
            solid[at] = see_through(n, float(near[at].mean()), u[at] / divisor, v[at] / divisor)
        np.copyto(best[window], near, where=solid)
        np.copyto(winner[window], np.int32(n), where=solid)
    return Hits(winner, best)
