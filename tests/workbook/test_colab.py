"""What Google Colab gets: badges, a set-up cell, and a runtime whose own packages stay as they are."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from packaging.requirements import Requirement

from posenet_lib import cli
from posenet_lib.grading.release.colab_notebook import COLAB_CELL, SETUP_ID, badge, readme_with_badges, repository_name
from posenet_lib.workbook import colab
from posenet_lib.workbook.questions import QUESTIONS

ROOT = Path(__file__).resolve().parent.parent
REPO = "my-uni/posenet-course"
IN_COLAB = ("torch", "torchvision", "numpy", "matplotlib", "ipywidgets", "ipykernel", "setuptools")
git_clone_only = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="a release is made of the files that git knows, and this is no git clone"
)


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """The students' bundle, unpacked."""
    folder = tmp_path_factory.mktemp("released")
    assert cli.main(["release", "--out", str(folder / "bundle.zip"), "--repo", REPO, "--no-check"]) == 0
    with zipfile.ZipFile(folder / "bundle.zip") as archive:
        archive.extractall(folder)
    return folder / "posenet-workbook"


@git_clone_only
def test_every_notebook_has_its_badge_and_the_set_up_cell(released):
    for path in (released / "notebooks").glob("*.ipynb"):
        title, setup, *_ = json.loads(path.read_text())["cells"]
        assert title["source"].startswith("# ")
        assert f"github/{REPO}/blob/main/notebooks/{path.name})" in title["source"]
        assert setup["id"] == SETUP_ID
        assert f"https://github.com/{REPO} posenet-course" in setup["source"]


@git_clone_only
def test_the_notebooks_bring_their_pictures(released):
    """In Colab a notebook is alone: a link to ../img leads nowhere."""
    found = 0
    for path in (released / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text())["cells"]:
            if cell["cell_type"] == "markdown":
                used = set(re.findall(r"!\[[^\]]+\]\[(\w+)\]", cell["source"]))
                assert used == set(re.findall(r"^\[(\w+)\]: data:image/png;base64,\w", cell["source"], re.MULTILINE))
                assert "../img" not in cell["source"]
                found += len(used)
    assert found >= 6


@git_clone_only
def test_readme_has_a_badge_for_every_notebook(released):
    text = (released / "README.md").read_text()
    names = sorted(path.name for path in (released / "notebooks").glob("*.ipynb"))
    assert [name for name in names if badge(REPO, name) in text] == names
    assert len(re.findall(re.escape(REPO), text)) == len(names)
    assert "colab" not in (ROOT / "README.md").read_text().split("## For instructors")[0].lower()


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://github.com/my-uni/course.git", "my-uni/course"),
        ("https://github.com/my-uni/course", "my-uni/course"),
        ("git@github.com:my-uni/course.v2.git", "my-uni/course.v2"),
        ("https://git.my-uni.example/my-uni/course.git", None),
        (None, None),
    ],
)
def test_a_fork_is_known_by_its_origin(tmp_path, origin, name):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    if origin:
        subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", origin], check=True)
    assert repository_name(None, tmp_path) == name
    assert repository_name("a/b", tmp_path) == "a/b"


def test_badges_change_nothing_else_in_readme():
    text = (ROOT / "README.md").read_text()
    without = re.sub(r" \[!\[.*?\)\]\(.*?\)|\nA badge opens.*?\n", "", readme_with_badges(text, REPO))
    assert without == text


def transformed(cell: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(cell.format(repo="a/b", folder="b"))


def test_the_set_up_cell_does_nothing_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(transformed(COLAB_CELL), "colab", "exec"), {})
    assert not list(tmp_path.iterdir())


def test_only_what_is_missing_is_installed(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["torch>=2.6", "numpy>=2.0", "Pillow_Extra>=1", "safetensors>=0.5", "jupyterlab>=4"]'
    )
    here = {"torch": "2.8.0+cu126", "numpy": "1.26.4", "pillow-extra": "1.0"}
    monkeypatch.setattr(colab, "_installed", lambda: here)
    missing, old = colab.lacking(tmp_path)
    assert missing == ["safetensors>=0.5"]  # jupyterlab is no part of Colab, and not missed
    assert old == ["numpy 1.26.4 is older (2.0)"]


def test_every_dependency_of_the_workbook_can_be_asked_for(monkeypatch):
    """Extras and all, as pip wants them: a runtime that has nothing lacks everything that it needs."""
    monkeypatch.setattr(colab, "_installed", dict)
    missing, old = colab.lacking(ROOT)
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert not old
    assert missing == [text for text in declared if Requirement(text).name not in colab._NOT_NEEDED]


def test_answers_go_to_the_drive_once_it_is_mounted(tmp_path, monkeypatch):
    monkeypatch.setattr(colab, "install", lambda root: [])
    root, drive = tmp_path / "course", tmp_path / "drive"
    (root / "answers").mkdir(parents=True)
    (root / "answers" / "head_loss.py").write_text("new")
    (root / "answers" / "PoseLoss.py").write_text("new")
    monkeypatch.setenv("POSENET_WORKSPACE", "somewhere")
    assert "lost when this runtime ends" in colab.prepare(root, drive)
    assert "POSENET_WORKSPACE" not in os.environ

    (drive / "course" / "answers").mkdir(parents=True)
    (drive / "course" / "answers" / "PoseLoss.py").write_text("of an earlier day")
    assert str(drive / "course") in colab.prepare(root, drive)
    assert os.environ["POSENET_WORKSPACE"] == str(drive / "course")
    assert (drive / "course" / "answers" / "head_loss.py").read_text() == "new"
    assert (drive / "course" / "answers" / "PoseLoss.py").read_text() == "of an earlier day"


