"""Points as CSV files that Canvas and Moodle import."""

import csv
import io
from collections.abc import Sequence

from posenet_lib.grading.outside.hand_ins.plain_text import cell_text
from posenet_lib.grading.outside.policies.final_grade import FinalGrade
from posenet_lib.grading.outside.policies.roster import MatchedRoster, Person


def canvas_csv(roster: MatchedRoster, grades: Sequence[FinalGrade], assignment: str) -> str:
    """For Canvas: Grades, Import. Who is missing has an empty cell, which Canvas leaves as it is."""
    points = _points(roster, grades)
    most = max((grade.result.max_points for grade in grades), default=0)
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]]
    rows.append(["    Points Possible", "", "", "", "", f"{most:g}"])
    for person in roster.people:
        ids = [person.platform_id, person.student_id, person.login, person.section]
        rows.append([person.name, *ids, points.get(person, "")])
    return _csv(rows)


def moodle_csv(roster: MatchedRoster, grades: Sequence[FinalGrade], assignment: str) -> str:
    """For Moodle: Grades, Import, CSV file; map by ID number or by email address."""
    points, by_person = _points(roster, grades), _by_person(roster, grades)
    rows = [["ID number", "Email address", "Full name", assignment, f"{assignment} (feedback)"]]
    for person in roster.people:
        grade = by_person.get(person)
        rows.append([person.student_id, person.email, person.name, points.get(person, ""), _remarks(grade)])
    return _csv(rows)


def roster_lines(roster: MatchedRoster) -> list[str]:
    """For the terminal: who is missing, and which submissions belong to nobody."""
    lines = [f"Missing: {len(roster.missing)} of {len(roster.people)} in the roster"]
    for person in roster.missing:
        more = ", ".join(part for part in (person.student_id, person.section) if part)
        lines.append(f"  {person.name}{f' ({more})' if more else ''}")
    lines.append(f"Submissions that belong to nobody in the roster: {len(roster.unmatched) or 'none'}")
    return lines + [f"  {student}: {why}" for student, why in roster.unmatched]


def _by_person(roster: MatchedRoster, grades: Sequence[FinalGrade]) -> dict[Person, FinalGrade]:
    known = {grade.result.student: grade for grade in grades}
    return {person: known[student] for student, person in roster.person_of.items() if student in known}


def _points(roster: MatchedRoster, grades: Sequence[FinalGrade]) -> dict[Person, str]:
    return {person: f"{grade.final:g}" for person, grade in _by_person(roster, grades).items()}


def _remarks(grade: FinalGrade | None) -> str:
    if grade is None:
        return ""
    parts = [f"{name}: {given.why}" for name, given in grade.manual.questions.items() if given.why]
    if grade.manual.comment:
        parts.append(grade.manual.comment)
    if grade.lateness and grade.lateness.short:
        parts.append(grade.lateness.text)
    return " ".join(parts)


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[cell_text(cell) for cell in row] for row in rows])
    return out.getvalue()
