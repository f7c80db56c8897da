"""Unpack a scene's zip: all of it or nothing, inside one folder, and never more than it says.

Python's zipfile strips `..` and drive letters by itself. Here such a name is refused, because an archive that has one
was made to harm, or is damaged; and so is everything else that a scene does not need.
"""

import shutil
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.progress import progress_bar

_MOST_FILES = 200_000  # the largest Cambridge scene has some thousands
_MOST_BYTES = 200 * 10**9
_HIGHEST_RATIO = 30  # photos hardly shrink in a zip, lists of numbers to a third
_SMALL = 50 * 10**6  # bytes; below, the ratio says nothing
_BLOCK = 1 << 20
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db")
LISTS = ("dataset_train.txt", "dataset_test.txt")


class BadArchiveError(WorkbookError):
    """The archive itself is damaged, hostile or no scene: unpacking it again will not help."""


def unpack_scene(archive: Path, target: Path, *, show_progress: bool = True) -> None:
    """Make the folder `target` from a scene's zip. A folder around the scene inside the zip is left out.

    The files are written to a folder beside the target, which gets its name when everything is complete, so that the
    target is never half there. What an earlier run that was killed left behind is removed first.

    Raises:
        BadArchiveError: the archive is damaged (each file's checksum is compared), hostile, or holds no scene.
        WorkbookError: the disk is too small, or `target` exists.
    """
    if target.exists() and any(target.iterdir()):
        raise WorkbookError(f"{target} already exists and is no complete scene; move it away, then try again")
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f".{target.name}.*.unpacking"):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = _checked_members(archive, zipped)
            root = _scene_root(archive, members)
            _check_disk(archive, members, target.parent)
            folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".unpacking", dir=target.parent))
            try:
                _write(archive, zipped, members, folder, show_progress)
                scene = folder / root
                scene.chmod(0o755)  # a temporary folder is made for its owner alone
                if target.exists():
                    target.rmdir()  # it is empty
                scene.rename(target)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise BadArchiveError(f"{archive}: damaged ({error})") from None
    except OSError as error:
        raise WorkbookError(f"{target}: cannot be unpacked ({error.strerror or error})") from None


def _checked_members(archive: Path, zipped: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The archive's files by their names, all of which are harmless."""
    infos = zipped.infolist()
    if len(infos) > _MOST_FILES:
        raise BadArchiveError(f"{archive}: refused: {len(infos):,} files are more than a scene has ({_MOST_FILES:,})")
    members: dict[str, zipfile.ZipInfo] = {}
    taken: dict[str, str] = {}  # names as a file system compares them that ignores case and accents' forms
    for info in infos:
        if problem := _problem(info):
            raise BadArchiveError(f"{archive}: refused, because of {info.orig_filename[:100]!r}: {problem}")
        name = info.filename.rstrip("/")
        if info.is_dir() or any(junk in info.filename for junk in _JUNK):
            continue
        compared = unicodedata.normalize("NFC", name).casefold()
        if compared in taken:
            raise BadArchiveError(f"{archive}: refused: {name[:100]!r} and {taken[compared][:100]!r} are one name")
        taken[compared] = name
        members[name] = info
    parents = {str(parent) for name in taken for parent in PurePosixPath(name).parents}
    if both := parents & set(taken):
        raise BadArchiveError(f"{archive}: refused: {min(both)[:100]!r} is a file and a folder")
    _check_sizes(archive, members)
    return members


def _problem(info: zipfile.ZipInfo) -> str | None:
    """What is wrong with one entry; None if nothing is."""
    name = info.orig_filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    if "\\" in name or ":" in name or any(ord(character) < 32 for character in name):
        return "a backslash, a colon or a control character is in the name"
    if name.startswith("/") or ".." in name.split("/") or not name.strip("/. "):
        return "the name leads out of the folder"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or a device, where files and folders are expected"
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in an unusual way; pack it again as an ordinary zip"
    return None


def _check_sizes(archive: Path, members: dict[str, zipfile.ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in members.values())
    packed = sum(info.compress_size for info in members.values())
    on_disk = archive.stat().st_size
    if packed > on_disk:  # entries that share their bytes: a way to make a bomb
        raise BadArchiveError(f"{archive}: refused: its entries overlap ({packed:,} bytes in a file of {on_disk:,})")
    if unpacked > _MOST_BYTES or unpacked > max(_SMALL, _HIGHEST_RATIO * on_disk):
        raise BadArchiveError(
            f"{archive}: refused: {on_disk / 1e6:,.1f} MB that claim to unpack to {unpacked / 1e6:,.0f} are no photos"
        )


def _scene_root(archive: Path, members: dict[str, zipfile.ZipInfo]) -> str:
    """The folder inside the archive that holds both lists: its top, or a folder that was packed around the scene."""
    folders = [name.rpartition("/")[0] for name in members if name.rpartition("/")[2] == LISTS[0]]
    found = [folder for folder in folders if f"{folder}/{LISTS[1]}".lstrip("/") in members]
    if not found:
        top = sorted({name.split("/")[0] for name in members})
        raise BadArchiveError(f"{archive}: holds no scene ({LISTS[0]} and {LISTS[1]}), only {', '.join(top[:5])}")
    if len(found) > 1:
        raise BadArchiveError(f"{archive}: holds several scenes ({', '.join(sorted(found)[:5])}); unpack it by hand")
    return found[0]


def _check_disk(archive: Path, members: dict[str, zipfile.ZipInfo], folder: Path) -> None:
    needed, free = sum(info.file_size for info in members.values()), shutil.disk_usage(folder).free
    if needed > free:
        raise WorkbookError(
            f"{archive}: unpacks to {needed / 1e9:.1f} GB, and the disk of {folder} has {free / 1e9:.1f} GB free"
        )


def _write(
    archive: Path, zipped: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], folder: Path, show_progress: bool
) -> None:
    total = sum(info.file_size for info in members.values())
    with progress_bar(
        desc=f"Unpacking {archive.name}", total=total, unit="B", unit_scale=True, disable=not show_progress
    ) as bar:
        for name, info in members.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with zipped.open(info) as source, path.open("xb") as file:
                written = 0
                while block := source.read(_BLOCK):  # at the end zipfile compares the checksum
                    written += len(block)
                    if written > info.file_size:
                        raise BadArchiveError(f"{archive}: refused: {name[:100]!r} is longer than it says")
                    file.write(block)
                    bar.update(len(block))
            if written != info.file_size:
                raise BadArchiveError(f"{archive}: damaged: {name[:100]!r} is shorter than it says")
