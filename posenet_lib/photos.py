"""One photo: opened whatever its kind, and resized the way the whole workbook resizes."""

import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from posenet_lib.cpu_kernels.resize import resized
from posenet_lib.errors import WorkbookError
from posenet_lib.png import decode_png

_LAST_BYTES = {"JPEG": b"\xff\xd9", "PNG": b"IEND"}  # the markers that close a complete file
_TAIL = 4096  # bytes: cameras and editors append notes after the marker

SMALLER_SIDE = 256  # pixels; the paper resizes photos so before it crops 224 x 224 (Kendall et al. 2015, section 4)


def open_photo(path: str | Path) -> Image.Image:
    """Decode a photo file to 8-bit RGB, upright.

    Grey, palette, CMYK and 16-bit photos are converted; transparency is laid over black; a phone's EXIF rotation is
    applied, so that the pixels are as a viewer shows them.

    Raises:
        WorkbookError: the file is missing, is no photo, or ends too early. Half-decoded pixels are never returned.
    """
    decoded = _decode(path)
    return decoded if isinstance(decoded, Image.Image) else Image.fromarray(decoded)


def _decode(path: str | Path) -> Image.Image | np.ndarray:
    """As the decoder leaves it: to copy a large photo takes as long as to resize it."""
    try:
        with Image.open(path) as photo:
            if photo.format == "PNG" and photo.mode == "RGB" and (decoded := decode_png(path)) is not None:
                return decoded
            photo.load()
            ImageOps.exif_transpose(photo, in_place=True)  # else even an upright photo is copied
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
    if photo.mode == "RGB":
        return photo
    if photo.mode.startswith("I;16") or photo.mode == "I":  # 16-bit grey: Pillow's own conversion clips at 255
        photo = Image.fromarray((np.asarray(photo, dtype=np.float64) / 257.0).clip(0, 255).astype(np.uint8))
    if "A" in photo.getbands() or "transparency" in photo.info:
        photo = photo.convert("RGBA")
        black = Image.new("RGBA", photo.size, (0, 0, 0, 255))
        photo = Image.alpha_composite(black, photo)
    return photo.convert("RGB")


def resized_size(size: tuple[int, int], smaller_side: int = SMALLER_SIDE) -> tuple[int, int]:
    """Pillow size (width, height) after resizing: 1920x1080 -> 455x256. The longer side is truncated, not rounded."""
    width, height = size
    if width <= height:
        return smaller_side, max(1, int(smaller_side * height / width))
    return max(1, int(smaller_side * width / height)), smaller_side


def resize_smaller_side(photo: Image.Image, smaller_side: int = SMALLER_SIDE) -> Image.Image:
    """Resize so that the smaller side is `smaller_side`, aspect kept, bilinear with antialiasing.

    The same pixels as `torchvision.transforms.Resize(smaller_side)` on a Pillow photo; a photo that already has the
    size comes back unchanged.
    """
    size = resized_size(photo.size, smaller_side)
    return photo if size == photo.size else photo.resize(size, Image.Resampling.BILINEAR)


def resized_pixels(path: str | Path, smaller_side: int = SMALLER_SIDE) -> np.ndarray:
    """`resize_smaller_side(open_photo(path), smaller_side)` as (H, W, 3) uint8, in less time where many are wanted.

    The same pixels to the last bit; `cpu_kernels` are compiled for it if they are not yet, which a single photo would
    not repay.

    Raises:
        WorkbookError: as `open_photo` does.
    """
    decoded = _decode(path)
    size = decoded.size if isinstance(decoded, Image.Image) else decoded.shape[1::-1]
    new_size = resized_size(size, smaller_side)
    if size == new_size:
        return np.asarray(decoded)
    pixels = resized(decoded, new_size)
    if pixels is None:
        photo = decoded if isinstance(decoded, Image.Image) else Image.fromarray(decoded)
        pixels = np.asarray(resize_smaller_side(photo, smaller_side))
    return pixels
