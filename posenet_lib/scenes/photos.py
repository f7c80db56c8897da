"""One photo file, opened whatever its kind: 8-bit RGB, upright. What is no photo is said in words that help."""

import importlib
import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from posenet_lib.core import extras
from posenet_lib.core.errors import WorkbookError

NO_PHOTO = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)  # what Pillow raises at a file that is none
_LAST_BYTES = {"JPEG": b"\xff\xd9", "PNG": b"IEND"}  # the markers that close a complete file
_TAIL = 4096  # bytes: cameras and editors append notes after the marker
_START = 512  # bytes that tell what a file is
_HEIC_KINDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")  # ISO base media files of phones
_TOO_LARGE = (
    f"has more than {2 * Image.MAX_IMAGE_PIXELS // 10**6} million pixels, which Pillow refuses to decode. PoseNet uses "
    "256 rows of it: make a smaller copy with any photo program"
)


def open_photo(path: str | Path) -> Image.Image:
    """Decode a photo file to 8-bit RGB, upright.

    Grey, palette, CMYK and 16-bit photos are converted; transparency is laid over black; a phone's EXIF rotation is
    applied, so that the pixels are as a viewer shows them.

    Raises:
        WorkbookError: the file is missing, is no photo, or ends too early. Half-decoded pixels are never returned.
    """
    try:
        with opened_photo(path) as photo:
            photo.load()
            ImageOps.exif_transpose(photo, in_place=True)  # not in place, even an upright photo would be copied
            return to_rgb(photo)
    except FileNotFoundError:
        raise WorkbookError(f"{path}: no such photo") from None
    except NO_PHOTO as error:
        raise WorkbookError(f"{path}: {no_photo_because(path, error)}") from error


def opened_photo(path: str | Path) -> Image.Image:
    """As `Image.open`, which reads the header only; HEIC too, where the optional package for it is installed.

    Raises:
        One of `NO_PHOTO`.
    """
    try:
        return Image.open(path)
    except UnidentifiedImageError:
        if not _is_heic(_start_of(path)) or not extras.installed("pillow_heif"):
            raise
        importlib.import_module("pillow_heif").register_heif_opener()
        return Image.open(path)


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


def no_photo_because(path: str | Path, error: Exception) -> str:
    """What a file is instead, in words that follow its name, and what to do."""
    if isinstance(error, Image.DecompressionBombError):
        return _TOO_LARGE
    try:
        start = _start_of(path)
    except OSError:
        return f"cannot be read ({error}); copy or download it again"
    if not start:
        return "cannot be read: the file is empty (0 bytes); copy or download it again"
    if _is_heic(start):
        return (
            "cannot be read: it is a HEIC photo, as iPhones take them. Turn it into a JPEG first (Mac: "
            "sips -s format jpeg IN --out OUT.jpg; Linux: heif-convert IN OUT.jpg; Windows: open it in Photos, Save as)"
        )
    if start.startswith(b"version https://git-lfs"):
        return "cannot be read: it is a Git LFS pointer, not the photo itself. In its repository run: git lfs pull"
    if start.lstrip()[:100].lower().startswith((b"<!doctype html", b"<html", b"<?xml", b"<head")):
        return "cannot be read: it is a web page, not a photo (an error or a login page); download the photo again"
    return f"cannot be read ({error}); copy or download it again"


def _start_of(path: str | Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(_START)


def _is_heic(start: bytes) -> bool:
    return start[4:8] == b"ftyp" and start[8:12] in _HEIC_KINDS


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
