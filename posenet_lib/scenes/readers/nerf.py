"""transforms.json of instant-ngp, nerfstudio and what writes for them (Polycam, Record3D, Blender) -> poses."""

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import Photos, photo_header
from posenet_lib.scenes.readers.read_pose import OPENGL, Camera, Source, camera_matrix, from_camera_to_world
from posenet_lib.scenes.readers.text import json_matrix, json_number, read_json
from posenet_lib.scenes.unit import UNITS

HELP = "Turn a NeRF data set with transforms.json (instant-ngp, nerfstudio, Polycam, Record3D) into a scene here."
CONVENTION = (
    "Read as it is written: transform_matrix is camera to world, camera axes OpenGL (x right, y up, z backward), the "
    "unit and the world's axes arbitrary: the scene counts in 'units', unless --unit gives the unit's length in metres "
    "(1 for Polycam's and Record3D's). nerfstudio's applied_transform, which it put before each pose, is taken back, "
    "so that poses are those of the program it read (COLMAP's, say); --keep-applied-transform leaves it. fl_x, fl_y, "
    "cx, cy, w, h of the file or of a frame, else camera_angle_x. transforms_train.json with transforms_test.json, and "
    "train_filenames with test_filenames, give the split."
)
SOURCE = "the transforms.json, or the folder that holds it"

_DISTORTION = ("k1", "k2", "k3", "k4", "p1", "p2")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Beside those that all formats have."""
    parser.add_argument(
        "--keep-applied-transform", action="store_true", help="leave nerfstudio's world as it is in the file"
    )


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import nerf` reads."""
    return read_nerf(options.source, options.photos, keep_applied=options.keep_applied_transform)


def read_nerf(source: Path, photos: Path | None = None, *, keep_applied: bool = False) -> Source:
    """All frames of a file, or of a pair of files for training and test.

    Raises:
        WorkbookError: a file is no such JSON, a matrix is not rigid, or a photo is missing.
    """
    files = _files(source)
    poses, notes, split_note, missing = [], [], "", {}
    for label, path in files.items():
        if label != "val":
            found, file_notes, file_split_note = _read_file(path, label, photos, keep_applied, missing)
            poses, notes, split_note = poses + found, notes + file_notes, split_note or file_split_note
    if len(files) > 1:
        split_note = "the source's own, of transforms_train.json and transforms_test.json"
    return Source(poses, list(dict.fromkeys(notes)), split_note, missing, may_lack_photos=True, unit=UNITS)


def _files(source: Path) -> dict[str, Path]:
    if source.is_file():
        return {"": source}
    if (source / "transforms.json").is_file():
        return {"": source / "transforms.json"}
    pair = {label: source / f"transforms_{label}.json" for label in ("train", "test")}
    if all(path.is_file() for path in pair.values()):
        return pair
    raise WorkbookError(f"{source}: holds no transforms.json, and no transforms_train.json with transforms_test.json")


def _read_file(path: Path, label: str, photos: Path | None, keep_applied: bool, missing: dict[Path, str]):
    whole = read_json(path)
    frames = whole.get("frames") if isinstance(whole, dict) else None
    if not isinstance(frames, list) or not frames or not all(isinstance(frame, dict) for frame in frames):
        raise WorkbookError(f"{path}: holds no 'frames' list of cameras; a NeRF transforms.json is needed")
    undo, notes = _undo_applied(whole, path, keep_applied)
    found = Photos([photos] if photos else [path.parent, path.parent / "images"])
    named = {
        Path(str(name)).name: split
        for split in ("train", "test")
        for name in (whole.get(f"{split}_filenames") if isinstance(whole.get(f"{split}_filenames"), list) else [])
    }
    poses = []
    for index, frame in enumerate(frames):
        where = f"{path}, frame {index}"
        written = frame.get("file_path")
        if not isinstance(written, str):
            raise WorkbookError(f"{where}: 'file_path' is {repr(written)[:40]}, and a photo's name is expected")
        name, photo = found.find(written, where)
        matrix = json_matrix(frame.get("transform_matrix"), ((4, 4), (3, 4)), where, "transform_matrix")
        matrix = undo @ (matrix if matrix.shape == (4, 4) else np.vstack([matrix, [0, 0, 0, 1]]))
        matrix[:3, :3] = matrix[:3, :3] @ OPENGL
        camera = _camera({**whole, **frame}, photo, where)
        split = label or named.get(Path(written).name, "")
        poses.append(from_camera_to_world(name, photo, matrix, where, camera=camera, split=split))
    missing.update(found.missing)
    both = not label and {pose.split for pose in poses} >= {"train", "test"}
    return poses, notes, "the source's own, of train_filenames and test_filenames" if both else ""


def _undo_applied(whole: dict, path: Path, keep: bool) -> tuple[np.ndarray, list[str]]:
    """The inverse of applied_transform, which nerfstudio put before each camera to world."""
    if keep or whole.get("applied_transform") is None:
        return np.eye(4), []
    applied = json_matrix(whole["applied_transform"], ((3, 4), (4, 4)), str(path), "applied_transform")
    applied = np.vstack([applied[:3], [0, 0, 0, 1]])
    scale = json_number(whole, "applied_scale", str(path), 1.0)
    rotation = applied[:3, :3]
    if not np.isfinite(applied).all() or np.abs(rotation @ rotation.T - np.eye(3)).max() > 0.01 or scale <= 0:
        raise WorkbookError(
            f"{path}: 'applied_transform' is no rotation with a shift, or 'applied_scale' not above 0, so it cannot be "
            "taken back; --keep-applied-transform leaves it"
        )
    undo = np.linalg.inv(applied)
    if scale == 1:
        return undo, ["nerfstudio's applied_transform was taken back; --keep-applied-transform leaves it."]
    raise WorkbookError(
        f"{path}: 'applied_scale' is {scale:g}, which changed the unit after applied_transform; "
        f"give --keep-applied-transform, and --unit {1 / scale:.6g} for the unit before"
    )


def _camera(values: dict[str, Any], photo: Path, where: str) -> Camera | None:
    """From a frame's values over the file's; None where neither tells a focal length."""
    header = photo_header(photo)
    if header is None:
        return None
    width, height = header.upright_px
    size = tuple(int(json_number(values, key, where, default)) for key, default in (("w", width), ("h", height)))
    if min(size) < 1:
        raise WorkbookError(f"{where}: 'w' and 'h' are {size[0]} and {size[1]}; the photo's size in pixels is expected")
    if "fl_x" in values:
        fx = json_number(values, "fl_x", where)
        fy = json_number(values, "fl_y", where, fx)
    elif "camera_angle_x" in values:
        angle = json_number(values, "camera_angle_x", where)
        if not 0 < angle < math.pi:
            raise WorkbookError(f"{where}: 'camera_angle_x' is {angle:g}; radians between 0 and pi are expected")
        fx = fy = size[0] / 2 / math.tan(angle / 2)
    else:
        return None
    centre = (json_number(values, "cx", where, size[0] / 2), json_number(values, "cy", where, size[1] / 2))
    lens = {key: json_number(values, key, where, 0.0) for key in _DISTORTION}
    words = " ".join(f"{key}={value:.4g}" for key, value in lens.items() if value)
    if "FISHEYE" in str(values.get("camera_model", "")):
        words = f"{values['camera_model']} {words}"[:80]
    stated = size if {"w", "h"} <= values.keys() else None
    return checked(Camera(camera_matrix(fx, fy, *centre), stated, words), where)
