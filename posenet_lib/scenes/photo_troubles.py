"""Why a photo that a list names cannot be used, in words that say what to do: missing, or a file that is no photo."""

import os
import unicodedata
from collections import defaultdict
from functools import cached_property
from pathlib import Path, PurePosixPath

from posenet_lib.scenes.photos import NO_PHOTO, ends_early, no_photo_because, opened_photo

PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".ppm", ".pgm", ".heic", ".heif", ".jp2")
_TRIED = 200_000  # files of a folder that are looked at


class PhotosOnDisk:
    """The photos below a scene's folder, found when they are first asked for."""

    def __init__(self, folder: Path):
        self.folder = folder

    def meant(self, name: str) -> str | None:
        """The one photo that `name` most probably means; None if there is none, or several."""
        wanted = PurePosixPath(name)
        stem = str(wanted.with_suffix("")) if wanted.name else name
        for index, key in (
            (self._by_path, _key(wanted)),
            (self._by_stem, _key(stem)),
            (self._by_name, _key(wanted.name)),
            (self._by_name_stem, _key(wanted.stem)),
        ):
            if len(found := index.get(key, [])) == 1:
                return found[0]
        for start in range(1, len(wanted.parts) - 1):  # folders of another computer before it
            if len(found := self._by_path.get(_key(PurePosixPath(*wanted.parts[start:])), [])) == 1:
                return found[0]
        return None

    def any(self) -> bool:
        """Whether there is a photo at all."""
        return bool(self._names)

    def several(self, name: str) -> list[str]:
        """All photos of that name in other folders."""
        return self._by_name.get(_key(PurePosixPath(name).name), [])

    @cached_property
    def _names(self) -> list[str]:
        names: list[str] = []
        for place, folders, files in os.walk(self.folder):
            folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
            below = Path(place).relative_to(self.folder).as_posix()
            names += [
                file if below == "." else f"{below}/{file}"
                for file in sorted(files)
                if file.lower().endswith(PHOTO_ENDINGS)
            ]
            # Linked folders are not walked into by os.walk; one level of them is how scenes share photos.
            for folder in folders:
                if (linked := Path(place) / folder).is_symlink() and linked.is_dir():
                    prefix = linked.relative_to(self.folder).as_posix()
                    names += [f"{prefix}/{f}" for f in sorted(os.listdir(linked)) if f.lower().endswith(PHOTO_ENDINGS)]
            if len(names) > _TRIED:
                break
        return names

    def _index(self, key) -> dict[str, list[str]]:
        index = defaultdict(list)
        for name in self._names:
            index[_key(key(PurePosixPath(name)))].append(name)
        return index

    @cached_property
    def _by_path(self) -> dict[str, list[str]]:
        return self._index(str)

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        return self._index(lambda path: str(path.with_suffix("")))

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        return self._index(lambda path: path.name)

    @cached_property
    def _by_name_stem(self) -> dict[str, list[str]]:
        return self._index(lambda path: path.stem)


def _key(name: str | PurePosixPath) -> str:
    """Small letters, and one spelling of umlauts and accents: a Mac writes them as two characters, others as one."""
    return unicodedata.normalize("NFC", str(name)).lower()


def check_photo(path: Path) -> None:
    """That a file opens as a photo and is complete.

    Raises:
        ValueError: it does not; the message says why, as far as its first bytes tell.
    """
    try:
        with opened_photo(path) as photo:  # reads the header only
            if ends_early(path, photo.format):
                photo.load()  # only decoding can tell
    except NO_PHOTO as error:
        raise ValueError(f"photo {path} {no_photo_because(path, error)}") from None
