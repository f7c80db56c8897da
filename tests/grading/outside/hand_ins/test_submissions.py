"""Whose submission is whose."""

import os
from pathlib import Path

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hand_ins.submissions import digest, find_submissions, likely_order, read_files


def test_submissions_of_every_form(tmp_path):
    (tmp_path / "ada").mkdir()
    for name in (
        "bob.zip",
        "eve__01_mean_image.ipynb",
        "eve__04_loss.ipynb",
        "a__b__04_loss.ipynb",
        "solo.ipynb",
        "notes.txt",
    ):
        (tmp_path / name).touch()
    (tmp_path / ".DS_Store").touch()
    found = {submission.student: len(submission.paths) for submission in find_submissions(tmp_path)}
    assert found == {"ada": 1, "bob": 1, "eve": 2, "a__b": 1, "solo": 1}


def test_odd_names_become_safe_file_names(tmp_path):
    for name in ("..zip", "a\nb.zip", "x;rm -rf ~.zip", "ü.zip"):
        (tmp_path / name).touch()
    students = {submission.student for submission in find_submissions(tmp_path)}
    assert not [name for name in students if "/" in name or "\n" in name or name.startswith(".") or not name]
    assert "ü" in students


def test_long_names_and_names_that_are_no_text_are_kept_apart(tmp_path):
    for letter in "ab":
        (tmp_path / f"{'x' * 240}{letter}.zip").touch()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.zip")).touch()
    found = find_submissions(tmp_path)
    assert len({submission.student for submission in found}) == 3
    for submission in found:
        assert len(submission.student) < 120
        "; ".join(read_files(submission).problems).encode()


def test_no_submissions_is_an_error(tmp_path):
    with pytest.raises(WorkbookError, match="holds no submissions"):
        find_submissions(tmp_path)
    with pytest.raises(WorkbookError, match="no such folder"):
        find_submissions(tmp_path / "absent")


def test_the_notebook_with_the_right_name_comes_first():
    names = ["x/other.ipynb", "x/04_loss (1).ipynb", "ada__04_loss.ipynb", "x/01_mean_image.ipynb"]
    ordered = sorted(names, key=lambda name: likely_order(name, "04_loss.ipynb"))
    assert ordered[:2] == ["ada__04_loss.ipynb", "x/04_loss (1).ipynb"]


def test_names_that_differ_in_odd_characters_are_students_of_their_own(tmp_path):
    for name in (
        "Ann?.zip",
        "Ann*.zip",
        "Ann_.zip",
        "Ann%3F.zip",
        "a:b.zip",
        "a_b.zip",
        "Ann.zip",
        "Ann .zip",
        "x\x1b[1m.zip",
    ):
        (tmp_path / name).touch()
    found = [submission.student for submission in find_submissions(tmp_path)]
    assert len(set(found)) == 9
    assert {"Ann%3F", "Ann%2A", "Ann%253F", "a%3Ab", "Ann", "Ann%20", "x%1B%5B1m"} <= set(found)


def test_what_decides_whether_a_student_is_graded_again(tmp_path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "a.ipynb").write_text("{}")
    (one,) = find_submissions(tmp_path)
    before = digest(one)
    assert digest(one) == before
    (tmp_path / "ada" / "a.ipynb").write_text("{ }")
    assert digest(one) != before
    with (tmp_path / "ada" / "b.ipynb").open("wb") as file:
        file.truncate(1 << 40)  # nobody reads this
    assert digest(one) == digest(one) != before
