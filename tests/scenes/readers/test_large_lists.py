"""Lists of many rows: time and memory grow with the rows, and no faster."""

import time
import tracemalloc

import numpy as np
import pytest

from posenet_lib.geometry.poses import PoseArray, nearest_poses
from posenet_lib.scenes.nvm import read_nvm_cameras
from posenet_lib.scenes.readers.colmap_text import read_images
from posenet_lib.scenes.readers.photo_files import Photos
from posenet_lib.scenes.readers.tables import open_table


def _written(path, rows, line, head=""):
    path.write_text(head + "".join(line(i) for i in range(rows)))
    return path


@pytest.mark.parametrize("kind", ["table", "colmap"])
def test_rows_are_read_one_by_one(kind, tmp_path):
    rows, numbers = 3000, "0.123456789 " * 6
    if kind == "table":
        line = lambda i: f"seq1/frame{i:05d}.jpg {numbers} 1.0\n"  # noqa: E731
        path = _written(tmp_path / "t.txt", rows, line, "name x y z qw qx qy qz\n")
    else:
        line = lambda i: f"{i} {numbers} 0.1 1 seq1/frame{i:05d}.jpg\n\n"  # noqa: E731
        path = _written(tmp_path / "images.txt", rows, line)
    tracemalloc.start()
    count = sum(1 for _ in (open_table(path)[1] if kind == "table" else read_images(path)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == rows
    assert peak < path.stat().st_size


def test_cameras_of_a_reconstruction_take_little_memory(tmp_path):
    rows = 3000
    line = lambda i: f"seq1/frame{i:05d}.jpg\t1670.5 {'0.123456789 ' * 7} -0.05 0\n"  # noqa: E731
    path = _written(tmp_path / "m.nvm", rows, line, f"NVM_V3\n\n{rows}\n")
    tracemalloc.start()
    assert sum(1 for _ in read_nvm_cameras(path)) == rows
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * path.stat().st_size


def test_many_walks_with_the_same_frame_numbers_and_another_ending(tmp_path):
    walks, frames = 200, 40
    for walk in range(walks):
        (tmp_path / f"seq{walk}").mkdir()
        for frame in range(frames):
            (tmp_path / f"seq{walk}" / f"frame{frame:05d}.png").touch()
    found = Photos([tmp_path])
    start = time.perf_counter()
    for walk in range(walks):
        for frame in range(frames):
            name, _ = found.find(f"seq{walk}/frame{frame:05d}.jpg", "here")
            assert name == f"seq{walk}/frame{frame:05d}.png"
    hung = 60  # it takes 0.6 s; where each name was compared with all of its kind, it took minutes
    assert time.perf_counter() - start < hung


def test_only_the_first_missing_photo_has_a_sentence(tmp_path):
    found = Photos([tmp_path])
    for frame in range(3):
        found.find(f"seq1/{frame}.jpg", f"line {frame}")
    assert [bool(words) for words in found.missing.values()] == [True, False, False]


def test_nearest_poses_takes_no_table_of_all_pairs():
    rng = np.random.default_rng(0)
    train, test = (PoseArray(rng.normal(size=(n, 3)), np.tile([1.0, 0, 0, 0], (n, 1))) for n in (3000, 300))
    tracemalloc.start()
    found = nearest_poses(test, among=train)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e6
    assert found[7] == np.linalg.norm(train.position_m - test.position_m[7], axis=1).argmin()
