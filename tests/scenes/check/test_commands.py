"""`posenet scene check`, the warning before training, and consoles that lack a character."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from posenet_lib.cli import main
from posenet_lib.scenes.check.once import findings_once, warnings_about


@pytest.fixture
def scene(small_scene, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return shutil.copytree(small_scene, tmp_path / "scene")


def spoil(scene):
    path = scene / "dataset_train.txt"
    lines = path.read_text().split("\n")
    words = lines[5].split(" ")
    lines[5] = " ".join([words[0], "3117382476", *words[2:]])
    path.write_text("\n".join(lines))


def test_check_says_what_where_why_and_how(scene, capsys):
    assert main(["scene", "check", str(scene)]) == 0
    assert "Nothing found." in capsys.readouterr().out
    spoil(scene)
    assert main(["scene", "check", str(scene)]) == 1
    text = capsys.readouterr().out
    for words in (
        "rows far from all others",
        "dataset_train.txt, line 6",
        "why it matters:",
        "--from outliers",
        "1 finding",
    ):
        assert words in text
    assert main(["scene", "check", str(scene), "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert list(found) == ["finding", "count", "where", "why", "remedy"]


def test_scene_info_tells_it_too(scene, capsys):
    spoil(scene)
    assert main(["scene", "info", str(scene)]) == 0
    assert "problem: rows far from all others" in capsys.readouterr().out


def test_the_warning_is_made_once_for_the_same_data(scene, monkeypatch):
    spoil(scene)
    first = warnings_about(scene)
    assert first[0].startswith("Warning: rows far from all others") and "posenet scene check" in first[-1]
    monkeypatch.setattr("posenet_lib.scenes.check.once.check_facts", lambda facts: pytest.fail("checked again"))
    assert warnings_about(scene) == first
    photo = next(scene.glob("walk01/*.jpg"))
    os.utime(photo, (0, 0))
    with pytest.raises(pytest.fail.Exception):
        findings_once(scene)


def test_lists_without_photos_are_checked_as_lists(scene, capsys):
    for folder in scene.glob("walk*"):
        shutil.rmtree(folder)
    assert main(["scene", "check", str(scene)]) == 0
    assert "only the lists were checked" in capsys.readouterr().out


def test_a_console_that_cannot_print_a_name_ends_no_command(scene):
    (scene / "walk01" / "frame00001.jpg").rename(scene / "walk01" / "日本.jpg")
    for label in ("train", "test"):
        path = scene / f"dataset_{label}.txt"
        path.write_text(path.read_text().replace("walk01/frame00001.jpg", "walk01/日本2.jpg"), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-m", "posenet_lib.cli", "scene", "check", str(scene)], env=environment, capture_output=True
    )
    assert b"Traceback" not in done.stderr and b"\\u65e5\\u672c2.jpg" in done.stdout
    assert done.returncode in (0, 1)
