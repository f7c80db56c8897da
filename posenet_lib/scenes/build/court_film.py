"""A film of a walk through the practice court: a video to try everything on, whose true poses are known."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.build.extra import require
from posenet_lib.scenes.build.frames import encode_video
from posenet_lib.scenes.pose_list import pose_list_text
from posenet_lib.scenes.practice_court import WalkPose, render_photo, test_poses, training_poses
from posenet_lib.scenes.practice_court.lighting import Light

_CHUNK = 10  # frames that one process renders after another: they share a shadow map


class _Frame(NamedTuple):
    position_m: np.ndarray
    quaternion_wxyz: np.ndarray
    light: Light
    path: Path


def court_film(
    walk: str,
    frames: int,
    out: Path,
    *,
    first: int | None = None,
    workers: int = 2,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Render a walk as MP4, and write the true poses beside it.

    Args:
        walk: 'walk01' to 'walk16'; the last four are those of the test photos, under another sun.
        frames: how many, evenly over the walk.
        out: the video, `court.mp4`.
        first: film the first so many of them only.
        workers: processes; 1 renders in this one.
        progress: called with (frames done, all frames).

    Returns:
        The pose list, `court.txt`: its names are those that `posenet scene build` gives to the video's frames.

    Raises:
        WorkbookError: there is no such walk, or frames are too few.
    """
    require("av")
    known = _walk(walk)
    if frames < 2:
        raise WorkbookError(f"--frames {frames}: a film needs 2 or more")
    poses = along_walk([pose.position_m for pose in known], [pose.quaternion_wxyz for pose in known], frames)
    poses = poses.take(slice(first))
    frames = len(poses.position_m)
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.stem}-") as folder:
        paths = [Path(folder) / f"frame{number + 1:05d}.png" for number in range(frames)]
        todo = [_Frame(*pose, known[0].light, path) for *pose, path in zip(*poses, paths, strict=True)]
        if workers == 1:
            _report(map(_render, todo), frames, progress)
        else:
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                _report(pool.map(_render, todo, chunksize=_CHUNK), frames, progress)
        encode_video(paths, out)
    truth = out.with_suffix(".txt")
    rows = ((f"{out.stem}/{path.stem}.jpg", *pose) for path, *pose in zip(paths, *poses, strict=True))
    write_text(truth, pose_list_text(rows, decimals=6))
    return truth


def along_walk(positions_m: list[np.ndarray], quaternions_wxyz: list[np.ndarray], count: int) -> PoseArray:
    """`count` poses evenly between the poses of a walk: positions on straight lines, orientations on great arcs."""
    position, q = np.array(positions_m), np.array(quaternions_wxyz)
    for index in range(1, len(q)):
        if q[index] @ q[index - 1] < 0:  # q and -q are one rotation; between them, the shorter way
            q[index] = -q[index]
    at = np.linspace(0, len(q) - 1, count)
    before = np.minimum(at.astype(int), len(q) - 2)
    part = (at - before)[:, None]
    between = (1 - part) * q[before] + part * q[before + 1]
    return PoseArray(
        (1 - part) * position[before] + part * position[before + 1],
        quaternion.canonical_sign(quaternion.normalise(between)),
    )


def _walk(name: str) -> list[WalkPose]:
    every = [*training_poses(), *test_poses()]
    found = [pose for pose in every if pose.image_name.partition("/")[0] == name]
    if not found:
        walks = list(dict.fromkeys(pose.image_name.partition("/")[0] for pose in every))
        raise WorkbookError(f"--walk {name}: there is no such walk; there are {walks[0]} to {walks[-1]}")
    return found


def _render(frame: _Frame) -> None:
    photo = render_photo(frame.position_m, frame.quaternion_wxyz, supersample=2, light=frame.light)
    Image.fromarray(photo).save(frame.path)


def _report(done, total: int, progress: Callable[[int, int], None]) -> None:
    for number, _ in enumerate(done, start=1):
        progress(number, total)
