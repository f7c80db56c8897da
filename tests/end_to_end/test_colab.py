"""A notebook alone in Google Colab, in a runtime whose own packages stay as they are."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from packaging.requirements import Requirement

from posenet_lib.grading.release.colab_notebook import SETUP_ID
from posenet_lib.workbook.questions import QUESTIONS
from tests.support.places import SOLUTIONS
from tests.support.releases import REPO, git_clone_only, unpacked_release

IN_COLAB = ("torch", "torchvision", "numpy", "matplotlib", "ipywidgets", "ipykernel", "setuptools")


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    return unpacked_release(tmp_path_factory.mktemp("released"))


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
    answer = nbformat.v4.new_code_cell(SOLUTIONS[QUESTIONS[0].grade_id])
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
