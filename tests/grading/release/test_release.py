"""What students and Gradescope get, opened again and looked through."""

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from posenet_lib import cli
from posenet_lib.workbook.notebook_files import notebook_paths
from tests.support.places import ROOT


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    """Made and searched for secrets, but not tried: that takes a minute (`test_bundle_works`)."""
    out = tmp_path_factory.mktemp("release") / "posenet-workbook.zip"
    assert cli.main(["release", "--out", str(out), "--repo", "my-uni/posenet-course", "--no-check"]) == 0
    return out


@pytest.mark.slow
def test_bundle_works(tmp_path, capsys):
    """Made and tried as an instructor does it: installed, and its notebooks run up to the first TODO."""
    out = tmp_path / "posenet-workbook.zip"
    assert cli.main(["release", "--out", str(out), "--repo", "my-uni/posenet-course"]) == 0
    count = len(notebook_paths(ROOT / "notebooks"))
    assert f"it installs; its {count} notebooks run up to the first TODO" in capsys.readouterr().out


def names(bundle: Path) -> set[str]:
    with zipfile.ZipFile(bundle) as archive:
        return {name.partition("/")[2] for name in archive.namelist()}


def test_bundle_has_what_students_need_and_nothing_else(bundle):
    found = names(bundle)
    needed = {"README.md", "LICENSE", "pyproject.toml", "environment.yml", "notebooks/01_mean_image.ipynb"}
    assert needed | {"posenet_lib/workbook/checks/head_loss.py", "data/PracticeCourt/dataset_train.txt"} <= found
    assert not [name for name in found if name.startswith(("tests/", ".ci/")) or name == "notebooks/README.md"]


def test_readme_of_the_bundle_speaks_to_students(bundle):
    with zipfile.ZipFile(bundle) as archive:
        text = archive.read("posenet-workbook/README.md").decode()
    assert not [word for word in ("For instructors", "Run the tests", "pytest -", "tests/ ") if word in text]
    assert "posenet lab" in text and "MIT licence" in text


def test_wrong_repository_name_is_explained(tmp_path, capsys):
    assert cli.main(["release", "--out", str(tmp_path / "x.zip"), "--repo", "https://github.com/a/b"]) == 2
    assert "OWNER/NAME" in capsys.readouterr().err
    assert not (tmp_path / "x.zip").exists()


@pytest.fixture(scope="module")
def autograder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("autograder")
    assert cli.main(["release", "--gradescope", "--out", str(folder / "autograder.zip")]) == 0
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        archive.extractall(folder / "source")
    return folder


def test_autograder_has_its_scripts_and_the_questions(autograder):
    with zipfile.ZipFile(autograder / "autograder.zip") as archive:
        found = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert found["setup.sh"] & 0o111 and found["run_autograder"] & 0o111
    assert {"workbook/tests/questions/head_loss/solution.py", "workbook/tests/questions/PoseLoss/probes.py"} <= set(
        found
    )
    for script in ("setup.sh", "run_autograder"):
        assert subprocess.run(["bash", "-n", autograder / "source" / script], check=False).returncode == 0


@pytest.mark.parametrize("works", [True, False])
def test_run_autograder_always_leaves_a_result(autograder, tmp_path, works):
    """With a stand-in for `posenet`: what the script passes on, and what it says when grading itself fails."""
    posenet = tmp_path / "posenet"
    written = "mkdir -p $4/gradescope\necho '{\"score\": 7}' > $4/gradescope/student.json\n"
    does = f"[ -e $2/student/x.ipynb ] || exit 3\n{written}" if works else "echo broken; exit 1\n"
    posenet.write_text(f"#!/bin/sh\n{does}")
    posenet.chmod(0o755)
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "x.ipynb").touch()
    (tmp_path / "source").symlink_to(autograder / "source")
    environment = {**os.environ, "AUTOGRADER": str(tmp_path), "POSENET": str(posenet)}
    subprocess.run(["bash", autograder / "source" / "run_autograder"], env=environment, capture_output=True, check=True)
    written = json.loads((tmp_path / "results" / "results.json").read_text())
    assert written["score"] == (7 if works else 0)
