"""Grades one submission: read, find the answers, run them against the hidden cells, ask the checks for messages."""

import hashlib
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from posenet_lib.core.process_memory import own_peak_mb
from posenet_lib.grading.outside.check_messages import teach
from posenet_lib.grading.outside.hand_ins.answer_cells import FoundAnswers, Unreadable, find_answers, read_cells
from posenet_lib.grading.outside.hand_ins.receipt import receipt_code
from posenet_lib.grading.outside.hand_ins.submissions import Submission, digest, likely_order, read_files
from posenet_lib.grading.outside.hand_ins.submitted_files import SubmittedFiles
from posenet_lib.grading.outside.hidden_cells.assemble import ExpectedOutput, assemble
from posenet_lib.grading.outside.hidden_cells.expected_outputs import ExpectedOutputs, expected_outputs
from posenet_lib.grading.outside.hidden_cells.question_data import QuestionData
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.nbval_run import NotebookRun, run_notebooks
from posenet_lib.grading.outside.kernels.sandbox import Sandbox, SandboxDied
from posenet_lib.grading.outside.pages.similar import fingerprint
from posenet_lib.grading.outside.results import (
    GRADED,
    INCOMPLETE,
    NOT_ATTEMPTED,
    GroupResult,
    QuestionResult,
    StudentResult,
)
from posenet_lib.grading.outside.same_mistake import count_once, likely, the_same
from posenet_lib.workbook.feedback import attempted

_NAMED = 4  # kinds of input in one sentence


@dataclass(frozen=True)
class Course:
    """What every submission is graded with."""

    questions: Sequence[QuestionData]
    expected: ExpectedOutputs
    limits: Limits
    seed: int = 0  # of the hidden inputs; in `of_student`, of that student's
    practice: Sequence[QuestionData] = ()  # without points; an answer may use it, and the reference stands in

    @property
    def references(self) -> Sequence[QuestionData]:
        """All questions whose reference may stand in where an answer uses them."""
        return (*self.questions, *self.practice)

    def of_student(self, student: str, sandbox: Sandbox) -> "Course":
        """The same with hidden inputs of this student's own, which the run's seed and the name decide.

        Raises:
            WorkbookError: the reference does not run.
        """
        own = hashlib.sha256(f"{self.seed} {student}".encode("utf-8", "surrogateescape")).digest()
        seed = int.from_bytes(own[:6], "big")
        return replace(self, seed=seed, expected=expected_outputs(self.questions, sandbox, seed=seed, kept=False))

    def key(self, submission: Submission) -> str:
        """Changes with what was handed in, with the questions, the limits and the seed."""
        parts = (digest(submission), [data.version for data in self.questions], self.limits, self.seed)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def empty_result(student: str, key: str, course: Course) -> StudentResult:
    """All questions missing."""
    rows = [
        QuestionResult(data.grade_id, data.question.number, data.question.title, data.points)
        for data in course.questions
    ]
    return StudentResult(student, key, rows, seed=course.seed)


def grade_one(submission: Submission, course: Course, sandbox: Sandbox, junit: Path) -> StudentResult:
    """Grade a submission. Whatever it holds, the outcome is a result with a reason, not an error."""
    began = time.monotonic()
    files = read_files(submission)
    result = empty_result(submission.student, course.key(submission), course)
    result.receipt = receipt_code(data for _, data in files.notebooks)
    found = _answers(files, course.questions)
    result.problems = files.problems + found.remarks
    if found.sources:
        grade_answers(found.sources, result, course.of_student(submission.student, sandbox), sandbox, junit)
    if not any(q.status != "missing" for q in result.questions) and not result.problems:
        result.problems.append("the notebooks hold no answer cell")
    result.seconds = round(time.monotonic() - began, 2)
    result.memory_mb = round(own_peak_mb())
    return result


