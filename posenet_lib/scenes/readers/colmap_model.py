"""What a COLMAP model consists of, in text and in binary: camera models, cameras, images."""

from dataclasses import dataclass

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.read_pose import Camera, camera_matrix

_F = "f cx cy"
_FXY = "fx fy cx cy"
# COLMAP's camera models in the order of their numbers, with their parameters.
MODELS = {
    "SIMPLE_PINHOLE": _F,
    "PINHOLE": _FXY,
    "SIMPLE_RADIAL": f"{_F} k",
    "RADIAL": f"{_F} k1 k2",
    "OPENCV": f"{_FXY} k1 k2 p1 p2",
    "OPENCV_FISHEYE": f"{_FXY} k1 k2 k3 k4",
    "FULL_OPENCV": f"{_FXY} k1 k2 p1 p2 k3 k4 k5 k6",
    "FOV": f"{_FXY} omega",
    "SIMPLE_RADIAL_FISHEYE": f"{_F} k",
    "RADIAL_FISHEYE": f"{_F} k1 k2",
    "THIN_PRISM_FISHEYE": f"{_FXY} k1 k2 p1 p2 k3 k4 sx1 sy1",
    "RAD_TAN_THIN_PRISM_FISHEYE": f"{_FXY} k0 k1 k2 k3 k4 k5 p0 p1 s0 s1 s2 s3",
}


@dataclass(frozen=True, slots=True)
class Image:
    """One line of `images`."""

    name: str
    camera_id: int
    quaternion_wxyz: tuple[float, ...]
    translation: tuple[float, ...]
    where: str  # file and line or byte, for messages


def camera_of(model: str, size_px: tuple[int, int], numbers: list[float], where: str) -> Camera:
    """The pinhole part of a camera model; its distortion in words.

    Raises:
        WorkbookError: the model is unknown, has other parameters, or can be no camera.
    """
    if model not in MODELS:
        raise WorkbookError(f"{where}: camera model {model[:40]!r} is none of COLMAP's: {', '.join(MODELS)}")
    names = MODELS[model].split()
    if len(numbers) != len(names):
        raise WorkbookError(
            f"{where}: {model} has {len(names)} parameters ({' '.join(names)}), here are {len(numbers)}"
        )
    values = dict(zip(names, numbers, strict=True))
    fx, fy = values.pop("fx", values.get("f")), values.pop("fy", values.get("f"))
    values.pop("f", None)
    matrix = camera_matrix(fx, fy, values.pop("cx"), values.pop("cy"))
    rest = {name: value for name, value in values.items() if value != 0}
    words = f"{model} {' '.join(f'{name}={value:.4g}' for name, value in rest.items())}" if rest else ""
    if not words and "FISHEYE" in model:
        words = model  # an equidistant lens even with all coefficients 0
    if not np.isfinite(list(rest.values())).all():
        raise WorkbookError(f"{where}: a parameter of {model} is not finite")
    return checked(Camera(matrix, size_px, words), where)
