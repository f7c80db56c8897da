"""What a release adds for Google Colab: badges, pictures, a set-up cell."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from posenet_lib.grading.release.colab_notebook import COLAB_CELL, SETUP_ID, badge, readme_with_badges, repository_name
from tests.support.places import ROOT
from tests.support.releases import REPO, git_clone_only, unpacked_release


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    return unpacked_release(tmp_path_factory.mktemp("released"))


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
