"""Depth maps and flow fields as files that other tools read: 16-bit PNG in millimetres, and Middlebury's `.flo`.

A depth PNG is what 7-Scenes, TUM and Record3D use: whole millimetres, 0 where nothing was measured (here: sky). A
`.flo` file is the text PIEH, width and height as 32-bit integers, then (u, v) in pixels as 32-bit floats, row by row
(Baker et al., IJCV 2011).
"""

from pathlib import Path

import numpy as np
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing

LARGEST_MM = 65535
_FLOW_MARK = b"PIEH"


def write_depth(path: Path, depth_m: np.ndarray) -> None:
    """(H, W) metres -> 16-bit PNG; inf (sky) becomes 0, what is further than 65.5 m becomes 65.535 m."""
    millimetres = np.where(np.isfinite(depth_m), np.clip(np.rint(depth_m * 1000.0), 1, LARGEST_MM), 0)
    with replacing(path) as temporary:
        Image.fromarray(millimetres.astype(np.uint16)).save(temporary, "PNG")


def read_depth(path: Path) -> np.ndarray:
    """The inverse: (H, W) float32 metres, inf where the file holds 0.

    Raises:
        WorkbookError: there is no such file, or it is no 16-bit picture.
    """
    try:
        with Image.open(path) as image:
            if not image.mode.startswith("I"):
                raise ValueError(f"its pixels are {image.mode}, not 16-bit grey")
            millimetres = np.asarray(image, dtype=np.float32)
    except (OSError, SyntaxError, ValueError) as error:
        raise WorkbookError(f"{path}: cannot be read as a depth map ({error})") from error
    return np.where(millimetres > 0, millimetres / 1000.0, np.inf).astype(np.float32)


def write_flow(path: Path, flow_px: np.ndarray) -> None:
    """(H, W, 2) pixels, to the right and down -> a `.flo` file."""
    height, width = flow_px.shape[:2]
    with replacing(path) as temporary:
        size = np.array([width, height], dtype="<i4").tobytes()
        temporary.write_bytes(_FLOW_MARK + size + flow_px.astype("<f4").tobytes())


def read_flow(path: Path) -> np.ndarray:
    """The inverse, (H, W, 2) float32.

    Raises:
        WorkbookError: the file is missing, or is no `.flo` file of the size that it states.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WorkbookError(f"{path}: cannot be read ({error.strerror})") from error
    width, height = np.frombuffer(content[4:12].ljust(8, b"\0"), dtype="<i4")
    if content[:4] != _FLOW_MARK or len(content) != 12 + 8 * int(width) * int(height):
        raise WorkbookError(f"{path}: is no .flo file, or was cut off ({len(content)} bytes)")
    return np.frombuffer(content, dtype="<f4", offset=12).reshape(height, width, 2).copy()
