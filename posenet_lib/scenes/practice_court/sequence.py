"""Write the walks at ten photos a second as a scene: left and right photos, depth, flow, and the pose lists.

    walk01/frame00001.png         left photo; these are in the lists
    walk01.right/frame00001.png   the same moment, `BASELINE_M` to the right
    walk01.depth/frame00001.png   of the left photo, 16-bit, millimetres
    walk02.flow/frame00001.flo    to the photo `STRIDE` later, where figures walk by themselves
    walk02.hidden/..., walk02.moving/...   black and white: covered in that photo, part of a figure
    baseline.txt                  from the left camera to the right one, metres
    sequence-court.json           which court it is

Right photos, depth and flow are there for every `STRIDE`-th photo. Photos are rendered at twice the size, their lens
shading is taken off (as a calibrated camera's would be), and they are made smaller: so a thing has the same colour in
the middle and at the border, and no detail finer than a pixel.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing, write_text
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.intrinsics import write_intrinsics
from posenet_lib.scenes.court_seed import SEQUENCE_FILE, read_court_seed, write_court_seed
from posenet_lib.scenes.depth_file import write_depth, write_flow
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.pose_list import pose_list_text
from posenet_lib.scenes.practice_court.camera import image_plane, intrinsics, lens_shading
from posenet_lib.scenes.practice_court.photo import render_photo
from posenet_lib.scenes.practice_court.sequence_truth import fine_depth, pixel_depth, true_flow
from posenet_lib.scenes.practice_court.sequence_walks import SequenceWalk, sequence_walks

SIZE = (128, 96)  # width, height
STRIDE = 3
BASELINE_M = 0.4


class _Task(NamedTuple):
    walk: SequenceWalk
    index: int
    out_dir: Path
    court_seed: int


def frame_name(walk: str, index: int, kind: str = "", suffix: str = "png") -> str:
    """`walk01/frame00001.png`; with a kind such as "depth", `walk01.depth/frame00001.png`."""
    return f"{walk}{'.' if kind else ''}{kind}/frame{index + 1:05d}.{suffix}"


def sequence_photo(walk: SequenceWalk, index: int, *, right_m: float = 0.0, court_seed: int = 0) -> np.ndarray:
    """One photo, (H, W, 3) uint8, by a camera that far to the right of the walk's."""
    width, height = SIZE
    q = walk.poses.quaternion_wxyz[index]
    position = walk.poses.position_m[index] + right_m * quaternion.to_matrix(q)[0]
    large = {"width": 2 * width, "height": 2 * height, "supersample": 1}
    photo = render_photo(position, q, light=walk.light_at(index), court_seed=court_seed, **large)
    even = photo / lens_shading(*image_plane(2 * width, 2 * height))[..., None]
    levels = np.clip(np.rint(even), 0, 255).astype(np.uint8)
    return np.asarray(
        Image.fromarray(levels).resize(SIZE, Image.Resampling.BILINEAR)
    )  # its triangle is two pixels wide


def _write_frame(task: _Task) -> None:
    walk, index, out_dir, seed = task

    def path(kind: str = "", suffix: str = "png") -> Path:
        return out_dir / frame_name(walk.name, index, kind, suffix)

    if index % STRIDE == 0:
        fine = fine_depth(walk, index, SIZE, seed)
        write_depth(path("depth"), pixel_depth(fine))
        _write_picture(path("right"), sequence_photo(walk, index, right_m=BASELINE_M, court_seed=seed))
        if walk.figures and index + STRIDE < len(walk.poses.position_m):
            truth = true_flow(walk, index, index + STRIDE, fine, fine_depth(walk, index + STRIDE, SIZE, seed))
            write_flow(path("flow", "flo"), truth.flow_px)
            _write_picture(path("hidden"), 255 * truth.hidden.astype(np.uint8))
            _write_picture(path("moving"), 255 * truth.moving.astype(np.uint8))
    _write_picture(path(), sequence_photo(walk, index, court_seed=seed))  # last: who has the photo has the rest


def _write_picture(path: Path, pixels: np.ndarray) -> None:
    with replacing(path) as temporary:
        Image.fromarray(pixels).save(temporary, "PNG")


def render_sequences(
    out_dir: str | Path,
    *,
    court_seed: int = 0,
    workers: int = 2,
    walks: tuple[str, ...] | None = None,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Render what is not there yet, then write the lists; a run that was stopped goes on.

    Args:
        court_seed: which court of the family; 0 is PracticeCourt.
        workers: processes; 1 renders in this one.
        walks: names of the walks wanted; None for all. If all are for training, or for testing, both lists name them.
        limit: the first so many photos of each walk only.
        progress: called with (photos done, photos in all) after every photo.

    Raises:
        ValueError: workers or limit is below 1, or no walk has a name that is asked for.
        WorkbookError: `out_dir` holds walks through another court.
    """
    if workers < 1 or (limit is not None and limit < 1):
        raise ValueError(f"workers and limit are counts from 1 up, got workers={workers}, limit={limit}")
    out_dir = Path(out_dir)
    both = sequence_walks(court_seed)
    known = [walk.name for split in both for walk in split]
    if unknown := sorted(set(walks or ()) - set(known)):
        raise ValueError(f"no walks {unknown}; there are {known}")
    earlier = read_court_seed(out_dir, SEQUENCE_FILE)
    if earlier not in (None, court_seed):
        raise WorkbookError(
            f"{out_dir} holds walks through the court of seed {earlier}; choose another folder for seed {court_seed}"
        )
    write_court_seed(out_dir, court_seed, SEQUENCE_FILE)  # first, so that a run that is stopped is known again
    chosen = [[walk for walk in split if walks is None or walk.name in walks] for split in both]
    tasks = [
        _Task(walk, index, out_dir, court_seed)
        for split in chosen
        for walk in split
        for index in range(len(walk.poses.position_m[:limit]))
    ]
    missing = [task for task in tasks if not (out_dir / frame_name(task.walk.name, task.index)).is_file()]

    def report(frames) -> None:
        for done, _ in enumerate(frames, len(tasks) - len(missing) + 1):
            if progress is not None:
                progress(done, len(tasks))

    if workers == 1:
        report(map(_write_frame, missing))
    elif missing:
        # Chunks stay within a walk, whose shadow map is then computed once.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            report(pool.map(_write_frame, missing, chunksize=20))
    write_intrinsics(out_dir / INTRINSICS, intrinsics(*SIZE))
    write_text(out_dir / "baseline.txt", f"{BASELINE_M}\n")
    chosen = [split or other for split, other in zip(chosen, chosen[::-1], strict=True)]  # a scene has both lists
    for name, split in zip(("dataset_train.txt", "dataset_test.txt"), chosen, strict=True):
        rows = (
            (frame_name(walk.name, k), walk.poses.position_m[k], walk.poses.quaternion_wxyz[k])
            for walk in split
            for k in range(len(walk.poses.position_m[:limit]))
        )
        write_text(out_dir / name, pose_list_text(rows, decimals=6))
