"""What follows the grading of a class: points by hand, late days, history, the roster's files, similar answers.

results of grade_class -> FinalGrade for each student -> grades.csv, feedback/, gradescope/, history.csv
                                                      -> canvas.csv, moodle.csv (with a roster)
                                                      -> similar/ (pairs, side by side)
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from posenet_lib.core.files import write_text
from posenet_lib.grading.outside.hand_ins.hand_in_times import HandInTimes, hand_in_times
from posenet_lib.grading.outside.hand_ins.plain_text import plain_line
from posenet_lib.grading.outside.hand_ins.submissions import find_submissions
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions
from posenet_lib.grading.outside.pages.history import keep_history, note_changes
from posenet_lib.grading.outside.pages.learning_platforms import canvas_csv, moodle_csv, roster_lines
from posenet_lib.grading.outside.pages.report import write_grades, write_student_reports
from posenet_lib.grading.outside.pages.similar import fingerprint
from posenet_lib.grading.outside.pages.similar_pages import earlier_results, similar_pairs, write_similar
from posenet_lib.grading.outside.policies.final_grade import FinalGrade
from posenet_lib.grading.outside.policies.late_policy import LatePolicy, read_policy
from posenet_lib.grading.outside.policies.manual_points import ManualEntry, read_manual
from posenet_lib.grading.outside.policies.roster import MatchedRoster, Person, match, read_roster
from posenet_lib.grading.outside.results import StudentResult


@dataclass
class CourseFiles:
    """An instructor's files beside the submissions, read and checked before anything is graded."""

    out: Path
    submissions: Path
    policy: LatePolicy = field(default_factory=LatePolicy)
    times: HandInTimes = field(default_factory=HandInTimes)
    people: list[Person] | None = None
    earlier: dict[str, list[StudentResult]] = field(default_factory=dict)
    assignment: str = "PoseNet workbook"


def read_course_files(
    out: Path,
    submissions: Path,
    *,
    policy: Path | None = None,
    metadata: Path | None = None,
    roster: Path | None = None,
    compare_with: Sequence[Path] = (),
    assignment: str = CourseFiles.assignment,
) -> CourseFiles:
    """Read all of them.

    Raises:
        WorkbookError: one of them is wrong, and which; also if grades.csv holds a number by hand that is none.
    """
    read_manual(out / "grades.csv")
    return CourseFiles(
        out,
        submissions,
        read_policy(policy) if policy else LatePolicy(),
        hand_in_times(submissions, metadata),
        read_roster(roster) if roster else None,
        {_course_name(folder, compare_with): earlier_results(folder) for folder in compare_with},
        assignment,
    )


def _course_name(folder: Path, folders: Sequence[Path]) -> str:
    """The folder's name, or its whole path where two have one name."""
    alike = sum(other.resolve().name == folder.resolve().name for other in folders) > 1
    return str(folder) if alike else folder.resolve().name


def finish_class(files: CourseFiles, results: Sequence[StudentResult], now: datetime | None = None) -> list[str]:
    """Write everything that follows from the results; returns lines for the terminal."""
    manual = read_manual(files.out / "grades.csv")
    grades = [FinalGrade(result, manual.pop(result.student, ManualEntry())) for result in results]
    lines = [f"grades.csv has points by hand for {name}, who is not in this run" for name in manual]
    roster = match(files.people, [result.student for result in results]) if files.people is not None else None
    lines += _judge_times(files, grades, roster)
    note_changes(files.out, grades)
    lines += _write(files, grades, roster, manual)
    changed = [grade for grade in grades if grade.changes]
    lines.append(f"Changed since the last run: {len(changed) or 'nobody'}")
    lines += [f"  {grade.result.student}: {'; '.join(grade.changes)}" for grade in changed]
    keep_history(files.out, grades, now or datetime.now())
    return [plain_line(line)[:400] for line in lines]


def _judge_times(files: CourseFiles, grades: Sequence[FinalGrade], roster: MatchedRoster | None) -> list[str]:
    if files.policy.deadline is None:
        return []
    found = {submission.student: submission for submission in find_submissions(files.submissions)}
    sources, known = set(), set()
    for grade in grades:
        student = grade.result.student
        names = [student, *files.times.names, *_names(roster, student)]
        time, source = files.times.of(found[student]) if student in found else (None, "")
        grade.lateness = files.policy.judge(files.policy.known_as(names), time, source)
        sources.add(source)
        known.update(names)
    late = [grade for grade in grades if grade.lateness and grade.lateness.short]
    lines = [f"Late: {len(late) or 'nobody'} (times: {', '.join(sorted(sources - {''})) or 'unknown'})"]
    lines += [
        f"  {grade.result.student}: {grade.lateness.short}, {grade.lateness.grace_used} grace days used, "
        f"{grade.penalty:g} points deducted"
        for grade in late
    ]
    if files.times.names:  # a container grades one student of the class
        return lines
    unknown = sorted({*files.policy.extensions, *files.policy.grace_days_used} - known)
    return lines + [f"The policy names {name}, but there is no such submission" for name in unknown]


def _names(roster: MatchedRoster | None, student: str) -> list[str]:
    person = roster.person_of.get(student) if roster else None
    return [person.name, person.student_id, person.login, person.email] if person else []


def _write(
    files: CourseFiles,
    grades: Sequence[FinalGrade],
    roster: MatchedRoster | None,
    of_others: dict[str, ManualEntry],
) -> list[str]:
    write_grades(files.out, grades, of_others)
    for grade in grades:
        write_student_reports(files.out, grade.result, grade, files.policy.gradescope)
    lines = []
    for grade in grades:
        unexplained = [name for name, given in grade.manual.questions.items() if not given.why]
        if unexplained:
            lines.append(f"{grade.result.student}: points by hand for {', '.join(unexplained)} without a reason")
    if roster is not None:
        write_text(files.out / "canvas.csv", canvas_csv(roster, grades, files.assignment))
        write_text(files.out / "moodle.csv", moodle_csv(roster, grades, files.assignment))
        lines += roster_lines(roster)
    return [*lines, _compare(files, [grade.result for grade in grades], roster)]


def _compare(files: CourseFiles, results: Sequence[StudentResult], roster: MatchedRoster | None) -> str:
    references = {data.grade_id: fingerprint(data.reference) for data in load_questions()}
    sections = {student: person.section for student, person in roster.person_of.items()} if roster else {}
    return write_similar(files.out, similar_pairs(results, files.earlier, references, sections))
