"""RealityCapture's and RealityScan's camera export ('Internal/External camera parameters', CSV) -> poses."""

import argparse
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.angles import from_yaw_pitch_roll
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import Photos, photo_header
from posenet_lib.scenes.readers.read_pose import OPENGL, Camera, Source, camera_matrix, from_camera_to_world
from posenet_lib.scenes.readers.tables import Row, open_table, require
from posenet_lib.scenes.unit import UNITS

HELP = "Turn a RealityCapture or RealityScan camera export (CSV) into a scene here."
CONVENTION = (
    "Read as the program writes it: columns by their names (#name, x, y, alt or z, heading, pitch, roll, and f, px, py "
    "where they are); the rotation camera to world in OpenGL axes is Rz(-heading) Rx(pitch) Ry(roll), in degrees; the "
    "centre is (x, y, alt), z up, in the project's unit, which nothing in the file tells: the scene counts in 'units', "
    "unless --unit gives the unit's length in metres. f is the focal length for 36 mm film: "
    "f_px = f max(width, height) / 36, and the principal point is px max(width, height) + width / 2, likewise py."
)
SOURCE = "the exported .csv, or the folder that holds one"

_FILM_MM = 36.0
_DISTORTION = ("k1", "k2", "k3", "k4", "t1", "t2")


def add_options(parser: argparse.ArgumentParser) -> None:
    """None beside those that all formats have."""


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import realitycapture` reads."""
    return read_realitycapture(options.source, options.photos)


def read_realitycapture(source: Path, photos: Path | None = None) -> Source:
    """All rows; photos from `photos`, or beside the file.

    Raises:
        WorkbookError: a column is missing, a row is wrong, or a photo is missing.
    """
    path = _table(source)
    columns, rows = open_table(path)
    require(columns, ("name", "x", "y", "z", "yaw", "pitch", "roll"), path)
    found = Photos([photos] if photos else [path.parent, path.parent / "images"])
    poses = []
    for row in rows:
        name, photo = found.find(row.words["name"], row.where)
        matrix = np.eye(4)
        matrix[:3, 3] = row.numbers("xyz")
        angles_deg = row.numbers(("yaw", "pitch", "roll"))
        lost = not np.isfinite(angles_deg).all()
        matrix[:3, :3] = np.nan if lost else from_yaw_pitch_roll(*angles_deg) @ OPENGL
        poses.append(from_camera_to_world(name, photo, matrix, row.where, camera=_camera(row, photo)))
    return Source(poses, missing=found.missing, unit=UNITS)


def _table(source: Path) -> Path:
    if source.is_file():
        return source
    tables = sorted(source.glob("*.csv"))
    if len(tables) != 1:
        raise WorkbookError(f"{source}: one .csv is needed, and there are {len(tables)}; give the file itself as SRC")
    return tables[0]


def _camera(row: Row, photo: Path) -> Camera | None:
    header = photo_header(photo)
    if "f" not in row.words or header is None:
        return None
    width, height = header.upright_px
    longer = max(width, height)
    focal_px = row.number("f") * longer / _FILM_MM
    offset = [row.number(key) if key in row.words else 0.0 for key in ("px", "py")]
    matrix = camera_matrix(focal_px, focal_px, offset[0] * longer + width / 2, offset[1] * longer + height / 2)
    values = {key: row.number(key) for key in _DISTORTION if key in row.words}
    words = " ".join(f"{key}={value:.4g}" for key, value in values.items() if value)
    return checked(Camera(matrix, None, words), row.where)
