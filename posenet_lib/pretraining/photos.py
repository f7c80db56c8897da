"""Photos of many courts, small, with their poses and depth: what a trunk is pretrained on."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posenet_lib.core.files import replacing
from posenet_lib.core.workspace import cache_dir
from posenet_lib.scenes.practice_court import intrinsics, render_depth, render_photo, training_poses

# Photos of the practice court are 480x270; half of the 256 pixels that training resizes to is 128.
WIDTH, HEIGHT = 228, 128
DEPTH_STEP = 4  # pixels of a photo for each value of its depth map
FOCAL_PX = float(intrinsics(WIDTH, HEIGHT)[0, 0])


class CourtPhotos(NamedTuple):
    """N photos. Those of court number k of C have `court == k`."""

    photos: np.ndarray  # (N, 128, 228, 3) uint8
    depth_m: np.ndarray  # (N, 32, 57) float16, inf where the sky is
    position_m: np.ndarray  # (N, 3) float32
    quaternion_wxyz: np.ndarray  # (N, 4) float32
    court: np.ndarray  # (N,) int64


def court_photos(
    first_seed: int, courts: int, photos: int, *, workers: int = 2, progress: Callable[[int, int], None] | None = None
) -> CourtPhotos:
    """Photos of the courts `first_seed`, `first_seed + 1`, ...; rendered ones are kept in the cache.

    Args:
        photos: of each court, spread evenly over its training walks.
        workers: processes that render.
        progress: called with (courts done, courts in all).
    """
    folder = cache_dir() / "courts" / f"{WIDTH}x{HEIGHT}-{photos}"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"court{first_seed + k}.npz" for k in range(courts)]
    missing = [(first_seed + k, photos, path) for k, path in enumerate(paths) if not path.is_file()]
    done = courts - len(missing)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_one_thread) as pool:
        for _ in pool.map(_render_court, missing):
            done += 1
            if progress:
                progress(done, courts)
    parts = [_read(path) for path in paths]
    court = np.repeat(np.arange(courts), [len(part[0]) for part in parts])
    return CourtPhotos(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)), court)


def _one_thread() -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"


def _read(path: Path) -> tuple[np.ndarray, ...]:
    with np.load(path) as file:
        return tuple(file[name] for name in CourtPhotos._fields[:-1])


def _render_court(task: tuple[int, int, Path]) -> None:
    seed, count, path = task
    poses = training_poses(seed)
    poses = [poses[k] for k in np.linspace(0, len(poses) - 1, count).round().astype(int)]
    size = {"width": WIDTH, "height": HEIGHT}
    photos, depths = [], []
    for pose in poses:
        at = {"light": pose.light, "court_seed": seed}
        photos.append(render_photo(pose.position_m, pose.quaternion_wxyz, **size, **at))
        small = {name: pixels // DEPTH_STEP for name, pixels in size.items()}
        depths.append(render_depth(pose.position_m, pose.quaternion_wxyz, **small, **at).astype(np.float16))
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            photos=np.array(photos),
            depth_m=np.array(depths),
            position_m=np.array([pose.position_m for pose in poses], dtype=np.float32),
            quaternion_wxyz=np.array([pose.quaternion_wxyz for pose in poses], dtype=np.float32),
        )
