"""A folder of photos, made ready for structure from motion: upright, of one kind of file, grouped by camera."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.scenes.build.extra import require
from posenet_lib.scenes.build.frames import JPEG_QUALITY, smaller
from posenet_lib.scenes.photos import open_photo, opened_photo
from posenet_lib.scenes.readers.photo_files import ENDINGS

_FULL_FRAME_MM = 36.0  # the width of 35 mm film, which EXIF's equivalent focal length is for
_EXIF = {"make": 0x010F, "model": 0x0110, "details": 0x8769, "focal_35mm": 0xA405, "focal_mm": 0x920A}
_HEIC = (".heic", ".heif")


class Prepared(NamedTuple):
    """One photo, ready for structure from motion."""

    name: str  # in the folder of prepared photos
    source: str  # as the user knows it
    camera: str  # photos with the same word were taken by one camera with one focal length
    focal_px: float | None  # by EXIF, in pixels of the prepared photo


def find_photos(folder: Path) -> list[Path]:
    """All photos below a folder, walk by walk.

    Raises:
        WorkbookError: there are none.
    """
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in (*ENDINGS, ".heif")
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not found:
        raise WorkbookError(f"{folder}: there is no photo in it; photos end in {', '.join(ENDINGS)}")
    return found


def prepare_photos(
    folder: Path, out: Path, long_side: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[Prepared]:
    """Write every photo below `folder` upright and smaller, as JPEG without EXIF.

    COLMAP reads pixels as they are stored; after this, that is as a viewer shows them. Photos that are there already
    are not made again.

    Raises:
        WorkbookError: there is no photo, or one cannot be read.
    """
    paths = find_photos(folder)
    if any(path.suffix.lower() in _HEIC for path in paths):
        require("pillow_heif")
    names = _names([path.relative_to(folder) for path in paths])
    prepared = []
    for number, (path, name) in enumerate(zip(paths, names, strict=True), start=1):
        photo = open_photo(path)
        small = smaller(photo, long_side)
        if not (out / name).is_file():
            with replacing(out / name) as temporary:
                small.save(temporary, "JPEG", quality=JPEG_QUALITY, subsampling=0)
        camera, focal_share = _camera(path)
        focal_px = focal_share * max(small.size) if focal_share else None
        of_size = f"{photo.width}x{photo.height} {camera}".strip()
        prepared.append(Prepared(name, path.relative_to(folder).as_posix(), of_size, focal_px))
        progress(number, len(paths))
    return prepared


def _names(paths: Sequence[Path]) -> list[str]:
    """`a/IMG 1.HEIC` -> `a/IMG_1.jpg`; no two photos get one name."""
    names: list[str] = []
    taken: set[str] = set()
    for path in paths:
        stem = "/".join("_".join(part.split()) for part in path.with_suffix("").parts)
        name, number = f"{stem}.jpg", 2
        while name.lower() in taken:
            name, number = f"{stem}_{number}.jpg", number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _camera(path: Path) -> tuple[str, float | None]:
    """Make, model and focal length in words; and the focal length as a share of the photo's longer side."""
    with opened_photo(path) as photo:
        exif = photo.getexif()
    details = exif.get_ifd(_EXIF["details"])
    focal_35mm, focal_mm = details.get(_EXIF["focal_35mm"]), details.get(_EXIF["focal_mm"])
    words = [str(exif.get(_EXIF[key], "")).strip("\0 ") for key in ("make", "model")]
    if focal_35mm or focal_mm:
        words.append(f"{float(focal_35mm or focal_mm):g} mm")
    share = float(focal_35mm) / _FULL_FRAME_MM if focal_35mm else None
    return " ".join(word for word in words if word), share
