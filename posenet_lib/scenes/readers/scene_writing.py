"""From what a reader gives to a scene on disk: all of it, or nothing."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.intrinsics import write_intrinsics
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list
from posenet_lib.scenes.readers.lost_frames import in_order, without_lost
from posenet_lib.scenes.readers.photo_cameras import fit_to_photos, one_camera
from posenet_lib.scenes.readers.photo_files import photo_header
from posenet_lib.scenes.readers.read_pose import ReadPose, Source
from posenet_lib.scenes.readers.splitting import SplitChoice, split_poses
from posenet_lib.scenes.unit import write_unit


@dataclass(frozen=True)
class Imported:
    """What an import made."""

    train_count: int
    test_count: int
    notes: tuple[str, ...]  # whole sentences: the split, lost frames, cameras


def refuse_used_folder(out: Path) -> None:
    """An import makes a new folder, and never mixes two scenes.

    Raises:
        WorkbookError: `out` is a file, or already holds something.
    """
    if os.path.lexists(out) and (not out.is_dir() or any(out.iterdir())):
        raise WorkbookError(f"{out} already holds something; remove it or choose another --out")


def write_scene(source: Source, out: Path, choice: SplitChoice, *, skip_missing: bool = False) -> Imported:
    """Write `out` as a scene: both lists, the camera, the unit if it is not metres; photos are linked, or copied.

    Args:
        skip_missing: leave out photos that are listed and are nowhere, in place of refusing.

    Raises:
        WorkbookError: there is nothing to write, photos are missing, the split leaves one side empty, a photo's shape
            does not fit its camera, or `out` already holds something. Nothing is left half-written.
    """
    refuse_used_folder(out)
    present, missing_notes = _present(source, skip_missing)
    poses, notes = _each_frame_once(in_order(present))
    notes = [*source.notes, *missing_notes, *notes]
    train, test, split_note = split_poses(source, poses, choice)
    kept, lost_notes = without_lost(in_order([*train, *test]))
    if not kept:
        raise WorkbookError(f"no photo has a pose, so there is no scene. {' '.join([*notes, *lost_notes])}".strip())
    kept, photo_notes = fit_to_photos(kept)
    matrix, camera_notes = one_camera(kept)
    tests = {pose.name for pose in test}
    train, test = ([pose for pose in kept if (pose.name in tests) == is_test] for is_test in (False, True))
    for label, of_split in (("training", train), ("test", test)):
        if not of_split:
            raise WorkbookError(
                f"the split leaves no {label} photo of {len(kept)} ({split_note}); "
                "check the split files or --test-blocks"
            )
    _write(out, train, test, matrix, source.unit)
    photo_header.cache_clear()  # the next import may find other files under the same names
    return Imported(len(train), len(test), (split_note, *notes, *lost_notes, *photo_notes, *camera_notes))


def _present(source: Source, skip_missing: bool) -> tuple[list[ReadPose], list[str]]:
    """The poses whose photos are there.

    Raises:
        WorkbookError: others are missing and may not be, or all are.
    """
    present = [pose for pose in source.poses if pose.image_path not in source.missing]
    count = len(source.poses) - len(present)
    if not count:
        return present, []
    first = next(iter(source.missing.values()))
    few = source.may_lack_photos and 2 * count < len(source.poses)
    if not present or not (skip_missing or few):
        rest = f" ({count} of {len(source.poses)} photos are missing; --skip-missing leaves them out)"
        raise WorkbookError(first + (rest if count > 1 or present else ""))
    name = next(pose.name for pose in source.poses if pose.image_path in source.missing)
    return present, [f"{count} listed photos are not there and were left out, first {name}."]


def _each_frame_once(poses: Sequence[ReadPose]) -> tuple[list[ReadPose], list[str]]:
    """Of `0001.png` and `0001.jpg` in one folder, the first.

    Raises:
        WorkbookError: one photo has two poses.
    """
    for name, count in Counter(pose.name for pose in poses).items():
        if count > 1:
            raise WorkbookError(f"the photo {name} has {count} poses; each photo needs one")
    first: dict[str, ReadPose] = {}
    for pose in poses:
        first.setdefault(pose.name.rpartition(".")[0] or pose.name, pose)
    twice = len(poses) - len(first)
    note = f"{twice} frames are there as .png and as .jpg, or twice in another way; each counts once."
    return list(first.values()), [note] if twice else []


def _write(out: Path, train: Sequence[ReadPose], test: Sequence[ReadPose], matrix, unit: str) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for pose in (*train, *test):
            link_or_copy(pose.image_path, partial / pose.name)
        for label, poses in (("train", train), ("test", test)):
            records = [PoseRecord(p.name, p.image_path, p.position_m, p.quaternion_wxyz) for p in poses]
            write_pose_list(partial / f"dataset_{label}.txt", records)
        if matrix is not None:
            write_intrinsics(partial / INTRINSICS, matrix)
        write_unit(partial, unit)
        partial.chmod(0o755)  # mkdtemp makes a folder that only its owner may enter
        if out.exists():
            out.rmdir()
        partial.rename(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def link_or_copy(source: Path, target: Path) -> None:
    """`target` becomes the same file, or a copy where the file system has no such links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)
