"""The store: same pixels, rebuilt when a photo changes, never half-built."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.photo_store import open_store
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.pose_list import PoseRecord
from posenet_lib.scenes.resizing import resize_smaller_side

LABEL = "train"


def make_records(folder: Path, count: int = 6, size=(320, 288)) -> list[PoseRecord]:
    rng = np.random.default_rng(0)
    records = []
    for number in range(count):
        path = folder / f"{number}.png"
        Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), np.uint8)).save(path)
        records.append(PoseRecord(path.name, path, np.zeros(3), np.array([1.0, 0, 0, 0])))
    return records


def stored_files(folder: Path) -> list[Path]:
    return sorted((folder / ".image_store").iterdir())


def test_pixels_are_those_of_one_photo_at_a_time(tmp_path):
    records = make_records(tmp_path)
    store = open_store(records, tmp_path, LABEL, show_progress=False)
    assert store.image_shape == (256, 284, 3)
    for index, record in enumerate(records):
        np.testing.assert_array_equal(store[index], np.asarray(resize_smaller_side(open_photo(record.image_path))))
    for photo, pixels in zip(store.photos(), store.pixels, strict=True):
        np.testing.assert_array_equal(np.asarray(photo), pixels)


def test_it_is_mapped_and_read_only(tmp_path):
    store = open_store(make_records(tmp_path), tmp_path, LABEL, show_progress=False)
    assert isinstance(store.pixels, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        store.pixels[0] = 0


def test_a_second_opening_builds_nothing(tmp_path):
    records = make_records(tmp_path)
    open_store(records, tmp_path, LABEL, show_progress=False)
    (file,) = stored_files(tmp_path)
    before = file.stat().st_mtime_ns
    open_store(records, tmp_path, LABEL, show_progress=False)
    assert stored_files(tmp_path) == [file]
    assert file.stat().st_mtime_ns == before


def test_a_changed_photo_or_size_rebuilds(tmp_path):
    records = make_records(tmp_path)
    old = np.array(open_store(records, tmp_path, LABEL, show_progress=False)[2])
    Image.new("RGB", (320, 288), "white").save(records[2].image_path)
    new = open_store(records, tmp_path, LABEL, show_progress=False)
    assert new[2].min() == 255
    assert old.min() < 255
    assert open_store(records, tmp_path, LABEL, smaller_side=240, show_progress=False).image_shape == (240, 266, 3)
    assert open_store(records[:3], tmp_path, LABEL, show_progress=False).names == ("0.png", "1.png", "2.png")


def test_a_superseded_store_is_removed(tmp_path):
    """Otherwise a scene that is edited often would fill the disk."""
    records = make_records(tmp_path)
    open_store(records, tmp_path, LABEL, show_progress=False)
    Image.new("RGB", (320, 288), "white").save(records[2].image_path)
    open_store(records, tmp_path, LABEL, show_progress=False)
    assert len(stored_files(tmp_path)) == 1


def test_a_broken_photo_is_named_and_nothing_is_left(tmp_path):
    records = make_records(tmp_path)
    records[4].image_path.write_bytes(records[4].image_path.read_bytes()[:1000])
    with pytest.raises(WorkbookError, match=r"4\.png: cannot be read"):
        open_store(records, tmp_path, LABEL, show_progress=False)
    assert stored_files(tmp_path) == []


def test_photos_of_two_shapes_are_named(tmp_path):
    records = make_records(tmp_path)
    Image.new("RGB", (288, 320)).save(records[3].image_path)
    with pytest.raises(WorkbookError, match=r"3\.png: 256x284 after resizing, but 0\.png is 284x256; all photos"):
        open_store(records, tmp_path, LABEL, show_progress=False)


def test_a_killed_build_is_not_mistaken_for_a_store(tmp_path):
    records = make_records(tmp_path, count=400)
    code = (
        "import sys, numpy as np; from pathlib import Path; from posenet_lib.scenes.photo_store import open_store;"
        "from posenet_lib.scenes.pose_list import PoseRecord; folder = Path(sys.argv[1]);"
        "paths = [folder / f'{i}.png' for i in range(400)];"
        "open_store([PoseRecord(p.name, p, np.zeros(3), np.zeros(4)) for p in paths], folder, 'train')"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stderr=subprocess.DEVNULL)
    folder = tmp_path / ".image_store"
    while process.poll() is None and not (folder.is_dir() and list(folder.iterdir())):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not list(folder.glob("*.npy")), "the build ended before it could be killed: give it more photos"
    store = open_store(records, tmp_path, LABEL, show_progress=False)
    np.testing.assert_array_equal(store[399], np.asarray(resize_smaller_side(open_photo(records[399].image_path))))


def test_what_a_killed_build_left_is_removed_also_when_nothing_is_built(tmp_path):
    """It is as large as the store, and a scene that is complete may never be built again."""
    records = make_records(tmp_path)
    open_store(records, tmp_path, LABEL, show_progress=False)
    (store,) = stored_files(tmp_path)
    old, running = (store.with_name(f".{store.name}.{number}.tmp") for number in (1, 2))
    for leftover in (old, running):
        leftover.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    open_store(records, tmp_path, LABEL, show_progress=False)
    assert stored_files(tmp_path) == sorted([running, store])


def test_a_full_disk_is_a_message_before_any_photo_is_decoded(tmp_path, monkeypatch):
    """A page of a mapped file that the disk has no room for would end the process with no message."""

    def no_room(descriptor: int, start: int, size: int) -> None:
        assert size > 6 * 256 * 284 * 3
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", no_room, raising=False)
    with pytest.raises(WorkbookError, match=r"cannot be written .*No space left.*; 1 MB are needed"):
        open_store(make_records(tmp_path), tmp_path, LABEL, show_progress=False)
    assert stored_files(tmp_path) == []


def test_a_shared_scene_of_which_its_owner_has_built_one_split(tmp_path, monkeypatch):
    """The other split goes to the user's cache, since the owner's folder cannot be written; root's tests could."""
    monkeypatch.setattr("posenet_lib.scenes.photo_store.cache_dir", lambda: tmp_path / "cache")
    (tmp_path / "scene").mkdir()
    records = make_records(tmp_path / "scene")
    built = open_store(records[:4], tmp_path / "scene", "train", show_progress=False)
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert open_store(records[:4], tmp_path / "scene", "train", show_progress=False).pixels.filename == (
        built.pixels.filename
    ), "what is there is taken"
    other = open_store(records[4:], tmp_path / "scene", "test", show_progress=False)
    assert (tmp_path / "cache") in Path(other.pixels.filename).parents
    assert len(stored_files(tmp_path / "scene")) == 1


def test_subset(tmp_path):
    store = open_store(make_records(tmp_path), tmp_path, LABEL, show_progress=False)
    part = store.subset([4, 1])
    assert part.names == ("4.png", "1.png")
    np.testing.assert_array_equal(part[0], store[4])
    np.testing.assert_array_equal(part.subset([1])[0], store[1])
