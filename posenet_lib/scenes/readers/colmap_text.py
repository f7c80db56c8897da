"""COLMAP's cameras.txt and images.txt (layout: `posenet_lib.scenes.readers.colmap_model`)."""

from collections.abc import Iterator
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.colmap_model import Camera, Image, camera_of
from posenet_lib.scenes.readers.text import all_lines, lines_of, number_of, numbers_of, whole_number

_POSE = "QW QX QY QZ TX TY TZ"


def read_cameras(path: Path) -> dict[int, Camera]:
    """`CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]` a line.

    Raises:
        WorkbookError: a line is something else.
    """
    cameras = {}
    for number, line in lines_of(path):
        where, words = f"{path}, line {number}", line.split()
        if len(words) < 4:
            raise WorkbookError(f"{where}: {line[:60]!r} is no camera (CAMERA_ID MODEL WIDTH HEIGHT PARAMS...)")
        size = (whole_number(words[2], where, "WIDTH"), whole_number(words[3], where, "HEIGHT"))
        numbers = [number_of(word, where, "a parameter") for word in words[4:]]
        cameras[whole_number(words[0], where, "CAMERA_ID")] = camera_of(words[1], size, numbers, where)
    return cameras


def read_images(path: Path) -> Iterator[Image]:
    """`IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME`, then a line of points, which may be empty and is not read.

    Raises:
        WorkbookError: a line is something else.
    """
    any_image = points_follow = False
    for number, line in all_lines(path):
        if line.startswith("#"):
            continue
        if points_follow:
            points_follow = False
            continue
        if not line.strip():
            continue
        where, words = f"{path}, line {number}", line.strip().split(maxsplit=9)
        if len(words) < 10:
            raise WorkbookError(
                f"{where}: {line.strip()[:60]!r} is no image (IMAGE_ID {_POSE} CAMERA_ID NAME); after each image comes "
                "one line of its points, which may be empty but not missing"
            )
        numbers = tuple(numbers_of(words[1:8], where, _POSE))
        camera_id = whole_number(words[8], where, "CAMERA_ID")
        yield Image(words[9], camera_id, numbers[:4], numbers[4:], where)
        any_image = points_follow = True
    if not any_image:
        raise WorkbookError(f"{path}: the model has no image")
