"""All that is known about a question: one line in `workbook.questions`, its notebook, and one folder.

`tests/questions/<grade_id>/` holds `solution.py`, the reference; `probes.py`, the hidden cells and, in its line
`# points:`, what practice is worth; and in `right/` and `wrong/` answers whose score is known. Nothing in
`posenet_lib/grading/` knows a question by its name.
"""

import ast
import functools
import hashlib
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import notebooks_dir, questions_dir
from posenet_lib.grading.outside.hand_ins.magics import parse_cell
from posenet_lib.grading.outside.hidden_cells.known_mistakes import KnownMistake, read_mistakes
from posenet_lib.workbook.notebook_files import answer_cells, read_notebook
from posenet_lib.workbook.questions import BY_ID, Question

_MOST_POINTS = 1000
_HEADER = re.compile(r"^# %% (?P<name>[\w-]+): (?P<title>.*) \((?P<points>[\d.]+) points?\)$", re.MULTILINE)
_POINTS = re.compile(r"^# points: (.*)$", re.MULTILINE)
_LOST = re.compile(r"^# lost: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class ProbeGroup:
    """One hidden cell and what it is worth. `title` and `lost` are for the student; `code` never is."""

    name: str
    title: str
    points: float
    lost: str
    code: str


@dataclass(frozen=True)
class QuestionData:
    """One question with everything that grading it needs."""

    question: Question
    reference: str
    points: float
    groups: tuple[ProbeGroup, ...]
    stub: str
    setup: str  # the notebook's first code cell: its imports
    version: str  # of the data; changes with each of its files
    mistakes: tuple[KnownMistake, ...] = ()  # with what each costs

    @property
    def grade_id(self) -> str:
        """Its name everywhere."""
        return self.question.grade_id


def find_questions() -> Path:
    """The folder of the questions' folders.

    Raises:
        WorkbookError: this is a copy for students, without it.
    """
    folder = questions_dir()
    if not folder.is_dir():
        raise WorkbookError(
            f"{folder}: no such folder: grading a class needs the instructor's clone. "
            "Students check themselves with: posenet grade --self NOTEBOOK"
        )
    return folder


def parse_probes(text: str, file: Path) -> tuple[ProbeGroup, ...]:
    """The hidden cells of a probe file.

    Raises:
        WorkbookError: a cell has no heading, no `# lost:` line, or is not Python.
    """
    heads = list(_HEADER.finditer(text))
    if len(heads) != text.count("\n# %%") or not heads:
        raise WorkbookError(f"{file}: each hidden cell begins with a line like '# %% name: Title (1 point)'")
    groups = []
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        code = text[head.end() : following.start() if following else None].strip("\n") + "\n"
        lost = _LOST.search(code)
        if not lost:
            raise WorkbookError(f"{file}: the cell '{head['name']}' needs a line '# lost: what the student reads'")
        try:
            ast.parse(code)
        except SyntaxError as error:
            raise WorkbookError(f"{file}: the cell '{head['name']}' is not Python: {error}") from None
        groups.append(ProbeGroup(head["name"], head["title"], float(head["points"]), lost[1], code))
    if len({group.name for group in groups}) != len(groups):
        raise WorkbookError(f"{file}: two hidden cells have one name")
    return tuple(groups)


def load_questions() -> tuple[QuestionData, ...]:
    """The questions that have points, the TODOs first: what is graded.

    Raises:
        WorkbookError: a file is missing or wrong, or points do not add up; it names the file.
    """
    return tuple(data for data in all_questions() if data.points)


@functools.cache
def all_questions() -> tuple[QuestionData, ...]:
    """Practice without points too.

    Raises:
        WorkbookError: as `load_questions`.
    """
    return tuple(_load(question) for question in BY_ID.values())


def _load(question: Question) -> QuestionData:
    folder = find_questions() / question.grade_id
    reference, probes = _read(folder / "solution.py"), folder / "probes.py"
    groups, points = _with_points(question, parse_probes(_read(probes), probes), probes)
    notebook = _pristine(question.notebook)
    cells = answer_cells(notebook)
    if question.grade_id not in cells:
        raise WorkbookError(f"notebooks/{question.notebook} has no answer cell {question.grade_id}")
    setup = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    stub = cells[question.grade_id].source
    mistakes = read_mistakes(folder / "wrong", [group.name for group in groups])
    parts = (reference, repr(groups), stub, setup, repr(question), repr(mistakes))
    version = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    return QuestionData(question, reference, points, groups, stub, setup, version, mistakes)


def _with_points(
    question: Question, groups: tuple[ProbeGroup, ...], file: Path
) -> tuple[tuple[ProbeGroup, ...], float]:
    """The hidden cells and the question's points: those of the line `# points:`, which the cells share, or its own."""
    total, own = sum(group.points for group in groups), _POINTS.search(_read(file))
    if own is None:
        if not math.isclose(total, question.points):
            raise WorkbookError(
                f"{file}: its cells have {total:g} points, workbook/questions.py says {question.points}"
            )
        return groups, question.points
    try:
        points = float(own[1])
    except ValueError:
        points = -1.0
    if not 0 <= points <= _MOST_POINTS:
        raise WorkbookError(f"{file}: the line '# points: {own[1]}' needs a number from 0 to {_MOST_POINTS}")
    return tuple(replace(group, points=points * group.points / total) for group in groups), points


@functools.cache
def _pristine(name: str) -> NotebookNode:
    return read_notebook(notebooks_dir() / name)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise WorkbookError(f"{file}: cannot be read ({error.strerror})") from None


def modules_to_preload() -> list[str]:
    """What the questions' set-up cells import, for the warm process."""
    modules = {"numpy", "posenet_lib.grading.inside.probe_kit", "posenet_lib.workbook.checks"}
    for data in load_questions():
        modules.add(f"posenet_lib.workbook.checks.{data.question.checks}")
        for source in (data.setup, data.stub):
            for node in ast.walk(parse_cell(source)):
                if isinstance(node, ast.Import):
                    modules |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules.add(node.module)
    return sorted(modules)
