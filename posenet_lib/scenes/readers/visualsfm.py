"""VisualSFM's reconstruction.nvm -> poses (format: `posenet_lib.scenes.nvm`)."""

import argparse
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.nvm import read_nvm_cameras
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import Photos, photo_header
from posenet_lib.scenes.readers.read_pose import Camera, ReadPose, Source, camera_matrix, matrix_of
from posenet_lib.scenes.unit import UNITS, scene_unit

HELP = "Turn a VisualSFM reconstruction (NVM_V3) into a scene here."
CONVENTION = (
    "Read as VisualSFM writes it: focal length in pixels, the quaternion w first and world to camera, the camera "
    "centre, then one radial distortion number; camera axes x right, y down, z forward; the principal point is the "
    "photo's middle. The unit is arbitrary: the scene counts in 'units', unless --unit gives the unit's length in "
    "metres, or the lists of a scene lie beside the file, as in the Cambridge Landmarks, whose unit is then that of "
    "the file too. Only the first model is read."
)
SOURCE = "the .nvm file, or the folder that holds one"


def add_options(parser: argparse.ArgumentParser) -> None:
    """None beside those that all formats have."""


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import nvm` reads."""
    return read_visualsfm(options.source, options.photos)


def read_visualsfm(source: Path, photos: Path | None = None) -> Source:
    """The first model's cameras; photos from `photos`, or beside the file.

    Raises:
        WorkbookError: the file is damaged, or a photo is missing.
    """
    path = source
    if source.is_dir():
        files = sorted(source.glob("*.nvm"))
        if len(files) != 1:
            raise WorkbookError(
                f"{source}: one .nvm is needed, and there are {len(files)}; give the file itself as SRC"
            )
        path = files[0]
    found = Photos([photos] if photos else [path.parent, path.parent / "images"])
    poses = []
    lenses: dict[tuple, Camera] = {}  # photos of one lens share it
    for camera in read_nvm_cameras(path):
        where = f"{path}, camera {camera.name}"
        name, photo = found.find(camera.name, where)
        matrix_of(camera.quaternion_wxyz, camera.position_m, where)  # refuses a quaternion that is none
        header = None if photo in found.missing else photo_header(photo)
        words = f"radial {camera.distortion:.4g}" if camera.distortion else ""
        size = header.upright_px if header else None
        lens = None
        if size:
            if (key := (camera.focal_px, size, words)) not in lenses:
                matrix = camera_matrix(camera.focal_px, camera.focal_px, size[0] / 2, size[1] / 2)
                lenses[key] = checked(Camera(matrix, None, words), where)
            lens = lenses[key]
        poses.append(ReadPose(name, photo, camera.position_m, camera.quaternion_wxyz, camera=lens))
    lists = path.parent / "dataset_train.txt"
    return Source(poses, missing=found.missing, unit=scene_unit(path.parent) if lists.is_file() else UNITS)
