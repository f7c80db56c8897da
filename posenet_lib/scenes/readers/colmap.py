"""COLMAP's sparse models -> poses. Source: COLMAP's documentation, 'Output Format'.

`cameras` and `images` are needed, as .bin or .txt. Models of COLMAP 3.12 and later also hold `rigs` and `frames`;
`images` has each image's own pose all the same, so that those two are not needed.
"""

import argparse
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers import colmap_binary, colmap_text
from posenet_lib.scenes.readers.photo_files import Photos
from posenet_lib.scenes.readers.read_pose import Source, from_world_to_camera
from posenet_lib.scenes.unit import UNITS

HELP = "Turn a COLMAP model (text or binary, with or without rigs and frames) into a scene here."
CONVENTION = (
    "Read as COLMAP writes it: images hold world to camera, the quaternion w first, X_camera = R X_world + t, so that "
    "the centre is -R't; camera axes x right, y down, z forward; the first pixel's centre is (0.5, 0.5). The unit is "
    "COLMAP's own and arbitrary, and so are the world's axes: the scene counts in 'units', unless --unit gives the "
    "unit's length in metres."
)
SOURCE = "folder with cameras.bin and images.bin (or .txt), or one that holds it as sparse/0"

_MODEL_FOLDERS = (".", "sparse/0", "sparse", "colmap/sparse/0", "0")


def add_options(parser: argparse.ArgumentParser) -> None:
    """None beside those that all formats have."""


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import colmap` reads."""
    return read_colmap(options.source, options.photos)


def read_colmap(source: Path, photos: Path | None = None) -> Source:
    """The model in a folder, with photos from `photos`, or an `images` folder beside it or above.

    Raises:
        WorkbookError: there is no model, it is damaged, or a photo is missing.
    """
    folder, ending = _model(source)
    reading = colmap_binary if ending == ".bin" else colmap_text
    cameras = reading.read_cameras(folder / f"cameras{ending}")
    images = reading.read_images(folder / f"images{ending}")
    above = [folder, *folder.resolve().parents[:3]]
    found = Photos([photos] if photos else [place / "images" for place in above] + [source])
    poses = []
    for image in images:
        if image.camera_id not in cameras:
            raise WorkbookError(f"{image.where}: camera {image.camera_id} is not in {folder / f'cameras{ending}'}")
        name, path = found.find(image.name, image.where)
        camera = cameras[image.camera_id]
        poses.append(
            from_world_to_camera(
                name, path, image.quaternion_wxyz, image.translation, image.where, camera=camera
            )
        )  # fmt: skip
    return Source(poses, _other_models(folder), missing=found.missing, unit=UNITS)


def _other_models(folder: Path) -> list[str]:
    """COLMAP numbers its models from 0 where it could not join all photos."""
    parts = sorted(folder.parent.glob("[0-9]*/images.*")) if folder.name.isdigit() else []
    others = list(dict.fromkeys(part.parent.name for part in parts if part.parent.name != folder.name))
    return [f"Beside model {folder.name}, there are models {', '.join(others)}, which are not read."] if others else []


def _model(source: Path) -> tuple[Path, str]:
    """Its folder and its files' ending; like COLMAP, binary before text."""
    for place in _MODEL_FOLDERS:
        for ending in (".bin", ".txt"):
            if all((source / place / f"{part}{ending}").is_file() for part in ("cameras", "images")):
                return (source / place if place != "." else source), ending
    raise WorkbookError(
        f"{source}: there is no COLMAP model in it or in its {', '.join(_MODEL_FOLDERS[1:])}: cameras.bin and "
        "images.bin, or cameras.txt and images.txt, are needed"
    )
