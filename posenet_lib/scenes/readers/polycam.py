"""Polycam's raw data (keyframes) -> poses. Its exports for NeRF are transforms.json (`readers.nerf`)."""

import argparse
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import Photos
from posenet_lib.scenes.readers.read_pose import OPENGL, Camera, Source, camera_matrix, from_camera_to_world
from posenet_lib.scenes.readers.text import json_matrix, json_number, natural_order, read_json

HELP = "Turn Polycam's raw data (keyframes with cameras and images) into a scene here."
CONVENTION = (
    "Read as Polycam writes it: t_00 to t_23 of each camera's JSON are a 3x4 matrix, camera to world, camera axes "
    "OpenGL (x right, y up, z backward), y up, metres; fx, fy, cx, cy in pixels of width x height. Polycam's "
    "corrected cameras and images are taken where they are."
)
SOURCE = "the unpacked raw data, or its keyframes folder"


def add_options(parser: argparse.ArgumentParser) -> None:
    """None beside those that all formats have."""


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import polycam` reads."""
    return read_polycam(options.source, options.photos)


def read_polycam(source: Path, photos: Path | None = None) -> Source:
    """All keyframes.

    Raises:
        WorkbookError: a folder is missing, a camera is wrong, or a photo is missing.
    """
    root = source / "keyframes" if (source / "keyframes").is_dir() else source
    prefix = "corrected_" if (root / "corrected_cameras").is_dir() else ""
    cameras = sorted((root / f"{prefix}cameras").glob("*.json"), key=lambda path: natural_order(path.name))
    if not cameras:
        raise WorkbookError(f"{root}: there are no corrected_cameras/*.json and no cameras/*.json in it")
    found = Photos([photos] if photos else [root / f"{prefix}images"])
    poses = []
    for path in cameras:
        values, where = read_json(path), str(path)
        if not isinstance(values, dict):
            raise WorkbookError(f"{path}: is no camera of Polycam (t_00 to t_23, fx, fy, cx, cy, width, height)")
        rows = [[values.get(f"t_{row}{column}") for column in range(4)] for row in range(3)]
        matrix = json_matrix(rows, ((3, 4),), where, "t_00 to t_23")
        matrix[:, :3] = matrix[:, :3] @ OPENGL if np.isfinite(matrix).all() else np.nan
        fx, fy, cx, cy = (json_number(values, key, where) for key in ("fx", "fy", "cx", "cy"))
        size = tuple(int(json_number(values, key, where)) for key in ("width", "height"))
        lens = checked(Camera(camera_matrix(fx, fy, cx + 0.5, cy + 0.5), size), where)
        name, photo = found.find(path.stem, where)
        poses.append(from_camera_to_world(name, photo, matrix, where, camera=lens))
    return Source(poses, missing=found.missing)
