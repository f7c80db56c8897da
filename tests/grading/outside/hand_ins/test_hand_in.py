"""`posenet submit`: the zip and its receipt."""

import zipfile

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hand_ins.hand_in import hand_in
from posenet_lib.grading.outside.hand_ins.receipt import receipt_code
from posenet_lib.grading.outside.hand_ins.submissions import Submission, read_files
from tests.support.places import NOTEBOOKS


def test_the_zip_holds_the_notebooks_and_the_grader_finds_the_same_receipt(tmp_path):
    said = hand_in(NOTEBOOKS, tmp_path / "me.zip", run_checks=False)
    assert "TODO 2 head_loss in 04_loss.ipynb: not attempted" in said
    files = read_files(Submission("me", [tmp_path / "me.zip"]))
    assert len(files.notebooks) == 2 and not files.problems
    assert receipt_code(data for _, data in files.notebooks) in said
    with zipfile.ZipFile(tmp_path / "me.zip") as archive:
        assert archive.read("receipt.txt").decode().strip() in said


def test_the_receipt_is_of_the_contents_alone():
    assert receipt_code([b"one", b"two"]) == receipt_code([b"two", b"one"]) != receipt_code([b"one", b"twO"])
    assert receipt_code([]) == ""


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(WorkbookError, match=r"holds none of 01_mean_image\.ipynb"):
        hand_in(tmp_path, tmp_path / "me.zip", run_checks=False)
    (tmp_path / "01_mean_image.ipynb").write_bytes((NOTEBOOKS / "01_mean_image.ipynb").read_bytes())
    assert "THE NOTEBOOK IS MISSING" in hand_in(tmp_path, tmp_path / "me.zip", run_checks=False)
    (tmp_path / "01_mean_image.ipynb").write_text("{")
    with pytest.raises(WorkbookError, match=r"01_mean_image\.ipynb: the file is not a notebook"):
        hand_in(tmp_path, tmp_path / "me.zip", run_checks=False)
