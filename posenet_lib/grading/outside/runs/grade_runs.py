"""`posenet courts grade`: each student's checkpoint on hidden photos of that student's own court.

checkpoints + seeds.csv + secret -> errors beside 'mean pose' -> points -> runs.csv
"""

import contextlib
import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.grading.outside.hand_ins.plain_text import cell_text, plain_line
from posenet_lib.grading.outside.policies.roster import match
from posenet_lib.grading.outside.runs.checkpoint_files import HandedInRun, content_hash, find_runs, load_run
from posenet_lib.grading.outside.runs.hidden_photos import PHOTOS, HiddenPhotos, render_hidden
from posenet_lib.grading.outside.runs.known_court import CourtErrors, court_that_it_knows, errors_in
from posenet_lib.grading.outside.runs.run_policy import RunPolicy
from posenet_lib.grading.outside.runs.student_seeds import SeededStudent

GRADED, OTHER_COURT, NO_NETWORK, UNREADABLE, MISSING, UNKNOWN = (
    "graded", "another court", "no better than the mean pose", "not readable", "missing", "not in the roster",
)  # fmt: skip
_PRACTICE_COURT = 0
_COLUMNS = ["submission", "name", "id number", "section", "seed", "status", "position_m", "rotation_deg",
            "mean_pose_m", "mean_pose_deg", "points", "max_points", "reason"]  # fmt: skip


@dataclass
class RunResult:
    """One student's run."""

    submission: str
    student: SeededStudent | None
    status: str
    reason: str = ""
    errors: CourtErrors | None = None
    court: HiddenPhotos | None = None
    points: float = 0.0


@dataclass
class RunsGrading:
    """One call of `posenet courts grade`."""

    folder: Path
    students: Sequence[SeededStudent]
    secret: bytes
    policy: RunPolicy = field(default_factory=RunPolicy)
    photos: int = PHOTOS  # of each of two walks
    workers: int = 2
    cache: Path | None = None
    progress: Callable[[int, int], None] | None = None  # of the courts that are rendered


def grade_runs(grading: RunsGrading) -> list[RunResult]:
    """Grade every run; one that is bad costs no other one anything.

    Raises:
        WorkbookError: there are no runs.
    """
    runs = find_runs(grading.folder)
    roster = match([student.person for student in grading.students], [run.student for run in runs])
    seeded = {student.person: student for student in grading.students}
    mine = {run.student: seeded.get(roster.person_of.get(run.student)) for run in runs}
    why = dict(roster.unmatched)
    copies = _copies([run for run in runs if run.file])
    results = [RunResult(run.student, mine[run.student], UNREADABLE, run.problem) for run in runs]
    judged = []
    for run, result in zip(runs, results, strict=True):
        if result.student is None:
            result.status, result.reason = UNKNOWN, why.get(run.student, "")
        elif run.file is not None:
            judged.append((run.file, result))
    _judge(judged, grading)
    for result in results:
        if same := copies.get(result.submission):
            result.reason = f"{result.reason} The same file as that of {same}.".strip()
    missing = [seeded[person] for person in roster.missing]
    return results + [RunResult("", student, MISSING, "no run was handed in") for student in missing]


def _copies(runs: Sequence[HandedInRun]) -> dict[str, str]:
    """For runs whose file somebody else has handed in too: by whom."""
    by_hash: dict[str, list[str]] = {}
    for run in runs:
        with contextlib.suppress(OSError):  # what is wrong with it is said where it is loaded
            by_hash.setdefault(content_hash(run.file), []).append(run.student)
    return {
        student: ", ".join(other for other in students if other != student)
        for students in by_hash.values()
        for student in students
        if len(students) > 1
    }


def _judge(judged: Sequence[tuple[Path, RunResult]], grading: RunsGrading) -> None:
    """Errors and points; and where there are none, whether the network knows another court."""
    readable = [(file, result) for file, result in judged if _is_readable(file, result)]
    courts = _render(grading, [result.student.seed for _, result in readable])
    without = []
    for file, result in readable:
        result.court = courts[result.student.seed]
        try:
            result.errors = errors_in(load_run(file), result.court)
        except WorkbookError as error:
            result.reason = str(error)
            continue
        share = result.errors.share
        result.points, result.status = grading.policy.earned(share), GRADED
        if not result.points:
            result.status, result.reason = NO_NETWORK, f"its errors are {100 * share:.0f} % of the mean pose's."
            without.append((file, result))
    if without:  # a copy may be of anybody's court, or of the one that all have
        courts = _render(grading, [*(student.seed for student in grading.students), _PRACTICE_COURT])
    for file, result in without:
        if other := court_that_it_knows(load_run(file), result.errors, courts):
            result.status, result.reason = OTHER_COURT, _knows(other, result.errors, grading.students)


def _is_readable(file: Path, result: RunResult) -> bool:
    """Whether a network can be made of it: before its court is rendered, which takes far longer."""
    try:
        load_run(file)
    except WorkbookError as error:
        result.reason = str(error)
        return False
    return True


def _render(grading: RunsGrading, court_seeds: Sequence[int]) -> dict[int, HiddenPhotos]:
    return render_hidden(
        court_seeds,
        grading.secret,
        photos=grading.photos,
        folder=grading.cache,
        workers=grading.workers,
        progress=grading.progress,
    )


def _knows(other: CourtErrors, own: CourtErrors, students: Sequence[SeededStudent]) -> str:
    whose = next((f"of {plain_line(s.person.name)}" for s in students if s.seed == other.court_seed), "PracticeCourt")
    return (
        f"this network knows the court {whose} (seed {other.court_seed}): {other.position_m:.2f} m and "
        f"{other.rotation_deg:.1f} deg there, {own.position_m:.2f} m and {own.rotation_deg:.1f} deg in its own."
    )


def runs_csv(results: Sequence[RunResult], policy: RunPolicy) -> str:
    """One line for each student, those who have handed in first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for result in results:
        person = result.student.person if result.student else None
        who = [person.name, person.student_id, person.section] if person else ["", "", ""]
        own, court = result.errors, result.court
        numbers = [f"{own.position_m:.3f}", f"{own.rotation_deg:.2f}"] if own else ["", ""]
        mean = court.mean_pose if court else None
        numbers += [f"{mean.median_position_m:.3f}", f"{mean.median_rotation_deg:.2f}"] if mean else ["", ""]
        row = [result.submission, *who, result.student.seed if result.student else "", result.status, *numbers]
        row += [f"{result.points:g}", f"{policy.points:g}", result.reason]
        writer.writerow([cell_text(plain_line(str(cell))) for cell in row])
    return out.getvalue()


def write_runs(file: Path, results: Sequence[RunResult], policy: RunPolicy) -> None:
    """Write runs.csv, whole or not at all."""
    write_text(file, runs_csv(results, policy))


def summary_lines(results: Sequence[RunResult], policy: RunPolicy) -> list[str]:
    """For the terminal."""
    lines = []
    for result in results:
        name = result.submission or plain_line(result.student.person.name)
        errors = f"{result.errors.position_m:.2f} m, {result.errors.rotation_deg:.1f} deg" if result.errors else ""
        told = "; ".join(part for part in (errors, result.status if result.status != GRADED else "") if part)
        reason = f": {result.reason}" if result.reason else ""
        lines.append(f"{name}: {result.points:g} of {policy.points:g} points ({told}){reason}")
    return lines
