"""Incremental structure from motion (Schoenberger and Frahm, CVPR 2016): camera poses and 3-D points from matches."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pycolmap

from posenet_lib.core.errors import WorkbookError

FORWARD_MOTION = 1.0  # how far the first pair may look along its own motion; COLMAP's 0.95 refuses a corridor
_MIN_PHOTOS = 3


def reconstruct(
    database: str,
    images: str,
    out: str,
    photos: int,
    threads: int,
    seed: int,
    progress: Callable[[int, int], None],
) -> dict:
    """Reconstruct, and write the model with the most photos to `out`.

    Args:
        photos: how many there are, for the progress bar.

    Returns:
        `models`: photos in each, largest first; of the largest `points`, `error_px`, `track` (photos that see a point,
        in the mean), and `photos`: name, quaternion_wxyz and translation (world to camera), `lens` f, cx, cy, k, and
        `size`; `forward`: whether the first pair had to look along its own motion.

    Raises:
        WorkbookError: no two photos could be joined.
    """
    place = Path(out)
    models, forward = _models(database, images, place, photos, threads, seed, progress), False
    if _most(models) < _MIN_PHOTOS or _most(models) < photos / 2:
        # A walk straight ahead has no pair that looks aside; whichever try joins more photos is kept.
        again = _models(database, images, place, photos, threads, seed, progress, FORWARD_MOTION)
        if _most(again) > _most(models):
            models, forward = again, True
    if _most(models) < _MIN_PHOTOS:
        raise WorkbookError(
            f"no {_MIN_PHOTOS} of the {photos} photos could be joined. Photos must overlap by more than half, show "
            "things with detail (not bare walls), and be taken from different places: walk, do not only turn"
        )
    models.sort(key=lambda model: model.num_reg_images(), reverse=True)
    largest = models[0]
    largest.extract_colors_for_all_images(images)
    partial = place.with_name(place.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    largest.write(str(partial))
    shutil.rmtree(place, ignore_errors=True)
    partial.rename(place)
    return {
        "models": [model.num_reg_images() for model in models],
        "photos": photos_of(largest),
        "points": largest.num_points3D(),
        "error_px": largest.compute_mean_reprojection_error(),
        "track": largest.compute_mean_track_length(),
        "forward": forward,
    }


def _models(
    database: str,
    images: str,
    place: Path,
    photos: int,
    threads: int,
    seed: int,
    progress: Callable[[int, int], None],
    forward_motion: float | None = None,
) -> list[pycolmap.Reconstruction]:
    pycolmap.set_random_seed(seed)
    options = pycolmap.IncrementalPipelineOptions(num_threads=threads, random_seed=seed)
    options.mapper.random_seed = seed
    options.triangulation.random_seed = seed
    options.min_model_size = _MIN_PHOTOS
    options.max_num_models = 5  # of which one is taken; each costs time
    options.extract_colors = False  # of the one that is taken, later
    if forward_motion is not None:
        options.mapper.init_max_forward_motion = forward_motion
        options.mapper.init_min_tri_angle = 4.0  # degrees; a forward pair sees nothing under COLMAP's 16
    done = 2

    def one_more() -> None:
        nonlocal done
        done = min(done + 1, photos)
        progress(done, photos)

    tries = place.with_name(place.name + ".tries")
    shutil.rmtree(tries, ignore_errors=True)
    tries.mkdir(parents=True)
    found = pycolmap.incremental_mapping(database, images, str(tries), options, next_image_callback=one_more)
    shutil.rmtree(tries, ignore_errors=True)
    return [model for model in found.values() if model.num_reg_images() >= _MIN_PHOTOS]


def photos_of(model: pycolmap.Reconstruction) -> list[dict]:
    """Its photos by name: `quaternion_wxyz` and `translation` world to camera, `lens` f, cx, cy, k, and `size`."""
    found = []
    for image in sorted((model.images[number] for number in model.reg_image_ids()), key=lambda image: image.name):
        pose, camera = image.cam_from_world(), model.cameras[image.camera_id]
        x, y, z, w = pose.rotation.quat.tolist()
        found.append(
            {
                "name": image.name,
                "quaternion_wxyz": [w, x, y, z],
                "translation": pose.translation.tolist(),
                "lens": camera.params.tolist(),
                "size": [camera.width, camera.height],
            }
        )
    return found


def _most(models: list[pycolmap.Reconstruction]) -> int:
    return max((model.num_reg_images() for model in models), default=0)
