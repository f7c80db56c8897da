"""One photo file, opened whatever its kind: 8-bit RGB, upright."""

import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from posenet_lib.core.errors import WorkbookError

_LAST_BYTES = {"JPEG": b"\xff\xd9", "PNG": b"IEND"}  # the markers that close a complete file
_TAIL = 4096  # bytes: cameras and editors append notes after the marker


def open_photo(path: str | Path) -> Image.Image:
    """Decode a photo file to 8-bit RGB, upright.

    Grey, palette, CMYK and 16-bit photos are converted; transparency is laid over black; a phone's EXIF rotation is
    applied, so that the pixels are as a viewer shows them.

    Raises:
        WorkbookError: the file is missing, is no photo, or ends too early. Half-decoded pixels are never returned.
    """
    try:
        with Image.open(path) as photo:
            photo.load()
            ImageOps.exif_transpose(photo, in_place=True)  # not in place, even an upright photo would be copied
            return to_rgb(photo)
    except FileNotFoundError:
        raise WorkbookError(f"{path}: no such photo") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise WorkbookError(f"{path}: cannot be read as a photo ({error}); copy or download it again") from error


def ends_early(path: str | Path, kind: str | None) -> bool:
    """Whether a JPEG or PNG lacks the marker that closes it, as a copy that was cut off does; nothing is decoded.

    Args:
        kind: Pillow's name of the format; of others than these two, nothing is known: False.
    """
    if kind not in _LAST_BYTES:
        return False
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        return _LAST_BYTES[kind] not in file.read()


def to_rgb(photo: Image.Image) -> Image.Image:
    """Convert any Pillow mode to 8-bit RGB."""
    if photo.mode == "RGB" and "transparency" not in photo.info:
        return photo
    if photo.mode.startswith("I;16") or photo.mode == "I":  # 16-bit grey: Pillow's own conversion clips at 255
        photo = Image.fromarray((np.asarray(photo, dtype=np.float64) / 257.0).clip(0, 255).astype(np.uint8))
    if "A" in photo.getbands() or "transparency" in photo.info:
        photo = photo.convert("RGBA")
        black = Image.new("RGBA", photo.size, (0, 0, 0, 255))
        photo = Image.alpha_composite(black, photo)
    return photo.convert("RGB")
