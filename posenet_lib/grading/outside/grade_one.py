"""Grades one submission: read, find the answers, run them against the hidden cells, ask the checks for messages."""

import hashlib
import resource
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.grading.outside.answer_cells import FoundAnswers, Unreadable, find_answers, read_cells
from posenet_lib.grading.outside.assemble import assemble
from posenet_lib.grading.outside.check_messages import teach
from posenet_lib.grading.outside.expected_outputs import ExpectedOutputs
from posenet_lib.grading.outside.limits import Limits
from posenet_lib.grading.outside.nbval_run import NotebookRun, run_notebooks
from posenet_lib.grading.outside.question_data import QuestionData
from posenet_lib.grading.outside.results import (
    GRADED,
    INCOMPLETE,
    NOT_ATTEMPTED,
    GroupResult,
    QuestionResult,
    StudentResult,
)
from posenet_lib.grading.outside.sandbox import Sandbox, SandboxDied
from posenet_lib.grading.outside.similar import fingerprint
from posenet_lib.grading.outside.submissions import Submission, SubmittedFiles, likely_order, read_files
from posenet_lib.workbook import cell_source


@dataclass(frozen=True)
class Course:
    """What every submission is graded with."""

    questions: Sequence[QuestionData]
    expected: ExpectedOutputs
    limits: Limits

    def key(self, files: SubmittedFiles) -> str:
        """Of one submission: changes with what was handed in, with the questions and with the limits."""
        parts = (files.digest, [data.version for data in self.questions], self.limits)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def empty_result(student: str, key: str, questions: Sequence[QuestionData]) -> StudentResult:
    """All questions missing."""
    rows = [
        QuestionResult(data.grade_id, data.question.number, data.question.title, data.question.points)
        for data in questions
    ]
    return StudentResult(student, key, rows)


def grade_one(submission: Submission, course: Course, sandbox: Sandbox, junit: Path) -> StudentResult:
    """Grade a submission. Whatever it holds, the outcome is a result with a reason, not an error."""
    began = time.monotonic()
    files = read_files(submission)
    result = empty_result(submission.student, course.key(files), course.questions)
    found = _answers(files, course.questions)
    result.problems = files.problems + found.remarks
    grade_answers(found.sources, result, course, sandbox, junit)
    if not any(q.status != "missing" for q in result.questions) and not result.problems:
        result.problems.append("the notebooks hold no answer cell")
    result.seconds = round(time.monotonic() - began, 2)
    result.memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return result


def _answers(files: SubmittedFiles, questions: Sequence[QuestionData]) -> FoundAnswers:
    """Each question's answer, looked for in its own notebook first."""
    parsed = []
    for name, data in files.notebooks:
        try:
            parsed.append((name, read_cells(data)))
        except Unreadable as reason:
            files.problems.append(f"{name}: {reason}")
    files.notebooks.clear()
    found = FoundAnswers()
    for data in questions:
        ordered = sorted(parsed, key=lambda item: likely_order(item[0], data.question.notebook))
        one = find_answers(ordered, [data.grade_id])
        found.sources |= one.sources
        found.remarks += one.remarks
    return found


def grade_answers(
    sources: Mapping[str, str], result: StudentResult, course: Course, sandbox: Sandbox, junit: Path
) -> None:
    """Fill in the points and messages of `result` for answers that are known by now."""
    rows, attempted = {row.grade_id: row for row in result.questions}, {}
    for data in course.questions:
        row, source = rows[data.grade_id], sources.get(data.grade_id)
        if source is None:
            row.reason = f"no answer cell in {data.question.notebook}"
        elif _is_untouched(source, data):
            row.status, row.reason = NOT_ATTEMPTED, "not attempted"
        else:
            row.fingerprint = fingerprint(source)
            attempted[data.grade_id] = assemble(data, source, course.questions, course.expected[data.grade_id])
    if not attempted:
        return
    with tempfile.TemporaryDirectory(prefix="posenet-grade-") as folder:
        runs = run_notebooks(attempted, Path(folder), sandbox, course.limits, junit)
    for data in course.questions:
        if data.grade_id in attempted:
            _score(data, rows[data.grade_id], runs[data.grade_id])
    for data in course.questions:
        row = rows[data.grade_id]
        if row.status == GRADED and row.points < row.max_points:
            try:
                row.checks = teach(data, sources, rows, course.questions, sandbox, course.limits)
            except SandboxDied:
                sandbox.start()


def _is_untouched(source: str, data: QuestionData) -> bool:
    if "".join(source.split()) in ("", "".join(data.stub.split())):
        return True
    try:
        return cell_source.is_stub(cell_source.definition_of(source, data.grade_id))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _score(data: QuestionData, row: QuestionResult, run: NotebookRun) -> None:
    row.status = INCOMPLETE if run.incomplete else GRADED
    row.reason = f"incomplete, so 0 points: the code {run.incomplete}" if run.incomplete else ""
    row.groups = [
        GroupResult(
            group.name,
            group.title,
            group.points,
            not run.incomplete and f"probe_{group.name}" in run.passed,
            group.lost,
        )
        for group in data.groups
    ]
