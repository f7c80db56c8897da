"""Whose notebooks are there: folders, zips and single files of a class, read without trusting any of them.

Links are not followed, nothing is unpacked to disk, sizes are bounded before anything is read, and what can't be read
becomes a reason in `grades.csv` instead of an error.
"""

import hashlib
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.answer_cells import MAX_BYTES, Unreadable

_MAX_NOTEBOOKS = 30
_MAX_DEPTH = 4
_MAX_NAME = 120  # bytes
_MAX_TOTAL = 64 << 20  # of one student
_IGNORED = {".ipynb_checkpoints", "__MACOSX", ".git", ".DS_Store"}


@dataclass
class Submission:
    """One student: where it lies. The files are read when it is graded."""

    student: str
    paths: list[Path] = field(default_factory=list)


@dataclass
class SubmittedFiles:
    """A student's notebooks as bytes, and why others could not be read."""

    notebooks: list[tuple[str, bytes]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Changes with what was handed in."""
        return hashlib.sha256(repr((self.notebooks, self.problems)).encode()).hexdigest()[:24]


def find_submissions(folder: Path) -> list[Submission]:
    """All students of a folder: `<student>/`, `<student>.zip`, or single `<student>__01_mean_image.ipynb`.

    Raises:
        WorkbookError: there is no such folder, or nothing in it.
    """
    if folder.is_file():
        entries = [folder]
    elif folder.is_dir():
        entries = sorted(path for path in folder.iterdir() if path.name not in _IGNORED and path.name[0] != ".")
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
    if name.endswith((".ipynb", ".zip")):
        name = path.stem
        if path.suffix == ".ipynb" and "__" in name:
            name = name.rpartition("__")[0]
    elif not path.is_dir() and not path.is_symlink():
        return None  # a roster, a readme, ...
    name = re.sub(r"[^\w.@+=,() -]", "_", name).strip(". ") or "unnamed"
    if len(name.encode()) > _MAX_NAME:  # it becomes a file name, with more around it
        name = f"{name[: _MAX_NAME // 4]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return name


def read_files(submission: Submission) -> SubmittedFiles:
    """Read a student's notebooks."""
    files = SubmittedFiles()
    for path in submission.paths:
        _read_path(path, path.name, files, 0)
    if len(files.notebooks) > _MAX_NOTEBOOKS:
        files.problems.append(f"{len(files.notebooks)} notebooks; only the first {_MAX_NOTEBOOKS} are read")
        del files.notebooks[_MAX_NOTEBOOKS:]
    while sum(len(data) for _, data in files.notebooks) > _MAX_TOTAL:
        name, _ = files.notebooks.pop()
        files.problems.append(f"{name}: not read, because all notebooks together have more than {_MAX_TOTAL >> 20} MB")
    if not files.notebooks and not files.problems:
        files.problems.append("no notebook (.ipynb) was handed in")
    return files


def _read_path(path: Path, shown: str, files: SubmittedFiles, depth: int) -> None:
    shown = shown.encode("utf-8", "replace").decode()  # a name that is no text would stop the reports
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            files.problems.append(f"{shown}: is a link; hand in the file itself")
        elif stat.S_ISDIR(mode):
            if path.name.endswith(".ipynb"):
                files.problems.append(f"{shown}: is a directory, not a notebook")
            elif depth < _MAX_DEPTH:
                for entry in sorted(path.iterdir()):
                    if entry.name not in _IGNORED:
                        _read_path(entry, f"{shown}/{entry.name}", files, depth + 1)
        elif path.suffix in (".ipynb", ".zip") and not stat.S_ISREG(mode):
            files.problems.append(f"{shown}: is no regular file")
        elif path.suffix == ".ipynb":
            files.notebooks.append((shown, _read_bounded(path)))
        elif path.suffix == ".zip":
            files.notebooks += [(f"{shown}/{name}", data) for name, data in _read_zip(path)]
    except Unreadable as reason:
        files.problems.append(f"{shown}: {reason}")
    except OSError as error:
        files.problems.append(f"{shown}: cannot be read ({error.strerror or error})")


def _read_bounded(path: Path) -> bytes:
    # O_NOFOLLOW and O_NONBLOCK: it may have become a link or a pipe since it was looked at.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > MAX_BYTES:
            raise Unreadable(_too_large(size))
        return file.read(MAX_BYTES)


def _too_large(size: int) -> str:
    return f"is too large ({size / 1e6:.0f} MB, at most {MAX_BYTES >> 20} MB); clear its outputs and hand it in again"


def _read_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.stat().st_size > 4 * MAX_BYTES:
        raise Unreadable(_too_large(path.stat().st_size))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            for entry in entries:
                parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
                if ".." in parts or entry.filename[:1] in "/\\" or ":" in parts[0]:
                    raise Unreadable(f"the zip holds a path that leaves it ({entry.filename[:60]!r}); it is not opened")
                if stat.S_ISLNK(entry.external_attr >> 16):
                    raise Unreadable(f"the zip holds a link ({entry.filename[:60]!r}); it is not opened")
            chosen = [e for e in entries if e.filename.endswith(".ipynb") and not _IGNORED & set(e.filename.split("/"))]
            for entry in sorted(chosen, key=lambda entry: entry.filename)[:_MAX_NOTEBOOKS]:
                with archive.open(entry) as file:
                    data = file.read(MAX_BYTES + 1)  # the size that the archive claims may be a lie
                if len(data) > MAX_BYTES:
                    raise Unreadable(f"{entry.filename[:60]} {_too_large(max(entry.file_size, len(data)))}")
                yield entry.filename[:200], data
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        IndexError,
    ) as error:
        raise Unreadable(f"the zip cannot be opened ({str(error)[:100]})") from None


def likely_order(name: str, wanted: str) -> tuple[int, str]:
    """Sort key: the notebook with the right name first, then those that begin like it, then others."""
    stem, own = Path(wanted).stem, PurePosixPath(name).name
    exact = own == wanted or own.rpartition("__")[2] == wanted
    return (0 if exact else 1 if stem in own else 2, name)
