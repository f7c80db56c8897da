"""Read and write pose lists in the 'Visual Landmark Dataset V1' format of the Cambridge Landmarks scenes.

Two header lines, an empty line, then a photo a line: ``seq1/frame00001.png X Y Z W P Q R``, position in metres and
orientation as a quaternion (convention: `posenet_lib.geometry.quaternion`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.pose_rows import Problem, read_rows

HEADER = "Visual Landmark Dataset V1\nImageFile, Camera Position [X Y Z W P Q R]\n\n"
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
    rows, problems = read_rows(path, check_images=check_images)
    if problems:
        raise WorkbookError(problem_text(path, problems))
    if not rows:
        raise WorkbookError(f"{path}: the list has no poses; expected lines like 'seq1/frame00001.png X Y Z W P Q R'")
    return [
        PoseRecord(
            name=row.name,
            image_path=row.image_path,
            position_m=row.numbers[:3],
            quaternion_wxyz=quaternion.canonical_sign(quaternion.normalise(row.numbers[3:])),
        )
        for row in rows
    ]


def problem_text(path: Path, problems: Sequence[Problem]) -> str:
    """The first bad lines, how many more there are, and what helps."""
    lines = [f"{path}, line {p.line}: {p.text}" if p.line else f"{path}: {p.text}" for p in problems[:_PROBLEMS_SHOWN]]
    if (more := len(problems) - _PROBLEMS_SHOWN) > 0:
        lines.append(f"... and {more} more bad lines")
    remedies = dict.fromkeys(problem.remedy for problem in problems if problem.remedy)
    return "\n".join([*lines, *(f"To mend it: {remedy}" for remedy in remedies)])


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
