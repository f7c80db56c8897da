"""A scene built from photos of one of the court's walks, whose true poses are known."""

import contextlib
import io
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.scenes.pose_list import PoseRecord, read_pose_list
from tests.support.places import COURT

WALK = "walk10"
SMALL = ["--features", "1500"]


class BuiltCourt(NamedTuple):
    """A built scene, what the command printed, and the truth."""

    folder: Path
    output: str
    true: dict[str, PoseRecord]  # by the photo's name in the scene
    photos: Path


def court_photos(folder: Path, label: str, walk: str, every: slice) -> dict[str, PoseRecord]:
    """Copies of a walk's photos in `folder`, and their poses by `folder's name/photo's name`."""
    records = read_pose_list(COURT / f"dataset_{label}.txt")
    chosen = [record for record in records if record.name.startswith(f"{walk}/")][every]
    folder.mkdir(parents=True)
    for record in chosen:
        shutil.copyfile(record.image_path, folder / record.image_path.name)
    return {f"{folder.name}/{record.image_path.name}": record for record in chosen}


@pytest.fixture(scope="session")
def built_court(tmp_path_factory) -> BuiltCourt:
    """18 photos of one walk as a scene: built once, for all tests that read it."""
    place = tmp_path_factory.mktemp("built")
    true = court_photos(place / "court", "train", WALK, slice(0, 36, 2))
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(io.StringIO()):
        assert main(["scene", "build", str(place / "court"), "--out", str(place / "scene"), *SMALL]) == 0
    return BuiltCourt(place / "scene", shown.getvalue(), true, place / "court")


def truth_of(names, true: dict[str, PoseRecord]) -> tuple[np.ndarray, np.ndarray]:
    """Positions (N, 3) and quaternions (N, 4)."""
    records = [true[name] for name in names]
    return np.array([r.position_m for r in records]), np.array([r.quaternion_wxyz for r in records])