# A whole runtime: its own Python with what Colab has, no package of the workbook's, and GitHub on this disk.


def with_dependencies(names: tuple[str, ...]) -> set[str]:
    """Names of installed distributions, and of all that they need."""
    found, todo = set(), list(names)
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in found:
            continue
        found.add(name)
        for line in metadata.requires(name) or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                todo.append(needed.name)
    return found


def install_copy(name: str, target: Path) -> None:
    """A distribution of this environment, linked file by file into another one."""
    for file in metadata.files(name) or []:
        source = Path(file.locate())
        if ".." in file.parts or not source.is_file() or "__pycache__" in file.parts:
            continue
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target / file)
        except OSError:  # another disk
            shutil.copyfile(source, target / file)


@pytest.fixture
def runtime(tmp_path, released, monkeypatch) -> Path:
    """Colab's Python as the kernel 'colab', and the released repository behind its address on GitHub."""
    home = tmp_path / "colab"
    venv.create(home, with_pip=True, symlinks=True)
    site = next(home.glob("lib/python*/site-packages"))
    for old in site.glob("setuptools*"):  # of Python 3.11's own venv; Colab has a newer one
        shutil.rmtree(old)
    for name in with_dependencies(IN_COLAB) - {"pip"}:
        install_copy(name, site)
    (site / "google" / "colab").mkdir(parents=True)
    (site / "google" / "colab" / "__init__.py").touch()
    (site / "colab.pth").write_text("import google.colab\n")  # Colab's kernels import it at their start
    kernel = tmp_path / "jupyter" / "kernels" / "colab"
    kernel.mkdir(parents=True)
    python = str(home / "bin" / "python")
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "colab", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))

    work = shutil.copytree(released, tmp_path / "work")
    git = ["git", "-C", str(work), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "course"]):
        subprocess.run([*git, *command], check=True)
    subprocess.run(["git", "clone", "--quiet", "--bare", str(work), str(tmp_path / "github" / REPO)], check=True)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.file://{tmp_path}/github/.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://github.com/")
    monkeypatch.delenv("POSENET_WORKSPACE")
    return home


VERSIONS = "import importlib.metadata as m; print({n: m.version(n) for n in ('torch', 'torchvision', 'numpy')})"
ON_THE_DRIVE = """
import os, pathlib, runpy
prepare = runpy.run_path("../posenet_lib/workbook/colab.py")["prepare"]
print(prepare(pathlib.Path("..").resolve(), pathlib.Path({drive!r})))
"""


@git_clone_only
@pytest.mark.slow
def test_one_notebook_alone_in_colab(runtime, released, tmp_path):
    python = str(runtime / "bin" / "python")
    before = subprocess.run([python, "-c", VERSIONS], capture_output=True, text=True, check=True).stdout
    content, drive = tmp_path / "content", tmp_path / "drive"
    content.mkdir()
    drive.mkdir()
    shutil.copyfile(released / "notebooks" / "01_mean_image.ipynb", content / "01_mean_image.ipynb")
    notebook = nbformat.read(content / "01_mean_image.ipynb", as_version=4)
    setup = next(cell for cell in notebook.cells if cell.id == SETUP_ID)
    todo = next(n for n, cell in enumerate(notebook.cells) if cell.id == QUESTIONS[0].grade_id)
    again = nbformat.v4.new_code_cell(setup.source)
    mounted = nbformat.v4.new_code_cell(ON_THE_DRIVE.format(drive=str(drive)))
    answer = nbformat.v4.new_code_cell((ROOT / "tests" / "solutions" / f"{QUESTIONS[0].grade_id}.py").read_text())
    notebook.cells = [*notebook.cells[:2], again, *notebook.cells[2 : todo + 1], mounted, answer]
    try:
        NotebookClient(notebook, kernel_name="colab", resources={"metadata": {"path": str(content)}}).execute()
    finally:
        nbformat.write(notebook, tmp_path / "executed.ipynb")
    for cell in (setup, again):
        assert "The workbook is ready." in str(cell.outputs)
        assert "Mount Drive" in str(cell.outputs)
    assert {path.name for path in content.iterdir()} == {"01_mean_image.ipynb", "posenet-course"}
    assert subprocess.run([python, "-c", VERSIONS], capture_output=True, text=True, check=True).stdout == before
    assert "not attempted yet" in str(notebook.cells[todo + 1].outputs)
    assert (drive / "posenet-course" / "answers" / f"{QUESTIONS[0].grade_id}.py").is_file()
    where = [python, "-c", "import posenet_lib; print(posenet_lib.__file__)"]
    assert str(runtime) in subprocess.run(where, capture_output=True, text=True, check=True, cwd="/").stdout
    assert sys.prefix != str(runtime)
