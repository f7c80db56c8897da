"""What was read of one student's notebooks, within the bounds of one student, and why the rest was not."""

from dataclasses import dataclass, field

from posenet_lib.grading.outside.hand_ins.answer_cells import MAX_BYTES, Unreadable
from posenet_lib.grading.outside.hand_ins.plain_text import plain_line
from posenet_lib.workbook.questions import PRACTICE, QUESTIONS, Question

IGNORED = {".ipynb_checkpoints", "__MACOSX", ".git", ".DS_Store"}
MAX_NOTEBOOKS = 30
MAX_TOTAL = 64 << 20  # bytes of all notebooks of one student
_MAX_PROBLEMS = 20
_OTHER_ARCHIVES = (
    ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tbz2", ".txz", ".tar", ".7z", ".rar", ".gz", ".bz2", ".xz",
    ".zst",
)  # fmt: skip


@dataclass
class SubmittedFiles:
    """A student's notebooks as bytes, and why others could not be read."""

    notebooks: list[tuple[str, bytes]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    size: int = 0  # of the notebooks
    entries: int = 0  # files and folders that were looked at

    def refuse_more(self, size: int = 0) -> None:
        """Ask before one more notebook is read.

        Raises:
            Unreadable: there are too many, or one of `size` bytes makes them too large together.
        """
        if len(self.notebooks) >= MAX_NOTEBOOKS:
            raise Unreadable(f"not read: only the first {MAX_NOTEBOOKS} notebooks are")
        if self.size + size > MAX_TOTAL:
            raise Unreadable(f"not read, because all notebooks together have more than {MAX_TOTAL >> 20} MB")

    def take(self, name: str, data: bytes) -> None:
        """Keep a notebook."""
        self.refuse_more(len(data))
        self.notebooks.append((plain_line(name), data))
        self.size += len(data)

    def complain(self, name: str, reason: object) -> None:
        """Keep a problem; of very many alike only the first ones."""
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(plain_line(f"{name[:200]}: {reason}"))
        elif len(self.problems) == _MAX_PROBLEMS:
            self.problems.append("and more files that could not be read")


def without_suffix(name: str) -> str:
    """'ada.tar.gz' and 'ada.ZIP' as 'ada'."""
    suffix = next((suffix for suffix in _OTHER_ARCHIVES if name.lower().endswith(suffix)), None)
    return name[: -len(suffix)] if suffix else name.rpartition(".")[0]


def is_archive(name: str) -> bool:
    """By its name, a file that holds others, whether or not it can be read."""
    return name.lower().endswith((".zip", *_OTHER_ARCHIVES))


def too_large(size: int) -> str:
    """Why a notebook is not read."""
    return f"is too large ({size / 1e6:.0f} MB, at most {MAX_BYTES >> 20} MB); clear its outputs and hand it in again"


def likely_first(name: str) -> tuple[int, str]:
    """Sort key: notebooks with a TODO, then those with practice, then others, which may be too many."""
    rank = next((n for n, asked in enumerate((QUESTIONS, PRACTICE)) if any(_stem(one) in name for one in asked)), 2)
    return rank, name


def _stem(question: Question) -> str:
    return question.notebook.removesuffix(".ipynb")
