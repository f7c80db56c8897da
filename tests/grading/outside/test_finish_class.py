"""What follows the grading of a class, put together; nothing is run here."""

import csv
import json
import os
from datetime import UTC, datetime

import pytest

from posenet_lib import cli
from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.finish_class import finish_class, read_course_files
from posenet_lib.grading.outside.pages.report import write_class_reports
from tests.support.results import a_result

POLICY = """
deadline = "2026-10-14 12:00"
timezone = "UTC"
grace_days = 1
penalty_percent = 50
[extensions]
s2 = 30
[gradescope]
hidden_tests = "after_published"
notebook_checks = "hidden"
"""
ROSTER = "Name,ID number,Section\nAda,s1,A\nBob,s2,B\nMax,s3,B\n"


@pytest.fixture
def course(tmp_path):
    """Two submissions, two days after the deadline."""
    handed_in = datetime(2026, 10, 16, 11, tzinfo=UTC).timestamp()
    for name in ("ada", "bob"):
        (tmp_path / "class" / name).mkdir(parents=True)
        file = tmp_path / "class" / name / "01_mean_image.ipynb"
        file.write_text("{}")
        os.utime(file, (handed_in, handed_in))
    (tmp_path / "late.toml").write_text(POLICY)
    (tmp_path / "students.csv").write_text(ROSTER)
    return tmp_path


def finish(course, results):
    out = course / "graded"
    out.mkdir(exist_ok=True)
    write_class_reports(out, results, [])
    files = read_course_files(out, course / "class", policy=course / "late.toml", roster=course / "students.csv")
    return out, "\n".join(finish_class(files, results, datetime(2026, 11, 1)))


def test_late_days_reach_every_report(course):
    results = [a_result("ada"), a_result("bob")]
    results[0].receipt = "12ab-34cd"
    out, said = finish(course, results)
    assert "ada: 2 d, 1 grace days used, 0.75 points deducted" in said and "Max (s3, B)" in said
    rows = {row["student"]: row for row in csv.DictReader((out / "grades.csv").open(encoding="utf-8"))}
    assert (rows["ada"]["late"], rows["ada"]["deducted"], rows["ada"]["final"]) == ("2 d", "0.75", "0.75")
    assert rows["bob"]["late"] == "", "the extension, by the roster's id"
    page = (out / "feedback" / "ada.html").read_text(encoding="utf-8")
    assert "0.75 of 3 points" in page and "1.5 - 0.75 = 0.75" in page and "12ab-34cd" in page
    assert "with your extension" in (out / "feedback" / "bob.html").read_text(encoding="utf-8")
    document = json.loads((out / "gradescope" / "ada.json").read_text(encoding="utf-8"))
    assert document["score"] == 0.75 == sum(test["score"] for test in document["tests"])
    assert document["tests"][0]["visibility"] == "after_published" and "12ab-34cd" in document["output"]
    assert "Ada,s1" in (out / "canvas.csv").read_text().replace("Ada,,s1", "Ada,s1")


def test_points_by_hand_reach_every_report_and_the_history(course):
    results = [a_result("ada"), a_result("bob")]
    out, _ = finish(course, results)
    text = (out / "grades.csv").read_text(encoding="utf-8")
    text = text.replace("bob,1.5,1.5,3,graded,,,,", "bob,1.5,1.5,3,graded,,2.5,nearly <b>right</b>,well done")
    (out / "grades.csv").write_text(text, encoding="utf-8")
    out, said = finish(course, results)
    assert "bob: head_loss: points by hand none -> 2.5" in said
    page = (out / "feedback" / "bob.html").read_text(encoding="utf-8")
    assert "2.5 of 3 points" in page and "nearly &lt;b&gt;right" in page and "well done" in page
    document = json.loads((out / "gradescope" / "bob.json").read_text(encoding="utf-8"))
    assert document["score"] == 2.5 == sum(test["score"] for test in document["tests"])
    assert "points by hand" in (out / "history.csv").read_text(encoding="utf-8")
    assert "Changed since the last run: nobody" in finish(course, results)[1]


def test_wrong_files_are_named_before_anything_is_graded(course, capsys):
    (course / "late.toml").write_text("grace_days = -1")
    with pytest.raises(WorkbookError, match="grace_days"):
        read_course_files(course / "graded", course / "class", policy=course / "late.toml")
    arguments = ["grade", str(course / "class"), "--out", str(course / "graded"), "--policy", str(course / "late.toml")]
    assert cli.main(arguments) == 2
    assert "grace_days is -1" in capsys.readouterr().err
