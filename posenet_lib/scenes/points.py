"""3-D points that each training photo shows: rendered for the practice court, reconstructed for scenes with an NVM."""

from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.focal_length import RECONSTRUCTION, resized_focal_px
from posenet_lib.scenes.nvm import Reconstruction, read_nvm
from posenet_lib.scenes.pose_list import PoseRecord
from posenet_lib.scenes.practice_court import intrinsics, render_depth
from posenet_lib.scenes.scene import Scene

_GRID = (32, 18)  # rays over a photo of the court, width and height
_SAME_FRAME = 0.05  # the cameras of the list and of the reconstruction may differ by this share of the scene's size


class VisiblePoints(NamedTuple):
    """What N photos show, and the camera's focal length."""

    points_m: np.ndarray  # (N, P, 3) float32 in the scene's frame; NaN for a photo of which nothing is known
    focal_px: float  # in pixels of a resized photo, whose smaller side is 256


def visible_points(scene: Scene, count: int = 64) -> VisiblePoints:
    """`count` points for each training photo, drawn once from all that it shows.

    Raises:
        WorkbookError: nobody knows the scene's geometry, or its reconstruction does not fit its pose list.
    """
    rng = np.random.default_rng(0)
    if scene.court_seed is not None:
        return _court_points(scene, count, rng)
    path = scene.folder / RECONSTRUCTION
    if not path.is_file():
        raise WorkbookError(
            f"the reprojection loss needs 3-D points, and {path} does not exist; the Cambridge Landmarks scenes have "
            "this file, the practice court needs none. Choose another --loss for this scene"
        )
    return _reconstructed_points(scene, read_nvm(path), count, rng)


def _court_points(scene: Scene, count: int, rng: np.random.Generator) -> VisiblePoints:
    """Rays through a coarse grid of pixels, followed to what they hit; none for the sky."""
    camera = intrinsics(*_GRID)
    column, row = np.meshgrid(np.arange(_GRID[0]) + 0.5, np.arange(_GRID[1]) + 0.5)
    rays = np.stack([(column - camera[0, 2]) / camera[0, 0], (row - camera[1, 2]) / camera[1, 1], np.ones_like(row)], 2)
    points = []
    for record in scene.train.records:
        depth = render_depth(
            record.position_m, record.quaternion_wxyz, width=_GRID[0], height=_GRID[1], court_seed=scene.court_seed
        )
        hit = np.isfinite(depth)
        in_camera = rays[hit] * depth[hit][:, None]
        in_world = in_camera @ quaternion.to_matrix(record.quaternion_wxyz) + record.position_m
        points.append(_draw(in_world, count, rng))
    return VisiblePoints(np.array(points, dtype=np.float32), resized_focal_px(scene))


def _reconstructed_points(scene: Scene, model: Reconstruction, count: int, rng: np.random.Generator) -> VisiblePoints:
    """The points that the reconstruction has seen in each photo."""
    place, records = scene.folder / RECONSTRUCTION, scene.train.records
    camera_of = {_key(name): number for number, name in enumerate(model.names)}
    cameras = [camera_of.get(_key(record.name), -1) for record in records]
    known = [(record, camera) for record, camera in zip(records, cameras, strict=True) if camera >= 0]
    if len(known) < len(records) / 2:
        raise WorkbookError(
            f"{place}: knows {len(known)} of the {len(records)} training photos; {records[0].name} is in the list, "
            f"{model.names[0]} in the reconstruction"
        )
    _check_frame(place, known, model, scene.offset_m)
    order = np.argsort(model.seen_by, kind="stable")
    first = np.searchsorted(model.seen_by[order], np.arange(len(model.names) + 1))
    points, points_m = [], model.points_m - scene.offset_m
    for camera in cameras:
        seen = model.seen[order[first[camera] : first[camera + 1]]] if camera >= 0 else []
        points.append(_draw(points_m[seen], count, rng) if len(seen) else np.full((count, 3), np.nan))
    return VisiblePoints(np.array(points, dtype=np.float32), resized_focal_px(scene))


def _check_frame(place, known: list[tuple[PoseRecord, int]], model: Reconstruction, offset_m: np.ndarray) -> None:
    listed = np.array([record.position_m for record, _ in known]) + offset_m
    reconstructed = model.position_m[[camera for _, camera in known]]
    off_m = float(np.median(np.linalg.norm(listed - reconstructed, axis=1)))
    size_m = float(np.linalg.norm(np.ptp(listed, axis=0)))
    if off_m > _SAME_FRAME * size_m:
        raise WorkbookError(
            f"{place}: its cameras lie {off_m:.3g} m from those of dataset_train.txt in the median, in a scene of "
            f"{size_m:.3g} m; the two are not in the same world frame"
        )


def _draw(points_m: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` of them, repeated if there are too few."""
    return points_m[rng.choice(len(points_m), count, replace=len(points_m) < count)]


def _key(name: str) -> str:
    """`seq1/frame00001` of any path to it: lists name PNGs where the reconstruction was made from JPEGs."""
    return "/".join(PurePosixPath(name).with_suffix("").parts[-2:])
