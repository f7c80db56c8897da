"""Read and write pose lists in the 'Visual Landmark Dataset V1' format of the Cambridge Landmarks scenes.

Two header lines, an empty line, then a photo a line: ``seq1/frame00001.png X Y Z W P Q R``, position in metres and
orientation as a quaternion (convention: `posenet_lib.geometry.quaternion`).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.photos import ends_early

HEADER = "Visual Landmark Dataset V1\nImageFile, Camera Position [X Y Z W P Q R]\n\n"
_COLUMNS = ("X", "Y", "Z", "W", "P", "Q", "R")
_PROBLEMS_SHOWN = 5


@dataclass(frozen=True, eq=False)
class PoseRecord:
    """One line of a pose list."""

    name: str  # the photo as the list names it, relative to the scene's folder, with forward slashes
    image_path: Path
    position_m: np.ndarray  # (3,) float64, camera centre
    quaternion_wxyz: np.ndarray  # (4,) float64, unit length, w >= 0


def read_pose_list(path: str | Path, check_images: bool = True) -> list[PoseRecord]:
    """Read a pose list; photos are looked for in the list's own folder.

    Missing header lines, blank lines, tabs, Windows line ends and absolute paths of another computer are all fine.

    Args:
        check_images: also require that each photo exists, starts like one and ends like one (it is decoded only if
            its end is missing).

    Raises:
        WorkbookError: the list is missing or empty, or has bad lines; each is named with its line number and cause.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise WorkbookError(f"{path}: no such pose list") from None
    except (UnicodeDecodeError, IsADirectoryError, PermissionError) as error:
        raise WorkbookError(f"{path}: cannot be read as a pose list ({error})") from error

    records: list[PoseRecord] = []
    problems: list[str] = []
    first_line_of: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or _is_header(line):
            continue
        try:
            record = _parse(line, path.parent)
            if record.name in first_line_of:
                raise ValueError(f"photo {record.name} is already on line {first_line_of[record.name]}; keep one")
            first_line_of[record.name] = number
            if check_images:
                _check_photo(record.image_path)
        except ValueError as error:
            problems.append(f"{path}, line {number}: {error}")
        else:
            records.append(record)
    if problems:
        more = len(problems) - _PROBLEMS_SHOWN
        raise WorkbookError("\n".join(problems[:_PROBLEMS_SHOWN]) + (f"\n... and {more} more bad lines" * (more > 0)))
    if not records:
        raise WorkbookError(f"{path}: the list has no poses; expected lines like 'seq1/frame00001.png X Y Z W P Q R'")
    return records


def write_pose_list(path: str | Path, records: Iterable[PoseRecord]) -> None:
    """Write a pose list with nine decimals (finer than a micrometre and 1e-6 in a rotation matrix)."""
    poses = ((record.name, record.position_m, record.quaternion_wxyz) for record in records)
    write_text(path, pose_list_text(poses))


def pose_list_text(poses: Iterable[tuple[str, np.ndarray, np.ndarray]], decimals: int = 9) -> str:
    """The list of (photo's name, position_m, quaternion_wxyz), one pose a line below the header."""
    rows = [
        " ".join([name, *(f"{number:.{decimals}f}" for number in (*position_m, *quaternion_wxyz))])
        for name, position_m, quaternion_wxyz in poses
    ]
    return HEADER + "\n".join(rows) + "\n"


def _is_header(line: str) -> bool:
    # "imagefile," with its comma: a photo may be called ImageFile0001.png.
    return line.strip().lower().startswith(("visual landmark dataset", "imagefile,", "#"))


def _parse(line: str, folder: Path) -> PoseRecord:
    """One line -> record. Raises ValueError with what is wrong in it."""
    words = line.rsplit(maxsplit=7)  # from the right: a photo's name may hold spaces
    if len(words) < 8:
        raise ValueError(
            f"has {len(line.split()) - 1} numbers after the photo's name where 7 are expected ({' '.join(_COLUMNS)}): "
            f"{line.strip()!r}"
        )
    name = relative_name(words[0].strip().strip('"'), folder)
    if " " in name and _is_number(name.split()[-1]) and not (folder / name).is_file():
        # With a column too many, the first number would become a part of the name, and the others each slip by one.
        raise ValueError(f"has more than 7 columns ({' '.join(_COLUMNS)}) after the photo's name: {line.strip()!r}")
    numbers = []
    for column, word in zip(_COLUMNS, words[1:], strict=True):
        try:
            numbers.append(float(word))
        except ValueError:
            raise ValueError(f"{column} is {word!r}, which is not a number") from None
        if not math.isfinite(numbers[-1]):
            raise ValueError(f"{column} is {word!r}; a finite number is needed")
    if np.linalg.norm(numbers[3:]) < 1e-6:
        raise ValueError("the quaternion W P Q R is zero, which is no rotation; a unit quaternion is needed")
    return PoseRecord(
        name=name,
        image_path=folder / name,
        position_m=np.array(numbers[:3]),
        quaternion_wxyz=quaternion.canonical_sign(quaternion.normalise(np.array(numbers[3:]))),
    )


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def relative_name(written: str, folder: Path) -> str:
    """Strip what another computer put before the photo's place in the scene (`C:\\data\\KingsCollege\\seq1\\...`).

    The longest tail of the path that is a file here; if there is none, what follows the scene folder's name, else
    the last two parts (sequence and frame), as in every published list.
    """
    parts = PurePosixPath(written.replace("\\", "/")).parts
    # "//" begins a Windows share; "." and "" have no parts at all.
    absolute = bool(parts) and (parts[0].startswith("/") or parts[0].endswith(":"))
    if not absolute:
        return "/".join(part for part in parts if part != ".")
    parts = parts[1:]
    for start in range(len(parts)):
        if (folder.joinpath(*parts[start:])).is_file():
            return "/".join(parts[start:])
    if folder.name in parts[:-1]:
        return "/".join(parts[parts.index(folder.name) + 1 :])
    return "/".join(parts[-2:])


def _check_photo(path: Path) -> None:
    if not path.is_file():
        raise ValueError(f"photo {path} does not exist")
    try:
        with Image.open(path) as photo:  # reads the header only
            if ends_early(path, photo.format):
                photo.load()  # only decoding can tell
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"photo {path} cannot be read ({error})") from None