def _answers(files: SubmittedFiles, questions: Sequence[QuestionData]) -> FoundAnswers:
    """Each question's answer, looked for in its own notebook first."""
    parsed = []
    while files.notebooks:  # one after the other: their bytes are let go as soon as their code cells are known
        name, data = files.notebooks.pop(0)
        try:
            parsed.append((name, read_cells(data)))
        except Unreadable as reason:
            files.complain(name, reason)
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
    rows, notebooks = {row.grade_id: row for row in result.questions}, {}
    for data in course.questions:
        row, source = rows[data.grade_id], sources.get(data.grade_id)
        if source is None:
            row.reason = f"no answer cell in {data.question.notebook}"
        elif _is_untouched(source, data):
            row.status, row.reason = NOT_ATTEMPTED, "not attempted"
        else:
            row.fingerprint, row.source = fingerprint(source), source
            expected = course.expected[data.grade_id]
            notebooks[data.grade_id] = assemble(data, source, course.references, expected, course.seed)
    if not notebooks:
        return
    with tempfile.TemporaryDirectory(prefix="posenet-grade-") as folder:
        runs = run_notebooks(notebooks, Path(folder), sandbox, course.limits, junit)
    for data in course.questions:
        if data.grade_id in notebooks:
            _score(data, rows[data.grade_id], runs[data.grade_id], course.expected[data.grade_id])
    for data in course.questions:
        row = rows[data.grade_id]
        if row.status == GRADED and row.points < row.max_points:
            try:
                row.checks, messages = teach(data, sources, rows, course.references, sandbox, course.limits)
                _count_once(data, row, runs[data.grade_id], messages, course, sandbox)
            except SandboxDied:
                sandbox.start()
            if row.points == 0 and row.checks and not attempted(line.outcome for line in row.checks):
                row.status, row.reason = NOT_ATTEMPTED, "not attempted"


def _is_untouched(source: str, data: QuestionData) -> bool:
    """A shortcut: what is the hand-out's stub need not run. Of all else the checks say whether it was attempted."""
    return not source.strip() or fingerprint(source) == fingerprint(data.stub)


def _score(data: QuestionData, row: QuestionResult, run: NotebookRun, expected: Mapping[str, ExpectedOutput]) -> None:
    row.status = INCOMPLETE if run.incomplete else GRADED
    row.reason = f"incomplete, so 0 points: the code {run.incomplete}" if run.incomplete else ""
    row.groups = []
    for group in data.groups:
        cell = f"probe_{group.name}"
        passed = not run.incomplete and cell in run.passed
        lost = group.lost
        if not passed and not run.incomplete:
            lost += _where_lost(expected[group.name], run.probed.get(cell, ""), raised=cell in run.raised)
        row.groups.append(GroupResult(group.name, group.title, group.points, passed, lost))


def _count_once(
    data: QuestionData,
    row: QuestionResult,
    run: NotebookRun,
    messages: Sequence[str],
    course: Course,
    sandbox: Sandbox,
) -> None:
    """Where several hidden cells were lost for one known mistake, it costs its own points alone."""
    if sum(not group.passed for group in row.groups) > 1:
        tried = likely(data, messages)
        expected = course.expected[data.grade_id]
        if mistake := the_same(tried, data, run, expected, course.references, course.seed, sandbox):
            count_once(row, mistake)


def _where_lost(expected: ExpectedOutput, probed: str, *, raised: bool) -> str:
    """The kinds of input for which a hidden cell was lost, in the words of the probe file; nothing of their numbers."""
    wanted, got = expected.text.split("\n"), probed.split("\n") if probed else []
    wrong = [kind for kind, *lines in zip(expected.kinds, wanted, got, strict=False) if lines[0] != lines[1]]
    missing = expected.kinds[len(got) : len(got) + 1] if raised else []
    named = list(dict.fromkeys(kind for kind in (*wrong, *missing) if kind))
    if not named:
        return ""
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f" Here it was lost for: {'; '.join(named[:_NAMED])}{more}."
