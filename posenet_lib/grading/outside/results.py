"""What grading leaves of one submission: plain data, one JSON file each, from which every report is made."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from posenet_lib.core.files import write_text
from posenet_lib.grading.outside.hand_ins.plain_text import plain, plain_line

GRADED, INCOMPLETE, NOT_ATTEMPTED, MISSING = "graded", "incomplete", "not attempted", "missing"
_DIGITS = 9  # of points


@dataclass
class GroupResult:
    """One hidden cell: its title, and what to think about if it was lost. Nothing of its input or output."""

    name: str
    title: str
    points: float
    passed: bool
    lost: str
    same_mistake: str = ""  # the cells that have cost the points of the mistake for which this one fails, too

    @property
    def earned(self) -> float:
        """Its points, if it has passed or costs nothing of its own."""
        return self.points if self.passed or self.same_mistake else 0.0

    @property
    def why(self) -> str:
        """For the student; nothing if it has passed."""
        if self.passed:
            return ""
        once = f"The same mistake as in {self.same_mistake}, so this costs no points. "
        return (once if self.same_mistake else "") + self.lost


@dataclass
class CheckLine:
    """One visible check, as students see it in the notebook."""

    name: str
    outcome: str
    message: str

    def __post_init__(self) -> None:
        self.name, self.message = plain_line(self.name), plain(self.message)


@dataclass
class QuestionResult:
    """One question of one student."""

    grade_id: str
    number: int | None  # of a TODO; None is practice
    title: str
    max_points: float
    status: str = MISSING
    reason: str = ""
    groups: list[GroupResult] = field(default_factory=list)
    checks: list[CheckLine] = field(default_factory=list)
    fingerprint: str = ""  # of the answer's normal form, for similar.csv
    source: str = ""  # the answer, for pages that show two side by side; for the instructor alone

    @property
    def points(self) -> float:
        """Only a complete run has points."""
        earned = sum(g.earned for g in self.groups) if self.status == GRADED else 0.0
        return round(earned, _DIGITS)  # three thirds of a point are one


@dataclass
class StudentResult:
    """One submission, graded."""

    student: str
    key: str  # of what was handed in and what it was graded with: the same key need not be graded again; "" is none
    questions: list[QuestionResult] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    memory_mb: int = 0  # of the grading process
    receipt: str = ""  # of the notebooks' contents: what `posenet submit` has shown the student
    seed: int | None = None  # of the run: from it and the name follow the inputs of the hidden cells

    @property
    def points(self) -> float:
        """The total."""
        return sum(question.points for question in self.questions)

    @property
    def max_points(self) -> float:
        """Full marks."""
        return sum(question.max_points for question in self.questions)

    @property
    def status(self) -> str:
        """The worst of the questions: incomplete, missing, not attempted, graded."""
        found = {question.status for question in self.questions}
        return next((s for s in (INCOMPLETE, MISSING, NOT_ATTEMPTED, GRADED) if s in found), MISSING)

    @property
    def reason(self) -> str:
        """Everything that an instructor should know, in one line."""
        reasons = [f"{q.grade_id}: {q.reason}" for q in self.questions if q.reason]
        return plain_line("; ".join(dict.fromkeys([*self.problems, *reasons])))

    @property
    def needs_a_look(self) -> bool:
        """Whether a person should look at this run: it is incomplete, or a file could not be used as it is."""
        return self.status == INCOMPLETE or bool(self.problems)

    def save(self, folder: Path) -> None:
        """Write it whole, so that a killed run leaves this result or none."""
        write_text(folder / f"{self.student}.json", json.dumps(asdict(self), indent=1) + "\n")


def load_result(folder: Path, student: str) -> StudentResult | None:
    """A result that was written before, or None."""
    try:
        data = json.loads((folder / f"{student}.json").read_text(encoding="utf-8"))
        questions = [
            QuestionResult(
                **{
                    **item,
                    "groups": [GroupResult(**group) for group in item["groups"]],
                    "checks": [CheckLine(**line) for line in item["checks"]],
                }
            )
            for item in data.pop("questions")
        ]
        return StudentResult(**data, questions=questions)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def seed_of_earlier_results(folder: Path) -> int | None:
    """The run's seed, in the results that are there already; each student's own inputs follow from it and the name."""
    for file in sorted(folder.glob("*.json")):
        result = load_result(folder, file.stem)
        if result is not None and result.seed is not None:
            return result.seed
    return None


def by_question(results: Sequence[StudentResult]) -> dict[str, list[tuple[str, QuestionResult]]]:
    """Students' results of each question."""
    table: dict[str, list[tuple[str, QuestionResult]]] = {}
    for result in results:
        for question in result.questions:
            table.setdefault(question.grade_id, []).append((result.student, question))
    return table
