"""Photos decoded and resized once, kept as one memory-mapped uint8 array beside the scene.

Decoding is what makes naive training slow: a 1920x1080 PNG takes tens of milliseconds, in every epoch again. Here each
photo is decoded once; afterwards a photo is a slice of a file that the operating system keeps in memory as it can.
"""

import contextlib
import errno
import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.core.progress import progress_bar
from posenet_lib.core.workspace import cache_dir
from posenet_lib.scenes.pose_list import PoseRecord
from posenet_lib.scenes.resizing import SMALLER_SIDE, resized_pixels

_FORMAT = 1  # raise it when the same photos would be stored as other pixels
_TOGETHER, _TOGETHER_BYTES = 8, 2**20  # at most so many photos, or files so large, does a thread take at a time
_STALE_AFTER_S = 3600  # a temporary file this old was left by a build that was killed


@dataclass(frozen=True, eq=False)
class ImageStore:
    """Resized photos in the order of their pose list, or some of them."""

    pixels: np.ndarray  # (N, H, W, 3) uint8, memory-mapped, read-only
    names: tuple[str, ...]  # as in the pose list
    rows: np.ndarray  # where in `pixels` each of them lies

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index: int) -> np.ndarray:
        """(H, W, 3) uint8, read-only."""
        return self.pixels[self.rows[index]]

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, 3) of every photo."""
        return self.pixels.shape[1:]

    def photos(self) -> Iterator[Image.Image]:
        """The resized photos, one at a time, as Pillow images: what `generate_mean_image` takes."""
        return (Image.fromarray(self[index]) for index in range(len(self)))

    def read_ahead(self, indices: Sequence[int]) -> None:
        """Ask the operating system to read these photos from disk while others are worked on (Linux; else nothing)."""
        if not hasattr(os, "posix_fadvise"):
            return
        size = self.pixels[0].nbytes
        with open(self.pixels.filename, "rb") as file:
            for row in np.unique(self.rows[list(indices)]):
                os.posix_fadvise(file.fileno(), self.pixels.offset + int(row) * size, size, os.POSIX_FADV_WILLNEED)

    def subset(self, indices: Sequence[int]) -> "ImageStore":
        """Some of the photos; nothing is copied."""
        return ImageStore(self.pixels, tuple(self.names[index] for index in indices), self.rows[list(indices)])


def open_store(
    records: Sequence[PoseRecord],
    folder: str | Path,
    label: str,
    smaller_side: int = SMALLER_SIDE,
    *,
    show_progress: bool = True,
) -> ImageStore:
    """Open the store of these photos, building it first if it does not exist or a photo has changed.

    Args:
        records: the photos, in the order wanted.
        folder: the scene's folder; the store lies in its `.image_store/` (in the user's cache where the scene's folder
            cannot be written).
        label: which photos of the scene these are, such as "train"; a changed set replaces the one of its label.

    Raises:
        WorkbookError: a photo is missing, broken, or of another shape than the first; nothing is left behind.
    """
    kind = f"{label}-{smaller_side}"
    path = place_beside_photos(Path(folder), f"{kind}-{_key(records, smaller_side)}.npy")
    _remove_stale(path.parent)
    if not path.is_file():
        _build(records, path, smaller_side, show_progress)
        _remove_superseded(path, kind)
    return ImageStore(np.load(path, mmap_mode="r"), tuple(record.name for record in records), np.arange(len(records)))


def place_beside_photos(scene_folder: Path, name: str) -> Path:
    """Where a file made from a scene's photos lies: beside them if it is or can be there, else in the cache.

    Of a shared scene, its owner may have built one split and not the other.
    """
    beside = scene_folder / ".image_store"
    if (beside / name).is_file() or os.access(beside if beside.is_dir() else scene_folder, os.W_OK):
        return beside / name
    place = hashlib.sha256(str(scene_folder.resolve()).encode()).hexdigest()[:16]
    return cache_dir() / "photos" / place / name


def _key(records: Sequence[PoseRecord], smaller_side: int) -> str:
    """Changes when a photo is replaced, touched, added, removed or renamed, or another size is asked for."""
    stamps = []
    for record in records:
        try:
            status = record.image_path.stat()
        except FileNotFoundError:
            raise WorkbookError(f"{record.image_path}: no such photo") from None
        stamps.append((record.name, status.st_size, status.st_mtime_ns))
    return hashlib.sha256(json.dumps([_FORMAT, smaller_side, stamps]).encode()).hexdigest()[:20]


def _build(records: Sequence[PoseRecord], path: Path, smaller_side: int, show_progress: bool) -> None:
    height, width, _ = resized_pixels(records[0].image_path, smaller_side).shape
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        try:
            pixels = np.lib.format.open_memmap(temporary, "w+", np.uint8, (len(records), height, width, 3))
            _reserve(temporary)
        except OSError as error:
            needed_mb = len(records) * height * width * 3 / 1e6
            raise WorkbookError(f"{path}: cannot be written ({error}); {needed_mb:.0f} MB are needed") from error

        try:
            _fill(pixels, records, show_progress)
            pixels.flush()
        finally:
            del pixels  # Windows does not rename or remove a file that is still mapped


def _reserve(path: Path) -> None:
    """Have the whole file on disk: writing into a mapped file that a full disk cannot hold kills the process."""
    if hasattr(os, "posix_fallocate"):
        with open(path, "r+b") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):  # else: a disk that cannot reserve
                    raise


def _fill(pixels: np.ndarray, records: Sequence[PoseRecord], show_progress: bool) -> None:
    _, height, width, _ = pixels.shape

    def store(indices: range) -> None:
        for index in indices:
            path = records[index].image_path
            photo = resized_pixels(path, min(height, width))
            if photo.shape != pixels.shape[1:]:
                raise WorkbookError(
                    f"{path}: {photo.shape[1]}x{photo.shape[0]} after resizing, but {records[0].name} is "
                    f"{width}x{height}; all photos of a scene need one shape"
                )
            pixels[index] = photo

    # Threads, because photos are decoded and resized outside Python's lock. They take several small photos each, whose
    # handing over one by one cost a tenth of the time; of large ones, the last would keep one thread waiting.
    cores = os.cpu_count() or 1
    by_size = _TOGETHER_BYTES // max(1, records[0].image_path.stat().st_size)
    length = max(1, min(_TOGETHER, by_size, len(records) // (4 * cores)))
    parts = [range(first, min(first + length, len(records))) for first in range(0, len(records), length)]
    bar = progress_bar(desc="Decoding photos, once", total=len(records), unit="photo", disable=not show_progress)
    with bar, ThreadPoolExecutor(cores) as pool:
        try:
            for part, _ in zip(parts, pool.map(store, parts), strict=True):
                bar.update(len(part))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _remove_superseded(current: Path, kind: str) -> None:
    for old in current.parent.glob(f"{kind}-*.npy"):
        if old != current:
            with contextlib.suppress(OSError):  # Windows: another process still reads it
                old.unlink()


def _remove_stale(folder: Path) -> None:
    for leftover in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):  # another process was faster, or the folder cannot be written
            if time.time() - leftover.stat().st_mtime > _STALE_AFTER_S:
                leftover.unlink()
