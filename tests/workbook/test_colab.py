"""In Google Colab: what is installed, and where answers go."""

import os
import tomllib

from packaging.requirements import Requirement

from posenet_lib.workbook import colab
from tests.support.places import ROOT


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
