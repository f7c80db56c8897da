"""What students and Gradescope get, opened again and looked through."""

import json
import os
import shutil
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


def in_git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path, monkeypatch) -> Path:
    """An instructor's clone with what is graded in it, as the working directory."""
    root = tmp_path / "clone"
    for name in ("notebooks", "tests/questions", "tests/thinking"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "wrong", "right", ".*"))
    for name in ("environment.yml", "README.md", "pyproject.toml", ".gitignore"):
        shutil.copyfile(ROOT / name, root / name)
    in_git(root, "init", "--quiet")
    in_git(root, "add", ".")
    monkeypatch.chdir(root)
    return root


INSTRUCTORS = ("secret.txt", "seeds.csv", "students.csv", "autograder.zip", "submissions/ada.zip", "graded/grades.csv")
KINDS = {"students": ["--no-check"], "instructor": ["--instructor"], "gradescope": ["--gradescope"]}


@pytest.mark.parametrize("kind", KINDS)
def test_only_tracked_files_are_packed(kind, clone, capsys):
    """Once with the clone's .gitignore, once without: nothing of the instructor's in it, no zip within a zip."""
    for name in (*INSTRUCTORS, "notes on Ann.txt", "notebooks/12_new.ipynb"):
        (clone / name).parent.mkdir(exist_ok=True)
        (clone / name).write_text("{}")
    for _ in range(2):
        assert cli.main(["release", "--out", str(clone / "released.zip"), *KINDS[kind]]) == 0
        found = names(clone / "released.zip")
        assert "notebooks/01_mean_image.ipynb" in found
        made = {*INSTRUCTORS, "notes on Ann.txt", "notebooks/12_new.ipynb"}
        assert not made & found and not [name for name in found if "released" in name]
        (clone / ".gitignore").unlink(missing_ok=True)
    said = capsys.readouterr().out
    assert "git does not track them: notebooks/12_new.ipynb. What belongs" in said and "git add" in said
    assert "Ann" not in said


def test_nothing_is_said_where_nothing_is_new(clone, capsys):
    assert cli.main(["release", "--out", str(clone / "released.zip"), "--no-check"]) == 0
    assert "git" not in capsys.readouterr().out


@pytest.mark.parametrize("name", INSTRUCTORS)
def test_what_is_tracked_by_accident_is_refused(name, clone, capsys):
    (clone / name).parent.mkdir(exist_ok=True)
    (clone / name).write_text("x")
    in_git(clone, "add", "--force", name)
    assert cli.main(["release", "--out", str(clone / "released.zip"), "--no-check"]) == 2
    assert f"git rm --cached '{name}'" in capsys.readouterr().err
    assert not (clone / "released.zip").exists()


def test_the_clone_ignores_what_instructors_make_in_it(clone):
    for name in INSTRUCTORS:
        in_git(clone, "check-ignore", name)


@pytest.mark.parametrize("outer", [False, True])
def test_a_copy_that_is_no_clone_is_explained(outer, clone, capsys):
    """Also where it lies in another repository, which tracks none of its files."""
    shutil.rmtree(clone / ".git")
    if outer:
        in_git(clone.parent, "init", "--quiet")
    assert cli.main(["release", "--out", str(clone / "released.zip"), "--no-check"]) == 2
    assert "is no git clone" in (said := capsys.readouterr().err) and "git init && git add ." in said


@pytest.mark.parametrize("kind", KINDS)
def test_without_git_it_is_said(kind, clone, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli.main(["release", "--out", str(clone / "released.zip"), *KINDS[kind]]) == 2
    assert "git is not installed" in capsys.readouterr().err and not (clone / "released.zip").exists()


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
