"""Photos for the benchmark: views of the practice court, blown up and grained until their files weigh as real ones."""

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list
from posenet_lib.scenes.practice_court import render_photo, training_poses

_VIEWS = 3  # rendered; every file is one of them, shifted and grained anew
_FILES = 8  # written, which takes half a second for a PNG; further photos are these files again
_GRAIN = 1.0  # grey levels; a 1920x1080 PNG then has 2 to 2.5 MB, as King's College's have


@dataclass(frozen=True)
class Kind:
    """What sort of photos."""

    suffix: str
    size: tuple[int, int]  # width, height
    name: str


PNG = Kind("png", (1920, 1080), "1920x1080 PNG")
JPEG = Kind("jpg", (640, 480), "640x480 JPEG")


def make_photos(folder: Path, count: int, kind: Kind) -> list[PoseRecord]:
    """`count` photos from a few files in `folder`. Their poses are the views', so they fit only roughly."""
    folder.mkdir(parents=True, exist_ok=True)
    width, height = kind.size
    poses = training_poses()[:: len(training_poses()) // _VIEWS][:_VIEWS]
    small = 480, 480 * height // width
    views = []
    for pose in poses[:count]:
        view = render_photo(pose.position_m, pose.quaternion_wxyz, width=small[0], height=small[1], supersample=1)
        views.append(np.asarray(Image.fromarray(view).resize(kind.size, Image.Resampling.BICUBIC), dtype=np.int16))

    def write(number: int) -> Path:
        rng = np.random.default_rng(number)
        grain = np.rint(rng.normal(0, _GRAIN, (height, width, 1))).astype(np.int16)
        photo = np.roll(views[number % len(views)], 7 * number, axis=1) + grain
        path = folder / f"frame{number:05d}.{kind.suffix}"
        Image.fromarray(photo.clip(0, 255).astype(np.uint8)).save(path, quality=90)
        return path

    with ThreadPoolExecutor() as pool:
        files = list(pool.map(write, range(min(count, _FILES))))
    records = []
    for number in range(count):
        path, pose = files[number % len(files)], poses[number % len(files) % len(views)]
        name = f"frame{number:05d}.{kind.suffix}"
        records.append(PoseRecord(name, path, np.asarray(pose.position_m), np.asarray(pose.quaternion_wxyz)))
    return records


def linked_scene(folder: Path, photos: Sequence[PoseRecord], count: int) -> Path:
    """A scene of `count` training photos that are links to (or, where links do not work, copies of) a few."""
    records = []
    for number in range(count):
        source = photos[number % len(photos)]
        path = folder / "seq1" / f"frame{number:07d}{source.image_path.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.hardlink_to(source.image_path)
        except OSError:
            shutil.copyfile(source.image_path, path)
        records.append(PoseRecord(f"seq1/{path.name}", path, source.position_m, source.quaternion_wxyz))
    write_pose_list(folder / "dataset_train.txt", records)
    write_pose_list(folder / "dataset_test.txt", records[:1])
    return folder
