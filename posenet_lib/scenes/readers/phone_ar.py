"""Logs of phones' ARKit and ARCore -> poses: five apps' formats, known by their files' names, or --order.

Sources: the apps' own pages (3D Scanner App, Stray Scanner, ARKit-Data-Logger, ARCore-Data-Logger, ios_logger).
"""

import argparse
import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import Photos, photo_header, photos_in
from posenet_lib.scenes.readers.read_pose import OPENGL, Camera, Source, from_camera_to_world
from posenet_lib.scenes.readers.row_poses import Convention, camera_to_world
from posenet_lib.scenes.readers.tables import MATRIX, Row, read_table
from posenet_lib.scenes.readers.text import json_matrix, natural_order, read_json, whole_number
from posenet_lib.scenes.readers.timestamps import TimedMatrix, TimedPhoto, add_time_option, match_by_time

HELP = "Turn a phone's ARKit or ARCore log into a scene here."
CONVENTION = (
    "Read as both systems mean their camera poses: camera to world, camera axes OpenGL (x right, y up, z backward) for "
    "the photo as the sensor takes it (landscape), y up, metres. Known files: frame_NNNNN.json of 3D Scanner App; "
    "odometry.csv of Stray Scanner, which has turned its axes to x right, y down, z forward; ARKit_camera_pose.txt; "
    "ARCore_sensor_pose.txt; ARposes.txt with Frames.txt of ios_logger. Another log needs a line of column names or "
    "--order. Photos are found by name, by frame number, or, where there are as many as poses, in order."
)
SOURCE = "the recording's folder, or the log's file"


class _Log(NamedTuple):
    """A log that an app writes under a name of its own."""

    order: str | None  # columns, where the file has no line of names
    opengl: bool


_ROW_BY_ROW = ",".join(
    f"{MATRIX[3 * row]},{MATRIX[3 * row + 1]},{MATRIX[3 * row + 2]},t{'xyz'[row]}" for row in range(3)
)
_LOGS = {
    "odometry.csv": _Log(None, False),
    "ARKit_camera_pose.txt": _Log(f"time,{_ROW_BY_ROW}", True),
    "ARCore_sensor_pose.txt": _Log("time,qx,qy,qz,qw,tx,ty,tz", True),
    "ARposes.txt": _Log("time,tx,ty,tz,qw,qx,qy,qz", True),
}
_PHOTO_FOLDERS = ("rgb", "images", "frames", "photos")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Beside those that all formats have."""
    parser.add_argument("--order", metavar="COLUMNS", help="names of the log's columns: time,tx,ty,tz,qw,qx,qy,qz")
    parser.add_argument("--axes", choices=("opencv", "opengl"), help="camera axes (default: what the app writes)")
    add_time_option(parser, 0.02)


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import phone-ar` reads."""
    return read_phone_ar(options.source, options.photos, options.order, options.axes, options.max_seconds)


def read_phone_ar(
    source: Path, photos: Path | None = None, order: str | None = None, axes: str | None = None, longest_s: float = 0.02
) -> Source:
    """One recording.

    Raises:
        WorkbookError: the log is missing or wrong, or photos and poses cannot be matched.
    """
    frames = sorted(source.glob("frame_*.json"), key=lambda path: natural_order(path.name)) if source.is_dir() else []
    if frames:
        return _scanner_app(frames, photos or source, axes != "opencv")
    path = source if source.is_file() else next((source / name for name in _LOGS if (source / name).is_file()), None)
    if path is None:
        raise WorkbookError(f"{source}: there is none of {', '.join(_LOGS)} and no frame_*.json; give the log's file")
    known = _LOGS.get(path.name, _Log(None, True))
    _, rows = read_table(path, order or known.order)
    convention = Convention(opengl=known.opengl if axes is None else axes == "opengl")
    folders = [photos] if photos else [path.parent / name for name in _PHOTO_FOLDERS if (path.parent / name).is_dir()]
    return _match(path, rows, convention, folders or [path.parent], longest_s)


