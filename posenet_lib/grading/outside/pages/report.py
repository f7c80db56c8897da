"""What is written about a class and about each student: tables, pages, and the histogram."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from posenet_lib.core.files import replacing, write_text
from posenet_lib.grading.outside.hand_ins.plain_text import cell_text
from posenet_lib.grading.outside.hidden_cells.question_data import QuestionData
from posenet_lib.grading.outside.pages.feedback_page import feedback_page
from posenet_lib.grading.outside.pages.gradescope import gradescope_json
from posenet_lib.grading.outside.pages.similar import fingerprint, similar_csv
from posenet_lib.grading.outside.policies.final_grade import FinalGrade
from posenet_lib.grading.outside.policies.gradescope_settings import GradescopeSettings
from posenet_lib.grading.outside.policies.manual_points import ManualEntry, manual_cells, manual_columns, read_manual
from posenet_lib.grading.outside.results import StudentResult

_BAR = 40  # characters of the longest bar
_BINS = 10


def write_student_reports(
    out: Path,
    result: StudentResult,
    grade: FinalGrade | None = None,
    settings: GradescopeSettings | None = None,
) -> None:
    """The student's page, and Gradescope's file; without `grade`, of the hidden tests alone."""
    grade = grade or FinalGrade(result)
    write_text(out / "feedback" / f"{result.student}.html", feedback_page(result, grade))
    write_text(out / "gradescope" / f"{result.student}.json", gradescope_json(result, grade, settings))


def write_class_reports(out: Path, results: Sequence[StudentResult], questions: Sequence[QuestionData]) -> None:
    """grades.csv, similar.csv and the histogram. What was written by hand into grades.csv stays in it."""
    manual = read_manual(out / "grades.csv")
    write_grades(out, [FinalGrade(result, manual.pop(result.student, ManualEntry())) for result in results], manual)
    references = {data.grade_id: fingerprint(data.reference) for data in questions}
    write_text(out / "similar.csv", similar_csv(results, references))
    draw_histogram(out / "histogram.png", results)


def write_grades(out: Path, grades: Sequence[FinalGrade], of_others: Mapping[str, ManualEntry]) -> None:
    """grades.csv, with what was written by hand for students who are not in this run."""
    write_text(out / "grades.csv", grades_csv(grades, of_others))


def grades_csv(
    grades: Sequence[FinalGrade | StudentResult], of_others: Mapping[str, ManualEntry] = MappingProxyType({})
) -> str:
    """One line for each student: points, total, status, reason; then what is given by hand, late days, final points."""
    grades = [grade if isinstance(grade, FinalGrade) else FinalGrade(grade) for grade in grades]
    if not grades:
        return ""
    names = [question.grade_id for question in grades[0].result.questions]
    rows = [["student", *names, "total", "of", "status", "reason", *manual_columns(names), "late", "deducted", "final"]]
    for grade in grades:
        result = grade.result
        points = [f"{question.points:g}" for question in result.questions]
        total = [f"{result.points:g}", f"{result.max_points:g}", result.status]
        late = [grade.lateness.short if grade.lateness else "", f"{grade.penalty:g}", f"{grade.final:g}"]
        reason = cell_text(" ".join(result.reason.split()))
        rows.append([cell_text(result.student), *points, *total, reason, *manual_cells(grade.manual, names), *late])
    for student, entry in of_others.items():
        empty = [""] * (len(names) + 2)
        rows.append([cell_text(student), *empty, "not in this run", "", *manual_cells(entry, names), "", "", ""])
    return _csv(rows)


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _bins(results: Sequence[StudentResult]) -> tuple[list[float], list[int]]:
    """Lower edges and counts. Ten bins, or one for each point where a course has few."""
    most = max((result.max_points for result in results), default=1) or 1
    count = int(most) if most <= 2 * _BINS else _BINS
    width = most / count
    counts = [0] * (count + 1)
    for result in results:
        counts[min(count, int(result.points / width + 1e-9))] += 1
    return [width * number for number in range(count + 1)], counts


def histogram_text(results: Sequence[StudentResult]) -> str:
    """Bars of '#', for the terminal."""
    edges, counts = _bins(results)
    scale = min(1.0, _BAR / max(1, *counts))
    lines = ["points  students"]
    for edge, count in zip(edges, counts, strict=True):
        bar = "#" * max(round(count * scale), count > 0)
        lines.append(f"{edge:6.4g}  {bar} {count or ''}".rstrip())
    mean = sum(result.points for result in results) / max(1, len(results))
    return "\n".join([*lines, f"{len(results)} students, mean {mean:.1f} of {results[0].max_points:g}"])


def draw_histogram(file: Path, results: Sequence[StudentResult]) -> None:
    """The same as a figure."""
    from matplotlib.figure import Figure

    edges, counts = _bins(results)
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.bar(edges, counts, width=0.9 * (edges[1] - edges[0]), color="#0072b2")
    axes.set_xlabel(f"points (of {results[0].max_points:g})")
    axes.set_ylabel("students")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.spines[["top", "right"]].set_visible(False)
    with replacing(file) as temporary:
        figure.savefig(temporary, format="png", dpi=130)


def to_look_at(results: Sequence[StudentResult]) -> list[str]:
    """Lines about runs that a person should look at."""
    return [f"{result.student}: {result.reason}" for result in results if result.needs_a_look]
