"""A copy of a scene in another frame of reference: its lists, its map, its unit."""

import json
import shutil
from pathlib import Path

import numpy as np

from posenet_lib.core.files import write_text
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.geometry.similarity import Similarity, moved_poses
from posenet_lib.scenes.build.built_map import ABOUT, MAP, POINTS
from posenet_lib.scenes.build.own_process import run_colmap
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list
from posenet_lib.scenes.readers.scene_writing import link_or_copy, refuse_used_folder
from posenet_lib.scenes.scene import Split, load_scene
from posenet_lib.scenes.unit import write_unit


def write_moved_scene(folder: Path, similarity: Similarity, unit: str, out: Path) -> None:
    """Write `out`, all of it or nothing; photos are linked where possible.

    Args:
        folder: the scene.
        similarity: from its frame of reference to the new one.
        unit: of the new one, 'm' or 'units'.

    Raises:
        WorkbookError: `out` already holds something, or there is no scene.
    """
    refuse_used_folder(out)
    scene = load_scene(folder)
    partial = out.with_name(f".{out.name}.moving")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        for split in (scene.train, scene.test):
            for record in split.records:
                link_or_copy(record.image_path, partial / record.name)
            write_pose_list(partial / f"dataset_{split.label}.txt", _moved(split, scene.offset_m, similarity))
        if (folder / INTRINSICS).is_file():
            shutil.copyfile(folder / INTRINSICS, partial / INTRINSICS)
        write_unit(partial, unit)
        if (folder / MAP / POINTS).is_file():
            _move_map(folder / MAP, similarity, unit, partial / MAP)
        if out.is_dir():
            out.rmdir()
        partial.rename(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _moved(split: Split, offset_m: np.ndarray, similarity: Similarity) -> list[PoseRecord]:
    poses = PoseArray(split.poses.position_m + offset_m, split.poses.quaternion_wxyz)
    return [
        PoseRecord(record.name, record.image_path, *pose)
        for record, *pose in zip(split.records, *moved_poses(poses, similarity), strict=True)
    ]


def _move_map(folder: Path, similarity: Similarity, unit: str, out: Path) -> None:
    scale, rotation, shift = similarity
    run_colmap("move", out.parent, model=folder, out=out, scale=scale, rotation=rotation.tolist(), shift=shift.tolist())
    (out.parent / "colmap.log").unlink(missing_ok=True)
    with np.load(folder / POINTS) as file:
        parts = dict(file)
    np.savez(out / POINTS, **{**parts, "xyz": similarity.apply(parts["xyz"])})
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    write_text(out / ABOUT, json.dumps({**about, "unit": unit}, indent=1) + "\n")
