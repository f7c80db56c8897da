"""Where things are."""

from pathlib import Path

import pytest

from posenet_lib.core import workspace
from tests.support.places import ANSWERS, ROOT


def test_the_clone_of_the_package_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert workspace.repository_root() == ROOT
    assert workspace.questions_dir() == ANSWERS


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "home/.cache/posenet"),
        ("linux", {"XDG_CACHE_HOME": ""}, "home/.cache/posenet"),
        ("darwin", {"XDG_CACHE_HOME": "/caches"}, "/caches/posenet"),
        ("win32", {"LOCALAPPDATA": "/local", "XDG_CACHE_HOME": "/caches"}, "/local/posenet/cache"),
        ("win32", {}, "home/AppData/Local/posenet/cache"),
    ],
)
def test_one_cache_for_the_user(platform, variables, expected, tmp_path, monkeypatch):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(workspace.sys, "platform", platform)
    assert workspace.cache_dir() == tmp_path / expected
