"""COLMAP's cameras.bin and images.bin, little endian (layout: `posenet_lib.scenes.readers.colmap_model`).

A count that the file is too short for is refused before anything is made for it.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.colmap_model import MODELS, Camera, Image, camera_of

_POINT_BYTES = 24  # x, y, number of the 3-D point
_CAMERA_BYTES = 24  # at least: number, model, width, height
_IMAGE_BYTES = 73  # at least: number, pose, camera, an empty name's end, number of points
_LONGEST_NAME = 4096


class _Reader:
    """Reads records from a file whose size is known."""

    def __init__(self, path: Path, file: BinaryIO):
        self.path, self.file = path, file
        self.size = os.fstat(file.fileno()).st_size

    @property
    def where(self) -> str:
        return f"{self.path}, byte {self.file.tell()}"

    def unpack(self, layout: str) -> tuple:
        data = self.file.read(struct.calcsize(layout := "<" + layout))
        if len(data) < struct.calcsize(layout):
            raise WorkbookError(f"{self.path}: ends in the middle of a record; copy it again")
        return struct.unpack(layout, data)

    def count(self, least_bytes: int, what: str) -> int:
        """A number of records that follow, which fit into the rest of the file."""
        where = self.where
        (count,) = self.unpack("Q")
        if count * least_bytes > self.size - self.file.tell():
            raise WorkbookError(
                f"{where}: {count} {what} cannot follow in a file of {self.size} bytes; it is cut off, or not COLMAP's"
            )
        return count

    def skip(self, count: int) -> None:
        self.file.seek(count, os.SEEK_CUR)

    def name(self) -> str:
        """Up to the next zero byte."""
        start = self.file.tell()
        data, end, _ = self.file.read(_LONGEST_NAME).partition(b"\0")
        if not end:
            raise WorkbookError(f"{self.path}, byte {start}: a name without an end; the file is damaged")
        self.file.seek(start + len(data) + 1)
        return data.decode("utf-8", errors="replace")


def read_cameras(path: Path) -> dict[int, Camera]:
    """Count; then for each: uint32 number, int32 model, uint64 width and height, its parameters as doubles.

    Raises:
        WorkbookError: the file is damaged.
    """
    names = list(MODELS)
    cameras = {}
    with path.open("rb") as file:
        reader = _Reader(path, file)
        for _ in range(reader.count(_CAMERA_BYTES, "cameras")):
            where = reader.where
            camera_id, model, width, height = reader.unpack("IiQQ")
            if not 0 <= model < len(names):
                raise WorkbookError(f"{where}: camera model {model} is unknown; 0 to {len(names) - 1} are known")
            numbers = reader.unpack("d" * len(MODELS[names[model]].split()))
            cameras[camera_id] = camera_of(names[model], (width, height), list(numbers), where)
    return cameras


def read_images(path: Path) -> Iterator[Image]:
    """Count; then for each: uint32 number, quaternion wxyz, t, uint32 camera, name with a zero byte, its points.

    Raises:
        WorkbookError: the file is damaged.
    """
    any_image = False
    with path.open("rb") as file:
        reader = _Reader(path, file)
        for _ in range(reader.count(_IMAGE_BYTES, "images")):
            where = reader.where
            _, *numbers, camera_id = reader.unpack("I7dI")
            name = reader.name()
            reader.skip(_POINT_BYTES * reader.count(_POINT_BYTES, "points"))
            any_image = True
            yield Image(name, camera_id, tuple(numbers[:4]), tuple(numbers[4:]), where)
    if not any_image:
        raise WorkbookError(f"{path}: the model has no image")
