"""`posenet walkthrough`: the whole job, with little training; and what it says when answers are missing."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from posenet_lib.cli import main
from posenet_lib.workbook.notebook_files import notebook_paths
from tests.support.places import ANSWERS, ROOT, SOLUTIONS

POSENET = [sys.executable, "-m", "posenet_lib.cli"]


@pytest.mark.slow  # the notebooks themselves run in test_notebooks
def test_everything_is_left_behind(tmp_path, capsys):
    out = tmp_path / "out"
    status = main(["walkthrough", "--out", str(out), "--minutes", "0.15", "--strict"])
    said = capsys.readouterr().out
    assert status == 0, f"what the text says to expect did not come true:\n{said}"
    assert "always the mean training pose" in said
    names = {path.stem for path in (out / "notebooks").glob("*.ipynb")}
    assert names == {path.stem for path in notebook_paths(ROOT / "notebooks")}
    assert {path.stem for path in (out / "notebooks").glob("*.html")} == names
    assert (out / "checkpoint" / "best.safetensors").stat().st_size > 40e6
    with open(out / "predictions.csv", newline="") as file:
        assert len(list(csv.DictReader(file))) == 96

    page = (out / "index.html").read_text()
    kept, tested = map(int, re.search(r"Expectations: (\d+) of (\d+) came true", page).groups())
    assert kept == tested > 150
    assert len(re.findall(r"<tr><td>", page)) == 5, "the network, its aligned poses and three baselines"
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(links) > 12
    missing = [link for link in links if not (out / link).is_file()]
    assert not missing
    assert all(alt for alt in re.findall(r'<img [^>]*alt="([^"]*)"', page))


@pytest.mark.slow
def test_what_the_text_says_holds_on_a_laptop_after_less_than_a_minute_of_training(tmp_path):
    """A processor with AVX2 alone, imitated: float32, small pictures, few epochs.

    Below a minute, notebooks 10 and 11 render one walk in place of sixteen. What the text says of full runs alone is
    tested by `posenet walkthrough --strict`, which takes most of an hour.
    """
    laptop = {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}
    command = [*POSENET, "walkthrough", "--out", str(tmp_path / "out"), "--minutes", "0.8", "--strict"]
    done = subprocess.run(command, env={**os.environ, **laptop}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_missing_answers_name_the_notebook(tmp_path, capsys):
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "generate_mean_image.py").write_text(SOLUTIONS["generate_mean_image"], encoding="utf-8")
    assert main(["walkthrough", "--out", str(tmp_path / "out"), "--answers", str(answers)]) == 2
    error = capsys.readouterr().err
    assert "lacks 2 of 3 answers" in error
    assert "finish TODO 2 in notebooks/04_loss.ipynb" in error
    assert not (tmp_path / "out").exists()


def test_a_wrong_answer_stops_at_its_check(tmp_path, capsys):
    answers = Path(shutil.copytree(ANSWERS, tmp_path / "answers"))
    mean_image = answers / "generate_mean_image"
    shutil.copyfile(mean_image / "wrong" / "transposed.py", mean_image / "solution.py")
    assert main(["walkthrough", "--out", str(tmp_path / "out"), "--answers", str(answers)]) == 2
    error = capsys.readouterr().err
    assert "01_mean_image.ipynb, cell check_generate_mean_image" in error
    assert (tmp_path / "out" / "notebooks" / "01_mean_image.html").is_file(), "what ran is kept"
    assert not (tmp_path / "out" / "notebooks" / "02_transforms.ipynb").exists()


@pytest.mark.parametrize("arguments", [["--minutes", "0"], ["--answers", "nowhere"]])
def test_bad_options(tmp_path, capsys, arguments):
    assert main(["walkthrough", "--out", str(tmp_path / "out"), *arguments]) == 2
    assert arguments[1] in capsys.readouterr().err


def test_an_existing_folder_is_kept(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine")
    assert main(["walkthrough", "--out", str(tmp_path)]) == 2
    assert "already holds something" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").read_text() == "mine"
