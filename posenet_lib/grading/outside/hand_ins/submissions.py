"""Whose notebooks are there: folders, zips and single files of a class, found without opening any of them.

find_submissions    all students of a folder, each with the paths that are theirs
  student_names     a name for each that is safe everywhere, and that no two students share
read_submission     reads one student's notebooks, when it is graded
  read_zip          those of a zip
  submitted_files   what has been read, within bounds, and why the rest was not
"""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hand_ins.read_submission import read_paths
from posenet_lib.grading.outside.hand_ins.student_names import safe_name
from posenet_lib.grading.outside.hand_ins.submitted_files import IGNORED, SubmittedFiles, is_archive, without_suffix

_MOST_ENTRIES, _CHUNK, _MOST_READ = 3000, 1 << 20, 128 << 20


@dataclass
class Submission:
    """One student: where it lies. The files are read when it is graded."""

    student: str
    paths: list[Path] = field(default_factory=list)


def find_submissions(folder: Path) -> list[Submission]:
    """All students of a folder: `<student>/`, `<student>.zip`, or single `<student>__01_mean_image.ipynb`.

    Raises:
        WorkbookError: there is no such folder, or nothing in it.
    """
    if folder.is_file():
        entries = [folder]
    elif folder.is_dir():
        entries = sorted(path for path in folder.iterdir() if path.name not in IGNORED and path.name[0] != ".")
    else:
        raise WorkbookError(f"{folder}: no such folder of submissions")
    students: dict[str, Submission] = {}
    for path in entries:
        student = _student_of(path)
        if student:
            students.setdefault(student, Submission(student)).paths.append(path)
    if not students:
        raise WorkbookError(
            f"{folder} holds no submissions: no folder for a student, no .zip, no <student>__<notebook>.ipynb"
        )
    return list(students.values())


def _student_of(path: Path) -> str | None:
    name = path.name
    if is_archive(name) or name.lower().endswith(".ipynb"):
        name = without_suffix(name)
        if path.suffix.lower() == ".ipynb" and "__" in name:
            name = name.rpartition("__")[0]
    elif not path.is_dir() and not path.is_symlink():
        return None  # a roster, a readme, ...
    return safe_name(name)


def read_files(submission: Submission) -> SubmittedFiles:
    """Read a student's notebooks, in a process that may be lost: a file may be made to fill the memory."""
    return read_paths(submission.paths)


def digest(submission: Submission) -> str:
    """Changes with what was handed in. Nothing is unpacked or read whole, so this is safe in any process."""
    found, entries, left = hashlib.blake2b(), 0, _MOST_READ
    waiting = list(reversed(submission.paths))
    while waiting and entries < _MOST_ENTRIES:
        path, entries = waiting.pop(), entries + 1
        found.update(os.fsencode(str(path)) + b"\0")
        try:
            if path.is_symlink():
                found.update(b"link")
            elif path.is_dir():
                waiting += sorted(path.iterdir(), reverse=True)
            elif path.is_file():
                left -= path.stat().st_size
                found.update(_content(path, by_time=left < 0))
        except OSError as error:
            found.update(str(error.errno).encode())
    return found.hexdigest()[:24]


def _content(path: Path, *, by_time: bool) -> bytes:
    """What stands for a file's content: all of it, or its size and time where that would be too much to read."""
    content = hashlib.blake2b()
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if by_time:
            return f"{status.st_size} {status.st_mtime_ns}".encode()
        while chunk := file.read(_CHUNK):
            content.update(chunk)
    return content.digest()


def likely_order(name: str, wanted: str) -> tuple[int, str]:
    """Sort key: the notebook with the right name first, then those that begin like it, then others."""
    stem, own = Path(wanted).stem, PurePosixPath(name).name
    exact = own == wanted or own.rpartition("__")[2] == wanted
    return (0 if exact else 1 if stem in own else 2, name)
