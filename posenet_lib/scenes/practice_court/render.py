"""Write PracticeCourt, or another court of the family, as a data set in the Visual Landmark format."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from posenet_lib.core.files import replacing, write_text
from posenet_lib.geometry.intrinsics import write_intrinsics
from posenet_lib.scenes.court_seed import write_court_seed
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.pose_list import pose_list_text
from posenet_lib.scenes.practice_court.camera import intrinsics
from posenet_lib.scenes.practice_court.photo import render_photo
from posenet_lib.scenes.practice_court.walks import WalkPose, test_poses, training_poses

SUPERSAMPLE = 3
JPEG_QUALITY = 57


def _write_photo(task: tuple[WalkPose, Path, int]) -> str:
    pose, out_dir, court_seed = task
    photo = render_photo(
        pose.position_m, pose.quaternion_wxyz, supersample=SUPERSAMPLE, light=pose.light, court_seed=court_seed
    )
    with replacing(out_dir / pose.image_name) as temporary:
        Image.fromarray(photo).save(temporary, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return pose.image_name


def render_scene(
    out_dir: str | Path,
    *,
    court_seed: int = 0,
    workers: int = 2,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Render all photos and write both lists.

    Args:
        out_dir: where to; made if missing, photos already there are replaced.
        court_seed: which court; 0 is PracticeCourt.
        workers: processes; 1 renders in this one.
        limit: the first so many photos of each list only (the lists are then as short).
        progress: called with (photos done, photos in all) after every photo.

    Raises:
        ValueError: workers or limit is below 1, or the seed is negative.
    """
    if workers < 1 or (limit is not None and limit < 1):
        raise ValueError(f"workers and limit are counts from 1 up, got workers={workers}, limit={limit}")
    out_dir = Path(out_dir)
    lists = {
        "dataset_train.txt": training_poses(court_seed)[:limit],
        "dataset_test.txt": test_poses(court_seed)[:limit],
    }
    tasks = [(pose, out_dir, court_seed) for poses in lists.values() for pose in poses]

    def report(names) -> None:
        for done, _ in enumerate(names, 1):
            if progress is not None:
                progress(done, len(tasks))

    if workers == 1:
        report(map(_write_photo, tasks))
    else:
        # Chunks of 20 photos stay within a walk, whose shadow map is then computed once.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            report(pool.map(_write_photo, tasks, chunksize=20))
    write_intrinsics(out_dir / INTRINSICS, intrinsics())
    write_court_seed(out_dir, court_seed)
    for name, poses in lists.items():  # last, so that a list never names a photo that is missing
        rows = ((pose.image_name, pose.position_m, pose.quaternion_wxyz) for pose in poses)
        write_text(out_dir / name, pose_list_text(rows, decimals=6))
