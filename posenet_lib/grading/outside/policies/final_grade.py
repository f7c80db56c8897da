"""A student's final grade: the hidden tests' points, those given by hand in their place, less what came late."""

from dataclasses import dataclass, field

from posenet_lib.grading.outside.policies.late_policy import Lateness
from posenet_lib.grading.outside.policies.manual_points import ManualEntry
from posenet_lib.grading.outside.results import StudentResult


@dataclass
class FinalGrade:
    """What all reports of a student are made from."""

    result: StudentResult
    manual: ManualEntry = field(default_factory=ManualEntry)
    lateness: Lateness | None = None
    changes: list[str] = field(default_factory=list)  # since the last run

    def points(self, grade_id: str) -> float:
        """Of one question, as they count."""
        if grade_id in self.manual.questions:
            return self.manual.questions[grade_id].points
        return next((q.points for q in self.result.questions if q.grade_id == grade_id), 0.0)

    @property
    def earned(self) -> float:
        """Before anything is deducted."""
        return sum(self.points(question.grade_id) for question in self.result.questions)

    @property
    def penalty(self) -> float:
        """What is deducted for a late hand-in."""
        return round(self.earned * self.lateness.penalty_percent / 100, 3) if self.lateness else 0.0

    @property
    def final(self) -> float:
        """What counts."""
        return round(self.earned - self.penalty, 3)
