"""Grades a class: several submissions at once, each result written as soon as it is there, all reports at the end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.expected_outputs import bake
from posenet_lib.grading.outside.grade_one import Course, empty_result, grade_one
from posenet_lib.grading.outside.kernel import RunLimits
from posenet_lib.grading.outside.question_data import load_questions, modules_to_preload
from posenet_lib.grading.outside.report import write_class_reports, write_student_reports
from posenet_lib.grading.outside.results import INCOMPLETE, StudentResult, load_result
from posenet_lib.grading.outside.sandbox import Sandbox
from posenet_lib.grading.outside.submissions import Submission, find_submissions, read_files
from posenet_lib.grading.outside.warm_sandbox import Lane

_BAKING = RunLimits(cell_seconds=120, question_seconds=300, output_bytes=8 << 20, kept_bytes=8 << 20)
_POLL_SECONDS = 0.01


@dataclass
class ClassRun:
    """What to grade and how."""

    submissions: Path
    out: Path
    jobs: int = 2
    regrade: Sequence[str] = ()
    sandboxed: bool = True
    limits: RunLimits = field(default_factory=RunLimits)
    progress: Callable[..., object] | None = None
    baked_cache: Path | None = None
    results: list[StudentResult] = field(default_factory=list)
    graded_now: int = 0


def grade_class(run: ClassRun) -> list[StudentResult]:
    """Grade all submissions that have no result yet, and write every report.

    Raises:
        WorkbookError: nothing to grade, no questions, or no sandbox.
    """
    _check_folders(run)
    submissions = find_submissions(run.submissions)
    _check_names(run.regrade, submissions)
    questions = load_questions()
    run.out.mkdir(parents=True, exist_ok=True)
    lanes_log = run.out / "grader.log"
    sandboxes = [Sandbox(modules_to_preload(), sandboxed=run.sandboxed, lane=lane) for lane in range(max(1, run.jobs))]
    lanes = [Lane(sandbox, lanes_log) for sandbox in sandboxes]
    try:
        sandboxes[0].start()
        course = Course(questions, bake(questions, sandboxes[0], _BAKING, run.baked_cache), run.limits)
        run.results = _grade_all(run, submissions, course, lanes)
    finally:
        for lane in lanes:
            lane.close()
    write_class_reports(run.out, run.results, questions)
    return run.results


def _check_folders(run: ClassRun) -> None:
    inside, outside = run.out.resolve(), run.submissions.resolve()
    if inside == outside or (inside.is_relative_to(outside) and run.submissions.is_dir()):
        raise WorkbookError(f"--out {run.out} lies inside the submissions; choose a folder of its own")
    if run.jobs < 1:
        raise WorkbookError(f"--jobs is {run.jobs}; it must be at least 1")


def _check_names(wanted: Sequence[str], submissions: Sequence[Submission]) -> None:
    names = {submission.student for submission in submissions}
    for name in wanted:
        if name not in names:
            raise WorkbookError(f"--regrade {name}: no such student; there are: {', '.join(sorted(names))[:500]}")


def _grade_all(
    run: ClassRun, submissions: Sequence[Submission], course: Course, lanes: Sequence[Lane]
) -> list[StudentResult]:
    results: dict[str, StudentResult] = {}
    waiting = list(submissions)
    working: dict[Lane, Submission] = {}
    bar = run.progress(total=len(submissions), unit="student") if run.progress else None
    folder = run.out / "results"
    seconds = 2 * len(course.questions) * (run.limits.question_seconds + 20) + 60
    while waiting or working:
        for lane in lanes:
            if waiting and lane not in working:
                submission = waiting.pop(0)
                old = load_result(folder, submission.student)
                if old and submission.student not in run.regrade and old.key == course.key(read_files(submission)):
                    results[submission.student] = old
                    _show(bar, old)
                    continue
                lane.start(lambda sandbox, s=submission: _job(run.out, s, course, sandbox), seconds)
                working[lane] = submission
        for lane, submission in list(working.items()):
            trouble = lane.poll()
            if trouble is None:
                continue
            del working[lane]
            result = None if trouble else load_result(folder, submission.student)
            if result is None:
                result = _failed(run.out, submission, course, trouble or "its result is missing")
            results[submission.student] = result
            run.graded_now += 1
            _show(bar, result)
        time.sleep(_POLL_SECONDS)
    if bar is not None:
        bar.close()
    return [results[submission.student] for submission in submissions]


def _job(out: Path, submission: Submission, course: Course, sandbox: Sandbox) -> None:
    """In a lane's fork: grade, and write what concerns this student."""
    junit = out / "junit" / f"{submission.student}.xml"
    junit.parent.mkdir(parents=True, exist_ok=True)
    result = grade_one(submission, course, sandbox, junit)
    write_student_reports(out, result)
    result.save(out / "results")  # last: who has a result has everything


def _failed(out: Path, submission: Submission, course: Course, trouble: str) -> StudentResult:
    result = empty_result(submission.student, course.key(read_files(submission)), course.questions)
    for question in result.questions:
        question.status = INCOMPLETE
    result.problems = [f"incomplete, so 0 points: {trouble}"]
    write_student_reports(out, result)
    result.save(out / "results")
    return result


def _show(bar: object, result: StudentResult) -> None:
    if bar is not None:
        bar.set_postfix_str(f"{result.student[:20]} {result.points:g}/{result.max_points:g}")
        bar.update()
