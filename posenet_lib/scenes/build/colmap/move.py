"""A model into another frame of reference, and its points with what they look like."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pycolmap

from posenet_lib.scenes.build.colmap.mapping import photos_of


def move_model(
    model: str,
    out: str,
    scale: float,
    rotation: Sequence[Sequence[float]],
    shift: Sequence[float],
    database: str | None = None,
    *,
    progress: Callable[[int, int], None],
) -> dict:
    """Write the model, moved by x -> scale * rotation x + shift, as COLMAP's files.

    Args:
        database: with it, also `points.npz` (`write_points`).

    Returns:
        `photos`: as `mapping.reconstruct`, in the new frame.
    """
    moved = pycolmap.Reconstruction(model)
    matrix = np.concatenate([scale * np.array(rotation), np.array(shift)[:, None]], axis=1)
    moved.transform(pycolmap.Sim3d(matrix))
    partial = Path(out + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    moved.write(str(partial))
    if database:
        with pycolmap.Database.open(database) as opened:
            write_points(moved, opened, partial / "points.npz")
    shutil.rmtree(out, ignore_errors=True)
    partial.rename(out)
    progress(1, 1)
    return {"photos": photos_of(moved)}


def write_points(model: pycolmap.Reconstruction, database: pycolmap.Database, path: Path) -> None:
    """All that relocalization needs of a map.

    `xyz` (P, 3) float64; `rgb` (P, 3) uint8; `descriptors` (P, 128) uint8, the mean of those of all photos that see
    the point; `error_px` (P,) its mean reprojection error; `track` (P,) how many photos see it.
    """
    numbers = sorted(model.point3D_ids())
    row = {number: index for index, number in enumerate(numbers)}
    total = np.zeros((len(numbers), 128), dtype=np.float32)
    count = np.zeros(len(numbers), dtype=np.int32)
    ids = {image.name: image.image_id for image in database.read_all_images()}
    for image_id in model.reg_image_ids():
        image = model.images[image_id]
        seen = np.array(
            [(index, row[point.point3D_id]) for index, point in enumerate(image.points2D) if point.has_point3D()],
            dtype=np.int64,
        ).reshape(-1, 2)
        descriptors = database.read_descriptors(ids[image.name]).data
        np.add.at(total, seen[:, 1], descriptors[seen[:, 0]].astype(np.float32))
        np.add.at(count, seen[:, 1], 1)
    points = [model.points3D[number] for number in numbers]
    mean = total / np.maximum(count, 1)[:, None]
    np.savez(  # savez_compressed crashes here: pycolmap brings a zlib of its own
        path,
        xyz=np.array([point.xyz for point in points]).reshape(-1, 3),
        rgb=np.array([point.color for point in points], dtype=np.uint8).reshape(-1, 3),
        descriptors=np.rint(mean).astype(np.uint8),
        error_px=np.array([point.error for point in points], dtype=np.float32),
        track=count,
    )
