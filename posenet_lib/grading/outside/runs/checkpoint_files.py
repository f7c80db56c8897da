"""Which checkpoint is whose: `STUDENT/.../best.safetensors`, or `STUDENT.safetensors`. Links are not followed."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.transforms import input_shape, window_of
from posenet_lib.grading.outside.hand_ins.plain_text import plain_line
from posenet_lib.grading.outside.hand_ins.student_names import safe_name
from posenet_lib.grading.outside.hand_ins.submitted_files import IGNORED
from posenet_lib.models.checkpoint import BEST, Checkpoint, load_checkpoint

_SUFFIX = ".safetensors"
_MAX_BYTES = 600 << 20  # ten times a GoogLeNet with its optimizer
_MAX_SIZE_PX = 448  # of the network's input: twice the paper's
_MAX_DEPTH, _MAX_ENTRIES = 4, 2000


@dataclass(frozen=True)
class HandedInRun:
    """One student's checkpoint, or why there is none."""

    student: str
    file: Path | None
    problem: str = ""


def find_runs(folder: Path) -> list[HandedInRun]:
    """All students' checkpoints below a folder.

    Raises:
        WorkbookError: there is no such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise WorkbookError(f"{folder}: no such folder of runs")
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name in IGNORED or path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            found.setdefault(safe_name(path.name), []).extend(_checkpoints(path))
        elif path.name.lower().endswith(_SUFFIX):
            found.setdefault(safe_name(path.name[: -len(_SUFFIX)]), []).append(path)
    if not found:
        raise WorkbookError(f"{folder} holds no runs: no folder for a student with {BEST} in it, no STUDENT{_SUFFIX}")
    return [_one(student, files) for student, files in found.items()]


def _checkpoints(folder: Path) -> list[Path]:
    """Every `best.safetensors` of a student's folder; without one, any other single checkpoint there."""
    files, entries = [], 0
    for place, folders, names in os.walk(folder):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = [] if depth >= _MAX_DEPTH else sorted(name for name in folders if name not in IGNORED)
        entries += len(names) + len(folders)
        if entries > _MAX_ENTRIES:
            break
        files += [Path(place) / name for name in sorted(names) if name.lower().endswith(_SUFFIX)]
    return [file for file in files if file.name == BEST] or files


def _one(student: str, files: list[Path]) -> HandedInRun:
    if not files:
        return HandedInRun(student, None, f"no {BEST} in the folder")
    if len(files) > 1:
        names = ", ".join(plain_line(f"{file.parent.name}/{file.name}") for file in files[:3])
        return HandedInRun(student, None, f"{len(files)} checkpoints ({names}); hand in one")
    try:
        status = files[0].lstat()
    except OSError as error:
        return HandedInRun(student, None, f"{plain_line(files[0].name)} cannot be read ({error.strerror})")
    if not stat.S_ISREG(status.st_mode):
        return HandedInRun(student, None, f"{plain_line(files[0].name)} is a link or no regular file")
    if status.st_size > _MAX_BYTES:
        return HandedInRun(student, None, f"{files[0].name} has {status.st_size >> 20} MB; at most {_MAX_BYTES >> 20}")
    return HandedInRun(student, files[0])


def content_hash(file: Path) -> str:
    """The same for copies of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load_run(file: Path) -> Checkpoint:
    """The checkpoint, if a network can be made of it.

    Raises:
        WorkbookError: it is damaged, something else, or of a size that no run here has; one line.
    """
    try:
        checkpoint = load_checkpoint(file)
        if checkpoint.mean_image.ndim != 3 or checkpoint.mean_image.shape[2] != 3:
            raise WorkbookError(f"its mean image has shape {checkpoint.mean_image.shape}; it must be (H, W, 3)")
        window = window_of(checkpoint.mean_image.shape, checkpoint.config.input_crop)
        if (largest := max(input_shape(window, checkpoint.config.input_size))) > _MAX_SIZE_PX:
            raise WorkbookError(f"its network wants {largest} pixels; at most {_MAX_SIZE_PX}")
        checkpoint.build_model()
    except WorkbookError as error:
        raise WorkbookError(_line(str(error).replace(f"{file}: ", ""))) from None
    except Exception as error:  # its JSON is the student's, and so are names and shapes of its tensors
        raise WorkbookError(_line(f"no checkpoint of this workbook ({type(error).__name__}: {error})")) from None
    return checkpoint


def _line(text: str) -> str:
    return plain_line(" ".join(text.split()))[:200]