def _match(path: Path, rows: list[Row], convention: Convention, folders: list[Path], longest_s: float) -> Source:
    if "name" in rows[0].words:
        found = Photos(folders)
        files = [found.find(row.words["name"], row.where) for row in rows]
        return replace(_source(rows, files, convention, _camera(path.parent)), missing=found.missing)
    by_number = {}
    for photo in photos_in(folders[0]):
        if match := re.search(r"(\d{1,18})$", photo.stem):
            by_number.setdefault(int(match[1]), (f"{folders[0].resolve().name}/{photo.name}", photo))
    if (path.parent / "Frames.txt").is_file():
        return _by_frames_file(path.parent / "Frames.txt", rows, by_number, convention, longest_s)
    if "frame" in rows[0].words:
        numbers = [whole_number(row.words["frame"], row.where, "the frame") for row in rows]
        pairs = [(row, by_number[number]) for row, number in zip(rows, numbers, strict=True) if number in by_number]
        if not pairs:
            raise WorkbookError(
                f"{path}: no photo in {folders[0]} has a frame's number; --photos DIR says where to look"
            )
        left = len(rows) - len(pairs)
        notes = [f"{left} poses have no photo of their frame number."] if left else []
        return _source([row for row, _ in pairs], [file for _, file in pairs], convention, _camera(path.parent), notes)
    if len(by_number) != len(rows):
        raise WorkbookError(
            f"{path}: has {len(rows)} poses without names or frame numbers, and {folders[0]} has {len(by_number)} "
            "numbered photos; equally many are needed to match them in order"
        )
    return _source(rows, [file for _, file in sorted(by_number.items())], convention, _camera(path.parent))


def _source(rows, files, convention: Convention, camera: Camera | None, notes=()) -> Source:
    poses = [
        from_camera_to_world(name, photo, camera_to_world(row, convention), row.where, camera=camera)
        for row, (name, photo) in zip(rows, files, strict=True)
    ]
    return Source(poses, notes)


def _by_frames_file(path: Path, rows: list[Row], by_number: dict, convention: Convention, longest_s: float) -> Source:
    """ios_logger: Frames.txt has each photo's time, number and camera."""
    _, frames = read_table(path, "time,frame,fx,fy,cx,cy")
    timed, matrices = [], []
    for frame in frames:
        number = int(frame.number("frame")) if np.isfinite(frame.number("frame")) else -1
        if number in by_number:
            timed.append(TimedPhoto(frame.number("time"), *by_number[number]))
            fx, fy, cx, cy = frame.numbers(("fx", "fy", "cx", "cy"))
            matrices.append([[fx, 0, cx + 0.5], [0, fy, cy + 0.5], [0, 0, 1]])
    poses = [TimedMatrix(row.number("time"), camera_to_world(row, convention), row.where) for row in rows]
    camera = checked(Camera(np.median(matrices, axis=0)), str(path)) if matrices else None
    matched, notes = match_by_time(timed, poses, longest_s, camera=camera)
    return Source(matched, notes)


def _scanner_app(frames: list[Path], photos: Path, opengl: bool) -> Source:
    """3D Scanner App: a JSON for each photo, matrices row by row."""
    found = Photos([photos])
    poses = []
    for path in frames:
        values, where = read_json(path), str(path)
        if not isinstance(values, dict):
            raise WorkbookError(f"{path}: is no frame of 3D Scanner App (cameraPoseARFrame, intrinsics)")
        matrix = json_matrix(values.get("cameraPoseARFrame"), ((16,),), where, "cameraPoseARFrame").reshape(4, 4)
        if opengl and np.isfinite(matrix).all():
            matrix[:3, :3] = matrix[:3, :3] @ OPENGL
        lens = json_matrix(values.get("intrinsics"), ((9,),), where, "intrinsics").reshape(3, 3)
        lens[:2, 2] += 0.5  # ARKit's (0, 0) is the first pixel's centre
        name, photo = found.find(path.stem, where)
        header = photo_header(photo)  # ARKit's pose is that of the pixels as the sensor gave them
        camera = checked(Camera(lens, header.size_px if header else None), where)
        poses.append(from_camera_to_world(name, photo, matrix, where, camera=camera))
    return Source(poses, missing=found.missing)


def _camera(folder: Path) -> Camera | None:
    """Stray Scanner's camera_matrix.csv."""
    path = folder / "camera_matrix.csv"
    if not path.is_file():
        return None
    _, rows = read_table(path, "a,b,c")
    matrix = np.array([row.numbers("abc") for row in rows])
    if matrix.shape != (3, 3):
        raise WorkbookError(f"{path}: has {len(rows)} lines; three lines of three numbers are expected")
    matrix[:2, 2] += 0.5
    return checked(Camera(matrix), str(path))
