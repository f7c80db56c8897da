"""The whole way of a known file: is it here, is there room, fetch, check, unpack; and what to tell the user."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pooch
from filelock import FileLock, Timeout

from posenet_lib.core.errors import WorkbookError
from posenet_lib.download.archive import LISTS, BadArchiveError, unpack_scene
from posenet_lib.download.catalogue import KnownFile, find_known
from posenet_lib.download.http import Patience, ResumingDownloader
from posenet_lib.download.responses import DownloadError
from posenet_lib.scenes.pose_list import read_pose_list

_SPARE = 200 * 10**6  # bytes that stay free on the disk


@dataclass(frozen=True)
class Downloaded:
    """What a download left."""

    known: KnownFile
    path: Path  # the scene's folder, or the file
    was_here: bool
    problems: tuple[str, ...] = ()  # of a scene's lists

    def __str__(self) -> str:
        lines = [f"{self.known.name}: {'is already' if self.was_here else 'now'} in {self.path}"]
        if self.known.is_scene:
            lines += [f"  problem: {problem}" for problem in self.problems]
            lines += [
                f"  look at it        posenet scene info {self.known.name}",
                f"  decode its photos posenet scene info --store {self.known.name} (minutes; else training does it)",
                f"  train on it       posenet train --scene {self.known.name} --out runs/{self.known.name}",
            ]
        else:
            lines.append(f"  what is in it     posenet weights inspect {self.path}")
        return "\n".join(lines)


def download(
    name: str | KnownFile, *, keep_archive: bool = False, show_progress: bool = True, patience: Patience | None = None
) -> Downloaded:
    """Get a known file, and unpack it if it is a scene. Does nothing if it is here; goes on where an earlier one ended.

    Args:
        name: as `posenet download` lists them.
        keep_archive: keep a scene's zip after unpacking. One that was put there by hand is always kept.

    Raises:
        WorkbookError: the name is unknown, the server fails (with what to do by hand), the disk is too small, or the
            file is damaged. Nothing half-done is left, except a `.part` file with which the next call goes on.
    """
    known = name if isinstance(name, KnownFile) else find_known(name)
    folder = known.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{known.name}.lock").acquire(timeout=0):
            if known.is_scene and known.is_here:
                return Downloaded(known, known.target, was_here=True, problems=_list_problems(known.target))
            came = _fetch(known, show_progress, patience)
            if not known.is_scene:
                return Downloaded(known, known.path, was_here=not came)
            _unpack(known, came, show_progress)
            if came and not keep_archive:
                known.path.unlink()
            return Downloaded(known, known.target, was_here=False, problems=_list_problems(known.target))
    except Timeout:
        raise WorkbookError(f"{known.name} is being downloaded by another program right now; wait for it") from None
    except OSError as error:
        raise WorkbookError(f"{folder}: cannot be written ({error.strerror or error})") from None


def _unpack(known: KnownFile, came: bool, show_progress: bool) -> None:
    try:
        unpack_scene(known.path, known.target, show_progress=show_progress)
    except BadArchiveError as error:
        if not came:
            raise WorkbookError(f"{error}. Remove or rename it, then try again") from None
        known.path.unlink()
        raise WorkbookError(f"{error}. It was removed; try again, or get it by hand.\n{_by_hand(known)}") from None


def _fetch(known: KnownFile, show_progress: bool, patience: Patience | None) -> bool:
    """Make sure that the file itself is here and right -> whether it had to be downloaded."""
    if known.path.is_file():
        try:
            known.check(known.path)
        except WorkbookError as error:
            raise WorkbookError(f"{error}. Remove or rename it, then try again") from None
        return False
    part = known.path.with_name(known.file_name + ".part")
    if known.size is not None:
        _check_room(known, known.size - (part.stat().st_size if part.is_file() else 0))
    downloader = ResumingDownloader(
        part,
        size=known.size,
        before_writing=lambda to_come: _check_room(known, to_come),
        check=known.check,
        patience=patience,
        show_progress=show_progress,
    )
    pooch.get_logger().setLevel("WARNING")
    failures = []
    # Beside its target pooch opens a temporary file, which a killed program leaves; in a folder of its own it is found.
    folder = known.path.with_name(f".{known.name}.fetching")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        for address in known.addresses:
            try:
                pooch.retrieve(
                    address,
                    known_hash=known.sha256 if known.sha256 and len(known.sha256) == 64 else None,
                    fname=known.file_name,
                    path=folder,
                    downloader=downloader,
                )
            except DownloadError as error:
                failures.append(error)
            else:
                (folder / known.file_name).replace(known.path)
                return True
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    reasons = [str(error) for error in failures]
    offline = [] if any(error.reached for error in failures) else ["Are you offline?"]
    raise WorkbookError("\n".join([f"{known.name} could not be downloaded.", *reasons, *offline, _by_hand(known)]))


def _check_room(known: KnownFile, to_come: int | None) -> None:
    """Raises WorkbookError unless the rest of the file fits on the disk, and for a scene its photos beside it."""
    if to_come is None:
        return
    needed = to_come * (2 if known.is_scene else 1) + _SPARE
    free = shutil.disk_usage(known.path.parent).free
    if needed > free:
        raise WorkbookError(
            f"{known.name} needs {needed / 1e9:.1f} GB{', packed and unpacked' * known.is_scene}, and the disk of "
            f"{known.path.parent} has {free / 1e9:.1f} GB free"
        )


def _by_hand(known: KnownFile) -> str:
    return (
        "By hand: open one of these addresses in a browser\n"
        + "".join(f"  {address}\n" for address in known.addresses)
        + f"and put the file here\n  {known.path}\nthen run this again: it is checked"
        + (" and unpacked." if known.is_scene else ".")
    )


def _list_problems(folder: Path) -> tuple[str, ...]:
    """What is wrong with the scene's lists. It is told and not refused: hours of download may lie behind it."""
    problems = []
    for name in LISTS:
        try:
            read_pose_list(folder / name)
        except WorkbookError as error:
            problems += str(error).splitlines()
    return tuple(problems)
