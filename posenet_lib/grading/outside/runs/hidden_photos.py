"""Photos of a court that are in nobody's lists: the secret decides where they are taken."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from posenet_lib.core.files import replacing
from posenet_lib.core.workspace import cache_dir
from posenet_lib.evaluation.baselines import mean_pose_errors
from posenet_lib.evaluation.errors import Summary, summarise
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.grading.outside.runs.student_seeds import keyed_number
from posenet_lib.scenes import practice_court
from posenet_lib.scenes.practice_court.photo import render_photo
from posenet_lib.scenes.practice_court.render import JPEG_QUALITY
from posenet_lib.scenes.practice_court.walks import WalkPose, training_poses, unlisted_poses

# The court's own photos have 3. One network had 0.18, 0.16 and 0.17 of the mean pose's errors with 1, 2 and 3.
SUPERSAMPLE = 2
WALKS, PHOTOS = 2, 8  # of each


@dataclass(frozen=True)
class HiddenPhotos:
    """Of one court."""

    court_seed: int
    files: list[Path]
    true: PoseArray
    mean_pose: Summary  # errors of always answering the mean training pose


def render_hidden(
    court_seeds: Sequence[int],
    secret: bytes,
    *,
    photos: int = PHOTOS,
    folder: Path | None = None,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> dict[int, HiddenPhotos]:
    """Hidden photos of several courts, by seed; what was rendered before is taken from the cache.

    Args:
        court_seeds: which courts.
        secret: of the course; decides poses and light.
        photos: of each of two walks through a court.
        folder: the cache; by default the user's, readable for that user alone.
        workers: processes; 1 renders in this one.
        progress: called with (courts done, courts in all).
    """
    cache = folder or cache_dir() / "hidden_photos"
    os.makedirs(cache, mode=0o700, exist_ok=True)
    tasks = [(seed, _draw(secret, seed), photos, cache) for seed in dict.fromkeys(court_seeds)]
    found = {}

    def collect(courts) -> None:
        for court in courts:
            found[court.court_seed] = court
            if progress is not None:
                progress(len(found), len(tasks))

    if workers == 1 or len(tasks) == 1:
        collect(map(_hidden_photos, tasks))
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            collect(pool.map(_hidden_photos, tasks))
    return found


def _draw(secret: bytes, court_seed: int) -> int:
    return keyed_number(secret, f"hidden photos of court {court_seed}")


def _hidden_photos(task: tuple[int, int, int, Path]) -> HiddenPhotos:
    court_seed, draw, photos, cache = task
    poses = unlisted_poses(court_seed, draw, WALKS, photos)
    name = hashlib.sha256(f"{court_seed} {draw} {photos} {_version()}".encode()).hexdigest()[:24]
    files = [cache / f"{name}-{number:02}.jpg" for number in range(len(poses))]
    for file, pose in zip(files, poses, strict=True):
        if not file.is_file():
            _write_photo(file, pose, court_seed)
    true = _pose_array(poses)
    mean_pose = summarise(mean_pose_errors(_pose_array(training_poses(court_seed)), true))
    return HiddenPhotos(court_seed, files, true, mean_pose)


def _write_photo(file: Path, pose: WalkPose, court_seed: int) -> None:
    photo = render_photo(
        pose.position_m, pose.quaternion_wxyz, supersample=SUPERSAMPLE, light=pose.light, court_seed=court_seed
    )
    with replacing(file) as temporary:
        Image.fromarray(photo).save(temporary, "JPEG", quality=JPEG_QUALITY)


def _pose_array(poses: Sequence[WalkPose]) -> PoseArray:
    return PoseArray(np.array([pose.position_m for pose in poses]), np.array([pose.quaternion_wxyz for pose in poses]))


def _version() -> str:
    """Changes with the renderer: photos of an older court would be of no use."""
    digest = hashlib.sha256(f"{SUPERSAMPLE} {JPEG_QUALITY}".encode())
    for file in sorted(Path(practice_court.__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
