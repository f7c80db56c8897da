"""Points by hand: grades.csv in, grades.csv out."""

import csv

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.pages.history import keep_history, note_changes
from posenet_lib.grading.outside.pages.report import write_class_reports, write_grades
from posenet_lib.grading.outside.policies.final_grade import FinalGrade
from posenet_lib.grading.outside.policies.late_policy import Lateness
from posenet_lib.grading.outside.policies.manual_points import ManualEntry, ManualPoints, read_manual
from tests.support.results import a_result


def edit(file, student: str, delimiter: str = ",", **cells: str) -> None:
    """As an instructor does in a spreadsheet."""
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    for row in rows:
        if row["student"] == student:
            row.update({heading.replace("_", " ", 1): text for heading, text in cells.items()})
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_what_was_written_by_hand_stays(tmp_path, delimiter):
    results = [a_result("ada"), a_result("=bob")]
    write_class_reports(tmp_path, results, [])
    file = tmp_path / "grades.csv"
    edit(file, "'=bob", delimiter, manual_head_loss="2,5", why_head_loss="-1 for style", comment="see me")
    write_class_reports(tmp_path, results, [])
    entry = read_manual(file)["=bob"]
    assert entry == ManualEntry({"head_loss": ManualPoints(2.5, "-1 for style")}, "see me")
    row = list(csv.DictReader(file.open(encoding="utf-8")))[1]
    assert row["final"] == "2.5" and row["total"] == "1.5", "the hidden tests' points are still seen"
    write_class_reports(tmp_path, results[:1], [])
    assert read_manual(file)["=bob"] == entry, "also while the student is not in the run"


def test_no_number_is_refused_before_anything_is_lost(tmp_path):
    write_class_reports(tmp_path, [a_result("ada")], [])
    edit(tmp_path / "grades.csv", "ada", manual_head_loss="two")
    with pytest.raises(WorkbookError, match="ada, column 'manual head_loss': 'two'"):
        read_manual(tmp_path / "grades.csv")


def test_a_penalty_is_of_what_was_earned():
    grade = FinalGrade(a_result("ada"), ManualEntry({"head_loss": ManualPoints(2.0)}), Lateness("late", "1 d", 0, 25.0))
    assert (grade.earned, grade.penalty, grade.final) == (2.0, 0.5, 1.5)


def test_history_says_what_changed(tmp_path):
    from datetime import datetime

    first = FinalGrade(a_result("ada"))
    note_changes(tmp_path, [first])
    assert first.changes == []
    keep_history(tmp_path, [first], datetime(2026, 10, 1))
    again = FinalGrade(a_result("ada", passed=(True, True)), ManualEntry({"head_loss": ManualPoints(2.0, "why")}))
    again.result.key = "another"
    note_changes(tmp_path, [again])
    text = "; ".join(again.changes)
    assert "head_loss: 1.5 -> 3 points" in text and "points by hand none -> 2" in text and "do they still fit" in text
    keep_history(tmp_path, [again], datetime(2026, 10, 2))
    log = (tmp_path / "history.csv").read_text(encoding="utf-8")
    assert "2026-10-02 00:00,ada,head_loss: 1.5 -> 3 points" in log
    third = FinalGrade(again.result, again.manual)
    note_changes(tmp_path, [third])
    assert third.changes == []
    write_grades(tmp_path, [third], {})
