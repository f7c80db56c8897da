"""A table of one's own (CSV, or text with spaces, tabs, semicolons) -> poses, in a convention that its user states."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_files import Photos
from posenet_lib.scenes.readers.read_pose import Source, from_camera_to_world
from posenet_lib.scenes.readers.row_poses import Convention, camera_to_world, has_angles
from posenet_lib.scenes.readers.tables import Row, open_table, require

HELP = "Turn a table of poses (CSV or text) into a scene here; its columns and convention are stated by you."
CONVENTION = (
    "Columns by the names of the first line (or '#' line), or by --order: name; x, y, z (or tx, ty, tz); and qw, qx, "
    "qy, qz, or r11 to r33, or omega, phi, kappa, or yaw, pitch, roll. A quaternion or a matrix needs --convention, "
    "for nothing in the numbers tells it. Angles are in degrees and have one meaning each, camera to world in OpenGL "
    "axes, z up: Rx(omega) Ry(phi) Rz(kappa), and Rz(-yaw) Rx(pitch) Ry(roll), as Metashape and Pix4D write them "
    "(0, 0, 0 looks straight down, the photo's top to +y). Positions are in metres, or in what --unit says."
)
SOURCE = "the table's file"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Beside those that all formats have."""
    parser.add_argument(
        "--order",
        metavar="COLUMNS",
        help="names of the columns, '-' for one that is skipped: name,x,y,z,qx,qy,qz,qw (default: the first line's)",
    )
    parser.add_argument(
        "--convention",
        choices=("camera-to-world", "world-to-camera"),
        help="direction of a quaternion's or a matrix' rotation",
    )
    parser.add_argument(
        "--axes",
        choices=("opencv", "opengl"),
        default="opencv",
        help="camera axes of a quaternion or a matrix: opencv is x right, y down, z forward; opengl x right, y up, z "
        "backward",
    )
    parser.add_argument(
        "--position",
        choices=("centre", "translation"),
        help="with world-to-camera: whether the position is the camera's centre, or t of X_camera = R X_world + t",
    )
    parser.add_argument("--radians", action="store_true", help="angles are in radians")


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import table` reads."""
    if not options.source.is_file():
        raise WorkbookError(f"{options.source}: the table's file itself is needed as SRC")
    columns, rows = open_table(options.source, options.order)
    convention = Convention(
        world_to_camera=options.convention == "world-to-camera",
        opengl=options.axes == "opengl",
        translation=options.position == "translation",
        radians=options.radians,
    )
    if has_angles(columns):
        if options.convention == "world-to-camera" or options.position == "translation" or convention.opengl:
            raise WorkbookError(
                f"{options.source}: angles have one meaning here (--help says which), without --convention "
                "world-to-camera, --axes opengl and --position translation"
            )
    elif options.convention is None:
        raise WorkbookError(
            f"{options.source}: say --convention camera-to-world or world-to-camera; the numbers alone do not tell"
        )
    elif convention.world_to_camera and options.position is None:
        raise WorkbookError(
            f"{options.source}: say --position centre or translation; both are usual with world-to-camera"
        )
    require(columns, ("name",), options.source)
    return _read_rows(options.source, rows, convention, options.photos)


def _read_rows(path: Path, rows: Iterable[Row], convention: Convention, photos: Path | None = None) -> Source:
    """All rows; photos from `photos`, or beside the file.

    Raises:
        WorkbookError: a column is missing, a row is wrong, or a photo is missing.
    """
    found = Photos([photos] if photos else [path.parent, path.parent / "images"])
    poses = []
    for row in rows:
        name, photo = found.find(row.words["name"], row.where)
        poses.append(from_camera_to_world(name, photo, camera_to_world(row, convention), row.where))
    return Source(poses, missing=found.missing)
