"""Shared fixtures: a small scene of real PracticeCourt photos, and the real data that developers and CI have."""

import os
import shutil
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:  # before torch is imported: the workers' threads would wait for each other
    os.environ.setdefault("OMP_NUM_THREADS", "1")

from posenet_lib.scenes.pose_list import read_pose_list, write_pose_list
from tests.support.places import COURT, ROOT


def pytest_configure(config):
    """With `-n 2`, tests of one file stay together: they share what took long to make."""
    if config.getoption("dist", "no") == "load":
        config.option.dist = "loadfile"


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    """No test writes answers or runs into the clone."""
    monkeypatch.setenv("POSENET_WORKSPACE", str(tmp_path / "workspace"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real photos and poses, outside the project; users do not have them."""
    folder = Path(os.environ.get("POSENET_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real RedKitchen photos and King's College lists are not part of the project ({folder} is absent)")
    return folder


def make_small_scene(folder: Path, train: int, test: int) -> Path:
    """The first photos of PracticeCourt as a scene of their own."""
    for split, count in (("train", train), ("test", test)):
        records = read_pose_list(COURT / f"dataset_{split}.txt", check_images=False)
        step = max(1, len(records) // count)
        chosen = records[::step][:count]
        for record in chosen:
            target = folder / record.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(record.image_path, target)
        write_pose_list(folder / f"dataset_{split}.txt", chosen)
    return folder


@pytest.fixture(scope="session")
def small_scene(tmp_path_factory) -> Path:
    """16 training and 4 test photos."""
    return make_small_scene(tmp_path_factory.mktemp("scenes") / "SmallCourt", 16, 4)
