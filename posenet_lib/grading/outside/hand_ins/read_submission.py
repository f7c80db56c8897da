"""Reads one student's notebooks, trusting none of them: from folders, single files and zips.

Links are not followed, nothing is unpacked to disk, sizes are bounded before anything is read, and what can't be read
becomes a sentence for the student and the instructor instead of an error.
"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from posenet_lib.grading.outside.hand_ins.answer_cells import MAX_BYTES, Unreadable
from posenet_lib.grading.outside.hand_ins.read_zip import read_zip
from posenet_lib.grading.outside.hand_ins.submitted_files import (
    IGNORED,
    SubmittedFiles,
    is_archive,
    likely_first,
    too_large,
)

_MAX_DEPTH = 4
_MAX_ENTRIES = 2000  # of a student's folders


def read_paths(paths: Sequence[Path]) -> SubmittedFiles:
    """Read all that lies in these places."""
    files = SubmittedFiles()
    for path in paths:
        _read_path(path, path.name, files, 0)
    if not files.notebooks and not files.problems:
        files.problems.append("no notebook (.ipynb) was handed in")
    return files


def _read_path(path: Path, shown: str, files: SubmittedFiles, depth: int) -> None:
    files.entries += 1
    kind = path.suffix.lower()
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise Unreadable("is a link; hand in the file itself")
        if stat.S_ISDIR(mode):
            if kind == ".ipynb":
                raise Unreadable("is a directory, not a notebook")
            _read_folder(path, shown, files, depth)
        elif (kind == ".ipynb" or is_archive(path.name)) and not stat.S_ISREG(mode):
            raise Unreadable("is no regular file")
        elif kind == ".ipynb":
            files.refuse_more()
            files.take(shown, _read_bounded(path))
        elif kind == ".zip":
            read_zip(path, shown, files)
        elif is_archive(path.name):
            raise Unreadable("archives of this kind are not read; hand in the notebooks themselves, or a .zip")
    except Unreadable as reason:
        files.complain(shown, reason)
    except OSError as error:
        files.complain(shown, f"cannot be read ({error.strerror or error})")


def _read_folder(path: Path, shown: str, files: SubmittedFiles, depth: int) -> None:
    if depth >= _MAX_DEPTH:
        raise Unreadable(f"not read: only {_MAX_DEPTH} folders deep is looked for notebooks")
    for entry in sorted(path.iterdir(), key=lambda entry: likely_first(entry.name)):
        if files.entries >= _MAX_ENTRIES:
            raise Unreadable(f"holds too many files; only the first {_MAX_ENTRIES} are looked at")
        if entry.name not in IGNORED:
            _read_path(entry, f"{shown}/{entry.name}", files, depth + 1)


def _read_bounded(path: Path) -> bytes:
    # O_NOFOLLOW and O_NONBLOCK: it may have become a link or a pipe since it was looked at.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > MAX_BYTES:
            raise Unreadable(too_large(size))
        return file.read(MAX_BYTES)
