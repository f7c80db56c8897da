"""A map from photos whose poses are known: only the 3-D points are computed, as for training photos of a scene."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pycolmap

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.build.colmap.move import write_points


def triangulate(
    database: str,
    images: str,
    out: str,
    poses: Sequence[Sequence],
    camera: dict,
    seed: int,
    progress: Callable[[int, int], None],
) -> dict:
    """Triangulate the database's matches, and write `points.npz` to `out`.

    Args:
        poses: (name, quaternion wxyz, translation) each, world to camera.
        camera: `model`, `params`, `size` of all photos.

    Returns:
        `points`: how many, and `error_px`, their mean reprojection error.

    Raises:
        WorkbookError: the matches and the poses give no points.
    """
    pycolmap.set_random_seed(seed)
    model = pycolmap.Reconstruction()
    with pycolmap.Database.open(database) as opened:
        ids = {image.name: image.image_id for image in opened.read_all_images()}
    width, height = camera["size"]
    lens = pycolmap.Camera(camera_id=1, model=camera["model"], width=width, height=height, params=camera["params"])
    model.add_camera_with_trivial_rig(lens)
    for name, (w, x, y, z), translation in poses:
        pose = pycolmap.Rigid3d(pycolmap.Rotation3d(np.array([x, y, z, w])), np.array(translation))
        image = pycolmap.Image(name=name, keypoints=np.zeros((0, 2)), camera_id=1, image_id=ids[name])
        model.add_image_with_trivial_frame(image, pose)
    place = Path(out)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    options = pycolmap.IncrementalPipelineOptions(random_seed=seed)
    options.extract_colors = False
    made = pycolmap.triangulate_points(model, database, images, str(place), options=options)
    if made.num_points3D() < 100:
        raise WorkbookError(
            f"the training photos give only {made.num_points3D()} points with the poses of the list: are poses and "
            "camera-intrinsics.txt those of these photos? `posenet scene check` says"
        )
    with pycolmap.Database.open(database) as opened:
        write_points(made, opened, place / "points.npz")
    progress(1, 1)
    return {"points": made.num_points3D(), "error_px": made.compute_mean_reprojection_error()}
