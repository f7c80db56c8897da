"""Photos that a list names: where they are on this computer, and their size, without decoding them."""

import difflib
import os
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.photos import opened_photo

ENDINGS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".ppm", ".pgm", ".heic")
_ORIENTATION = 0x0112  # EXIF: how a viewer turns the pixels
_WIDTH, _HEIGHT = 0x0100, 0x0101  # a TIFF: of the pixels as they are stored
_LOOKED_AT = 2000  # names that a suggestion is chosen from


class Header(NamedTuple):
    """What a photo's first bytes say."""

    size_px: tuple[int, int]  # width, height as the pixels are stored
    orientation: int  # EXIF: 1 upright, 3 half a turn, 6 and 8 a quarter; others are mirrored
    mode: str  # Pillow's
    kind: str  # Pillow's name of the format

    @property
    def upright_px(self) -> tuple[int, int]:
        """Width and height as a viewer shows the photo."""
        width, height = self.size_px
        return (height, width) if self.orientation >= 5 else (width, height)


_shared_header = lru_cache(maxsize=1000)(Header)  # most photos of a scene have one size: one object for all


def read_header(path: Path) -> Header | None:
    """Size, orientation and kind; None where the file is no photo that can be opened."""
    try:
        with opened_photo(path) as photo:
            # A PNG whose note stands after its pixels would be decoded to find it.
            asked = photo.format != "PNG" or "exif" in photo.info
            orientation = photo.getexif().get(_ORIENTATION, 1) if asked else 1
            orientation = orientation if orientation in range(1, 9) else 1
            # Pillow gives a TIFF's size as a viewer shows it.
            size = photo.size if photo.format != "TIFF" else (photo.tag_v2[_WIDTH], photo.tag_v2[_HEIGHT])
            return _shared_header(size, orientation, photo.mode, photo.format or "")
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, Image.DecompressionBombError):
        return None


# An import asks several times about each photo, and forgets at its end.
photo_header = lru_cache(maxsize=100_000)(read_header)


