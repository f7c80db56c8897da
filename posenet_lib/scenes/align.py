"""Two scenes, or a scene and measured positions, in one frame of reference: `posenet scene align`."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.geometry.similarity import Similarity, consensus_similarity, moved_poses
from posenet_lib.scenes.pose_list import PoseRecord, read_pose_list
from posenet_lib.scenes.readers.text import lines_of
from posenet_lib.scenes.scene import load_scene
from posenet_lib.scenes.unit import METRES, scene_unit

_ON_A_LINE = 0.01  # how far cameras must stand beside a line, as a share of its length
_NOISE = 5.0  # residuals: cameras that stand beside a line by less only show their noise
_TOO_FAR_OFF = 0.2  # residuals, as a share of how far the cameras spread
_MOST_OUTLIERS = 0.45  # of all pairs: with more, another similarity might fit as many


class Placed(NamedTuple):
    """Cameras of one side: by name, a position and, where it is known, an orientation."""

    positions: dict[str, np.ndarray]  # (3,)
    quaternions_wxyz: dict[str, np.ndarray]  # (4,) world to camera; may be empty
    unit: str  # 'm' or 'units'


class Alignment(NamedTuple):
    """How the first side moves onto the second, and how well that fits."""

    similarity: Similarity
    names: list[str]  # of the pairs, as the first side calls them
    inliers: np.ndarray  # (N,) bool
    residual: np.ndarray  # (N,) in the second side's unit
    turned_deg: np.ndarray | None  # (N,) between orientations after alignment, where both sides have them
    unit: str  # of the second side


def cameras_of(place: Path) -> Placed:
    """The cameras of a scene's folder, of a pose list, or of a table `NAME X Y Z` of measured positions in metres.

    A pose list counts as the folder that it lies in does (`unit`).

    Raises:
        WorkbookError: it is none of them, or a line is wrong (named).
    """
    if place.is_dir():
        scene = load_scene(place)
        both = [record for split in (scene.train, scene.test) for record in split.records]
        moved = [record.position_m + scene.offset_m for record in both]
        return Placed(
            {record.name: at for record, at in zip(both, moved, strict=True)},
            {record.name: record.quaternion_wxyz for record in both},
            scene.unit,
        )
    if not place.is_file():
        raise WorkbookError(f"{place}: no such scene or file")
    lines = [(number, line.split()) for number, line in lines_of(place)]
    if lines and all(len(words) == 4 for _, words in lines):
        return Placed(dict(_measured(place, number, words) for number, words in lines), {}, METRES)
    records: list[PoseRecord] = read_pose_list(place, check_images=False)
    return Placed(
        {record.name: record.position_m for record in records},
        {record.name: record.quaternion_wxyz for record in records},
        scene_unit(place.parent),
    )


def align(first: Placed, second: Placed, pairs: Sequence[tuple[str, str]] = ()) -> Alignment:
    """The similarity that moves `first` onto `second`, from cameras that both have.

    Args:
        pairs: names (in the first, in the second) of cameras at one place; by default, photos with the same names.

    Raises:
        WorkbookError: there are fewer than three pairs, the cameras do not determine a similarity, or too few agree.
    """
    matched = [(_named(a, first), _named(b, second)) for a, b in pairs] or _same_names(first, second)
    if len(matched) < 3:
        raise WorkbookError(
            f"only {len(matched)} cameras are in both; a similarity needs three or more that are not on one line. "
            "Photos are matched by name; --pair A.jpg B.jpg gives a pair where the names differ"
        )
    source = np.array([first.positions[a] for a, _ in matched])
    target = np.array([second.positions[b] for _, b in matched])
    for points, of in ((source, "first"), (target, "second")):
        _refuse_line(points, of)
    found = consensus_similarity(source, target)
    if found is None:
        raise WorkbookError(f"no similarity fits three of the {len(matched)} pairs: are they really the same cameras?")
    residual = np.linalg.norm(found.similarity.apply(source) - target, axis=1)
    noise = float(np.sqrt(np.mean(residual[found.inliers] ** 2)))
    size = float(np.sqrt(((target - target.mean(axis=0)) ** 2).sum(axis=1).mean()))
    if found.inliers.mean() < 1 - _MOST_OUTLIERS or noise > _TOO_FAR_OFF * size:
        raise WorkbookError(
            f"the {len(matched)} pairs do not agree on one similarity: the best leaves residuals of {noise:.3g} among "
            f"cameras that spread by {size:.3g}; the worst is {matched[int(residual.argmax())][0]}. Are these the same "
            "photos?"
        )
    _refuse_line(target[found.inliers], "second", noise)
    turned = None
    if all(a in first.quaternions_wxyz and b in second.quaternions_wxyz for a, b in matched):
        a_q = np.array([first.quaternions_wxyz[a] for a, _ in matched])
        b_q = np.array([second.quaternions_wxyz[b] for _, b in matched])
        turned = quaternion.angle_deg(moved_poses(PoseArray(source, a_q), found.similarity).quaternion_wxyz, b_q)
    return Alignment(found.similarity, [a for a, _ in matched], found.inliers, residual, turned, second.unit)


def describe(found: Alignment) -> str:
    """Scale, rotation and residuals in words."""
    scale, rotation, shift = found.similarity
    w, x, y, z = quaternion.from_matrix(rotation)
    angle = float(quaternion.angle_deg(np.array([w, x, y, z]), np.array([1.0, 0, 0, 0])))
    axis = np.array([x, y, z]) / max(float(np.linalg.norm([x, y, z])), 1e-12)
    used = found.residual[found.inliers]
    lines = [
        f"scale     {scale:.6g}",
        f"rotation  {angle:.3f} deg about ({axis[0]:.4f}, {axis[1]:.4f}, {axis[2]:.4f})",
        f"shift     ({shift[0]:.4f}, {shift[1]:.4f}, {shift[2]:.4f}) {found.unit}",
        f"residuals of {len(used)} of {len(found.residual)} cameras: median {np.median(used):.4f} {found.unit}, "
        f"largest {used.max():.4f} {found.unit}",
    ]
    if found.turned_deg is not None:
        turned = found.turned_deg[found.inliers]
        lines.append(
            f"their orientations differ by {np.median(turned):.3f} deg in the median, {turned.max():.3f} at most"
        )
    out = [name for name, good in zip(found.names, found.inliers, strict=True) if not good]
    if out:
        lines.append(f"{len(out)} do not agree and were left out, first {out[0]}")
    return "\n".join(lines)


def _refuse_line(points: np.ndarray, of: str, noise: float = 0.0) -> None:
    """Raises WorkbookError where the rotation about a line, or everything, is free."""
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False) / np.sqrt(len(points))
    along, across = float(spread[0]), float(spread[1]) if len(spread) > 1 else 0.0
    if along <= 1e-9 * max(1.0, float(np.abs(points).max())):
        raise WorkbookError(f"all cameras of the {of} side are at one point: scale and rotation are free")
    if across < max(_ON_A_LINE * along, _NOISE * noise):
        raise WorkbookError(
            f"the cameras of the {of} side stand on one line (they spread by {along:.3g} along it and {across:.3g} "
            f"beside it{f', with residuals of {noise:.3g}' if noise else ''}): the rotation about that line is free. "
            "Add photos beside the line"
        )


def _measured(place: Path, number: int, words: Sequence[str]) -> tuple[str, np.ndarray]:
    try:
        position = np.array([float(word) for word in words[1:]])
    except ValueError:
        position = np.full(3, np.nan)
    if not np.isfinite(position).all():
        raise WorkbookError(f"{place}, line {number}: {' '.join(words)[:60]!r} is not NAME X Y Z with three numbers")
    return words[0], position


def _same_names(first: Placed, second: Placed) -> list[tuple[str, str]]:
    """With their folders where some agree so, else without."""
    same = [(name, name) for name in first.positions if name in second.positions]
    if same:
        return same
    short = [{}, {}]
    for side, names in zip(short, (first.positions, second.positions), strict=True):
        for name in names:
            side.setdefault(name.rpartition("/")[2], []).append(name)
    once = [{name: full[0] for name, full in side.items() if len(full) == 1} for side in short]
    return [(full, once[1][name]) for name, full in once[0].items() if name in once[1]]


def _named(name: str, side: Placed) -> str:
    """The full name of a photo given with or without its folder."""
    found = [full for full in side.positions if full == name or full.rpartition("/")[2] == name]
    found = [name] if name in side.positions else found
    if len(found) != 1:
        raise WorkbookError(
            f"--pair: {name} {'is no photo there' if not found else f'could be {found[0]} or {found[1]}'}; the photos "
            f"are {next(iter(side.positions))} and others"
        )
    return found[0]
