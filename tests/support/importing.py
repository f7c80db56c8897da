"""What the importers' tests share: PracticeCourt's photos with known poses, and the comparison in pixels.

Each test writes these poses as another program would, imports the files, and projects known points twice: by the
program's own formula from the numbers that were written, and by the workbook's from the scene that was made.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image
from scipy.spatial.transform import Rotation

from posenet_lib.cli import main
from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.scenes.pose_list import PoseRecord, read_pose_list
from tests.support.places import COURT

SIZE_PX = (480, 270)
FLIP = np.diag([1.0, -1.0, -1.0])  # x right, y down, z forward <-> x right, y up, z backward


class Frame(NamedTuple):
    """One photo and its true pose."""

    name: str
    photo: Path
    centre: np.ndarray  # (3,) m
    to_camera: np.ndarray  # (3, 3) world to camera, x right, y down, z forward

    @property
    def to_world(self) -> np.ndarray:
        """(4, 4) camera to world."""
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = self.to_camera.T, self.centre
        return matrix

    @property
    def gl_to_world(self) -> np.ndarray:
        """The same for OpenGL's camera axes."""
        matrix = self.to_world
        matrix[:3, :3] = matrix[:3, :3] @ FLIP
        return matrix

    @property
    def quaternion_xyzw(self) -> np.ndarray:
        """World to camera, in SciPy's order."""
        return Rotation.from_matrix(self.to_camera).as_quat()


def frames(count: int = 10, step: int = 4) -> list[Frame]:
    """Photos of the first walk."""
    records = read_pose_list(COURT / "dataset_train.txt", check_images=False)[: count * step : step]
    return [_frame(record) for record in records]


def _frame(record: PoseRecord) -> Frame:
    w, x, y, z = record.quaternion_wxyz
    name = record.name.rpartition("/")[2]
    return Frame(name, record.image_path, record.position_m, Rotation.from_quat([x, y, z, w]).as_matrix())


def put_photos(folder: Path, walk: Iterable[Frame], rename: Callable[[int, Frame], str] | None = None) -> None:
    """Link the photos into a folder, under other names if wanted (.png: still the same bytes)."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, frame in enumerate(walk):
        target = folder / (rename(index, frame) if rename else frame.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(frame.photo, target)


def put_small_photo(path: Path, size_px: tuple[int, int] = SIZE_PX, orientation: int = 1) -> None:
    """A grey photo of a size, with an EXIF orientation."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size_px, (90, 90, 90)).save(path, exif=exif)


class Made(NamedTuple):
    """A scene that an import made."""

    folder: Path
    train: list[PoseRecord]
    test: list[PoseRecord]
    matrix: np.ndarray | None
    output: str

    @property
    def by_name(self) -> dict[str, PoseRecord]:
        """All photos by their base name."""
        return {record.name.rpartition("/")[2]: record for record in (*self.train, *self.test)}


class Importer:
    """Runs the real command."""

    def __init__(self, capsys, out: Path):
        self.capsys, self.out = capsys, out

    def __call__(self, kind: str, source: Path, *options: str) -> Made:
        self.capsys.readouterr()
        status = main(["scene", "import", kind, str(source), "--out", str(self.out), *map(str, options)])
        shown = self.capsys.readouterr()
        assert status == 0, shown.err
        train, test = (read_pose_list(self.out / f"dataset_{label}.txt") for label in ("train", "test"))
        camera = self.out / "camera-intrinsics.txt"
        return Made(self.out, train, test, read_intrinsics(camera) if camera.exists() else None, shown.out)

    def refused(self, kind: str, source: Path, *options: str) -> str:
        """The message; nothing is left at the place of the scene or beside it."""
        before = sorted(self.out.parent.iterdir())
        self.capsys.readouterr()
        assert main(["scene", "import", kind, str(source), "--out", str(self.out), *map(str, options)]) == 2
        shown = self.capsys.readouterr()
        assert sorted(self.out.parent.iterdir()) == before
        assert shown.out == ""
        return shown.err


def points_seen_by(frame: Frame, seed: int = 0) -> np.ndarray:
    """(20, 3) points in the world, 2 to 20 m in front of the camera."""
    rng = np.random.default_rng(seed)
    depth = rng.uniform(2, 20, (20, 1))
    in_camera = np.concatenate([rng.uniform(-0.5, 0.5, (20, 1)), rng.uniform(-0.3, 0.3, (20, 1)), np.ones((20, 1))], 1)
    return (in_camera * depth) @ frame.to_camera + frame.centre


def workbook_pixels(record: PoseRecord, matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(N, 2) by the workbook's convention: K R(q) (X - x), the photo's corner being (0, 0)."""
    w, x, y, z = record.quaternion_wxyz
    in_camera = Rotation.from_quat([x, y, z, w]).apply(points - record.position_m)
    assert (in_camera[:, 2] > 0).all(), "points in front of the camera are behind it"
    projected = in_camera @ matrix.T
    return projected[:, :2] / projected[:, 2:]


def assert_same_pixels(made: Made, walk: Iterable[Frame], format_pixels, matrix: np.ndarray | None = None) -> None:
    """Compare the scene with `format_pixels(index, points)`, the format's own projection of each frame."""
    matrix = made.matrix if matrix is None else matrix
    records = list(made.by_name.values())
    compared = 0
    for index, frame in enumerate(walk):
        stem = frame.name.rpartition(".")[0]
        record = next((r for r in records if r.image_path.samefile(frame.photo)), made.by_name.get(f"{stem}.jpg"))
        assert record is not None, frame.name
        points = points_seen_by(frame, index)
        np.testing.assert_allclose(
            workbook_pixels(record, matrix, points), format_pixels(index, points), atol=2e-3, err_msg=frame.name
        )
        compared += 1
    assert compared > 3


@pytest.fixture
def importing(capsys, tmp_path) -> Importer:
    """`importing('colmap', folder)` makes a scene; `importing.refused(...)` gives the message."""
    (tmp_path / "made").mkdir()
    return Importer(capsys, tmp_path / "made" / "scene")
