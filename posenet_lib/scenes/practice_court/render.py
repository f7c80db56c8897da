"""Write PracticeCourt as a data set: photos, and pose lists in the Visual Landmark V1 format."""

import io
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from .camera import intrinsics
from .photo import render_photo
from .walks import WalkPose, test_poses, training_poses

SUPERSAMPLE = 3
JPEG_QUALITY = 57
HEADER = "Visual Landmark Dataset V1\nImageFile, Camera Position [X Y Z W P Q R]\n\n"


def write_whole(path: Path, content: bytes) -> None:
    """Write under a temporary name and rename, so that an interrupted write leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    temporary.write_bytes(content)
    temporary.replace(path)


def pose_list(poses: Sequence[WalkPose]) -> str:
    """A Visual Landmark V1 list: header, empty line, then name, position and quaternion with 6 decimals."""
    lines = [
        " ".join([pose.image_name, *(f"{number:.6f}" for number in (*pose.position_m, *pose.quaternion_wxyz))])
        for pose in poses
    ]
    return HEADER + "\n".join(lines) + "\n"


def _write_photo(task: tuple[WalkPose, Path]) -> str:
    pose, out_dir = task
    photo = render_photo(pose.position_m, pose.quaternion_wxyz, supersample=SUPERSAMPLE, light=pose.light)
    jpeg = io.BytesIO()
    Image.fromarray(photo).save(jpeg, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    write_whole(out_dir / pose.image_name, jpeg.getvalue())
    return pose.image_name


def render_scene(
    out_dir: str | Path,
    *,
    workers: int = 2,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Render all photos and write both lists.

    Args:
        out_dir: where to; made if missing, photos already there are replaced.
        workers: processes; 1 renders in this one.
        limit: the first so many photos of each list only (the lists are then as short).
        progress: called with (photos done, photos in all) after every photo.

    Raises:
        ValueError: workers or limit is below 1.
    """
    if workers < 1 or (limit is not None and limit < 1):
        raise ValueError(f"workers and limit are counts from 1 up, got workers={workers}, limit={limit}")
    out_dir = Path(out_dir)
    lists = {"dataset_train.txt": training_poses()[:limit], "dataset_test.txt": test_poses()[:limit]}
    tasks = [(pose, out_dir) for poses in lists.values() for pose in poses]

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
    camera = "\n".join(" ".join(f"{number:.9g}" for number in row) for row in intrinsics())
    write_whole(out_dir / "camera-intrinsics.txt", f"{camera}\n".encode("ascii"))
    for name, poses in lists.items():  # last, so that a list never names a photo that is missing
        write_whole(out_dir / name, pose_list(poses).encode("ascii"))