class Photos:
    """The photos below some folders, found by the names that a list has for them."""

    def __init__(self, folders: list[Path]):
        """Folders in the order in which they are looked through; those that do not exist are left out."""
        self.folders = [folder for folder in dict.fromkeys(folders) if folder.is_dir()]
        self._asked = folders
        self.missing: dict[Path, str] = {}  # where a photo should be -> what to say, of the first

    def find(self, written: str, where: str) -> tuple[str, Path]:
        """The photo's name in the scene to be made, and its path.

        A name may come with folders of another computer, without folders, without an ending, or with the ending that
        the photo had before it was converted (the Cambridge scenes' .nvm says .jpg, their photos are .png). A photo
        that is nowhere gets a path where nothing is, and a line in `missing`.

        Raises:
            WorkbookError: several photos could be meant, or the name can be none.
        """
        wanted = _clean(written, where)
        for start in range(len(wanted.parts)):
            tail = PurePosixPath(*wanted.parts[start:])
            for folder in self.folders:
                if os.path.isfile(folder / tail):  # unlike Path.is_file, False for a name that no file can have
                    return _named(folder, tail), folder / tail
        same = self._below.get(wanted.name.lower()) or self._with_another_ending(wanted)
        if len(same) == 1:
            folder, tail = same[0]
            return _named(folder, tail), folder / tail
        if same:
            raise WorkbookError(
                f"{where}: {written!r} could be {same[0][0] / same[0][1]} or {same[1][0] / same[1][1]}; "
                "--photos DIR says which folder is meant"
            )
        path = self._asked[0] / wanted
        words = f"{where}: there is no photo {written!r} in {self._places()}"
        self.missing[path] = "" if self.missing else words + self._suggestion(wanted)
        return _named(self._asked[0], wanted), path

    def _with_another_ending(self, wanted: PurePosixPath) -> list[tuple[Path, PurePosixPath]]:
        """Photos of that name but for the ending: anywhere if the list gives none, else in a folder of its name."""
        ending = wanted.suffix.lower() in ENDINGS
        stem = wanted.stem.lower() if ending else wanted.name.lower()
        if ending and wanted.parent.name:
            places = self._below_by_folder_and_stem.get((wanted.parent.name, stem), [])
        else:
            places = self._below_by_stem.get(stem, [])
        # Of 0001.jpg and 0001.png beside each other, the first.
        return list({(folder, tail.with_suffix("")): (folder, tail) for folder, tail in reversed(places)}.values())

    def _places(self) -> str:
        return " or ".join(str(folder) for folder in self.folders or self._asked)

    def _suggestion(self, wanted: PurePosixPath) -> str:
        if not self._below:
            return ", where no photo is at all; --photos DIR says where to look"
        names = list(self._below)[:_LOOKED_AT]
        near = [tail.name.lower() for _, tail in self._below_by_stem.get(wanted.stem.lower(), [])]
        near = near or difflib.get_close_matches(wanted.name.lower()[:100], names, n=1)
        did_you_mean = f"; did you mean {self._below[near[0]][0][1]}?" if near else ";"
        return f"{did_you_mean} --photos DIR says where to look"

    @cached_property
    def _below(self) -> dict[str, list[tuple[Path, PurePosixPath]]]:
        """Name in small letters -> folder and tail of each photo of that name."""
        found: dict[str, list[tuple[Path, PurePosixPath]]] = {}
        seen = set()
        for folder in self.folders:
            for place, folders, names in os.walk(folder):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    path = Path(place) / name
                    if name.lower().endswith(ENDINGS) and path.resolve() not in seen:
                        seen.add(path.resolve())
                        found.setdefault(name.lower(), []).append((folder, PurePosixPath(path.relative_to(folder))))
        return found

    @cached_property
    def _below_by_stem(self) -> dict[str, list[tuple[Path, PurePosixPath]]]:
        found: dict[str, list[tuple[Path, PurePosixPath]]] = {}
        for name, places in self._below.items():
            found.setdefault(_stem(name), []).extend(places)
        return found

    @cached_property
    def _below_by_folder_and_stem(self) -> dict[tuple[str, str], list[tuple[Path, PurePosixPath]]]:
        """As `_below_by_stem`, apart by the folder's name: a hundred walks have a frame0001 each."""
        found: dict[tuple[str, str], list[tuple[Path, PurePosixPath]]] = {}
        for stem, places in self._below_by_stem.items():
            for folder, tail in places:
                found.setdefault(((folder / tail).parent.name, stem), []).append((folder, tail))
        return found


def refuse_photos(photos: Path | None) -> None:
    """For layouts that keep photos and poses together.

    Raises:
        WorkbookError: `--photos` was given.
    """
    if photos:
        raise WorkbookError(f"--photos {photos}: this format has its photos beside their poses, in SRC; leave it out")


def photos_in(folder: Path) -> list[Path]:
    """The photos of one folder by name; of `0001.png` and `0001.jpg`, both are in it."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file())


def _named(folder: Path, tail: PurePosixPath) -> str:
    """A photo without a folder gets its folder's name: one folder, one walk."""
    return str(tail) if len(tail.parts) > 1 else f"{folder.resolve().name or 'photos'}/{tail}"


def _stem(name: str) -> str:
    return name.rpartition(".")[0].lower()


def _clean(written: str, where: str) -> PurePosixPath:
    """The name without what would lead out of the scene's folder, or break a line of a pose list."""
    if not written.strip() or any(ord(character) < 32 or character == "\x7f" for character in written):
        raise WorkbookError(f"{where}: {written[:60]!r} is no name of a photo")
    parts = written.strip().strip('"').replace("\\", "/").split("/")
    kept = [part for part in parts if part not in ("", ".", "..") and not part.endswith(":")]
    if not kept or len(written) > 1000:
        raise WorkbookError(f"{where}: {written[:60]!r} is no name of a photo")
    return PurePosixPath(*kept)
