"""Grades a class: several submissions at once, each result written as soon as it is there, all reports at the end."""

import functools
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.grade_one import Course, empty_result, grade_one
from posenet_lib.grading.outside.hand_ins.student_names import safe_name
from posenet_lib.grading.outside.hand_ins.submissions import Submission, find_submissions
from posenet_lib.grading.outside.hidden_cells.expected_outputs import expected_outputs
from posenet_lib.grading.outside.hidden_cells.question_data import all_questions, load_questions, modules_to_preload
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.sandbox import Sandbox
from posenet_lib.grading.outside.kernels.warm_sandbox import WarmSandbox
from posenet_lib.grading.outside.pages.report import write_class_reports, write_student_reports
from posenet_lib.grading.outside.results import INCOMPLETE, StudentResult, load_result, seed_of_earlier_results

_POLL_SECONDS = 0.01


@dataclass
class ClassGrading:
    """One call of `posenet grade`: its settings, and what came of it."""

    submissions: Path
    out: Path
    jobs: int = 2  # submissions at the same time
    regrade: Sequence[str] = ()  # students whose results are made again
    sandboxed: bool = True
    limits: Limits = field(default_factory=Limits)
    seed: int | None = None  # of the hidden inputs; by default that of the results in `out`, or else a new one
    progress: Callable[..., object] | None = None  # makes a bar, such as `tqdm`
    expected_outputs_cache: Path | None = None  # by default the user's
    results: list[StudentResult] = field(default_factory=list)
    graded_now: int = 0  # of the results; the others were kept from an earlier call


def grade_class(grading: ClassGrading) -> list[StudentResult]:
    """Grade all submissions that have no result yet, and write every report.

    Raises:
        WorkbookError: nothing to grade, no questions, or no sandbox.
    """
    _check_folders(grading)
    submissions = find_submissions(grading.submissions)
    grading.regrade = _known_names(grading.regrade, submissions)
    questions = load_questions()
    grading.out.mkdir(parents=True, exist_ok=True)
    log, memory_mib = grading.out / "grader.log", grading.limits.grader_memory_mib
    modules = modules_to_preload()
    first = Sandbox(modules, sandboxed=grading.sandboxed)  # runs nobody's code: the others are its forks
    sandboxes = [Sandbox(modules, sandboxed=grading.sandboxed, fork_of=first) for _ in range(grading.jobs)]
    warm_sandboxes = [WarmSandbox(sandbox, log, memory_mib) for sandbox in sandboxes]
    try:
        first.start()
        sandboxes[0].start()
        seed = _seed(grading)
        # Each student gets inputs of their own; here it is seen whether the reference runs, before anybody is graded.
        expected = expected_outputs(questions, sandboxes[0], grading.expected_outputs_cache, seed)
        practice = [data for data in all_questions() if not data.points]
        course = Course(questions, expected, grading.limits, seed, practice)
        grading.results = _grade_all(grading, submissions, course, warm_sandboxes)
    finally:
        for warm_sandbox in warm_sandboxes:
            warm_sandbox.close()
        first.close()
    write_class_reports(grading.out, grading.results, questions)
    return grading.results


def _seed(grading: ClassGrading) -> int:
    """Drawn anew for each run; a run that goes on, and a student who is graded again, keep theirs."""
    if grading.seed is not None:
        return grading.seed
    earlier = seed_of_earlier_results(grading.out / "results")
    return secrets.randbits(48) if earlier is None else earlier


def _check_folders(grading: ClassGrading) -> None:
    out, submissions = grading.out.resolve(), grading.submissions.resolve()
    if out == submissions or (out.is_relative_to(submissions) and submissions.is_dir()):
        raise WorkbookError(f"--out {grading.out} lies inside the submissions; choose a folder of its own")
    if grading.jobs < 1:
        raise WorkbookError(f"--jobs is {grading.jobs}; it must be at least 1")


def _known_names(wanted: Sequence[str], submissions: Sequence[Submission]) -> list[str]:
    """Names as they stand in `grades.csv`; a name as it stands in the folder of submissions means the same student."""
    names = {submission.student for submission in submissions}
    known = [name if name in names else safe_name(name) for name in wanted]
    for name, asked in zip(known, wanted, strict=True):
        if name not in names:
            raise WorkbookError(f"--regrade {asked}: no such student; there are: {', '.join(sorted(names))[:500]}")
    return known


def _grade_all(
    grading: ClassGrading,
    submissions: Sequence[Submission],
    course: Course,
    warm_sandboxes: Sequence[WarmSandbox],
) -> list[StudentResult]:
    results: dict[str, StudentResult] = {}
    waiting = list(submissions)
    working: dict[WarmSandbox, Submission] = {}
    bar = grading.progress(total=len(submissions), unit="student") if grading.progress else None
    folder = grading.out / "results"
    seconds = grading.limits.submission_seconds(len(course.questions))
    while waiting or working:
        for warm_sandbox in warm_sandboxes:
            if waiting and warm_sandbox not in working:
                submission = waiting.pop(0)
                old = load_result(folder, submission.student)
                if old and submission.student not in grading.regrade and old.key == course.key(submission):
                    results[submission.student] = old
                    _show(bar, old)
                    continue
                warm_sandbox.start(functools.partial(_grade_and_write, grading.out, submission, course), seconds)
                working[warm_sandbox] = submission
        for warm_sandbox, submission in list(working.items()):
            trouble = warm_sandbox.poll()
            if trouble is None:
                continue
            del working[warm_sandbox]
            result = None if trouble else load_result(folder, submission.student)
            if result is None:
                result = _failed(grading.out, submission, course, trouble or "its result is missing")
            results[submission.student] = result
            grading.graded_now += 1
            _show(bar, result)
        time.sleep(_POLL_SECONDS)
    if bar is not None:
        bar.close()
    return [results[submission.student] for submission in submissions]


def _grade_and_write(out: Path, submission: Submission, course: Course, sandbox: Sandbox) -> None:
    """In the forked process: grade, and write what concerns this student."""
    junit = out / "junit" / f"{submission.student}.xml"
    junit.parent.mkdir(parents=True, exist_ok=True)
    result = grade_one(submission, course, sandbox, junit)
    write_student_reports(out, result)
    result.save(out / "results")  # last: who has a result has everything


def _failed(out: Path, submission: Submission, course: Course, trouble: str) -> StudentResult:
    """Perhaps the grader's own fault, or this computer's: nothing has this key, so the next call grades it again."""
    result = empty_result(submission.student, "", course)
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
