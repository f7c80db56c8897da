"""More photos into a map that stays as it is: their poses, and they themselves as the scene's camera sees."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from posenet_lib.core.build_config import BuildConfig
from posenet_lib.scenes.build.own_process import run_colmap
from posenet_lib.scenes.build.photos import Prepared
from posenet_lib.scenes.build.posed_photos import poses_of, read_poses, write_through_pinhole
from posenet_lib.scenes.build.sources import fingerprint, prepare
from posenet_lib.scenes.build.stages import Stages
from posenet_lib.scenes.build.undistort import Pinhole
from posenet_lib.scenes.readers.read_pose import ReadPose


class Unregistered(NamedTuple):
    """A photo without a pose."""

    source: str  # as the user knows it
    reason: str


class Registered(NamedTuple):
    """Photos that got a pose in a map, and those that did not."""

    poses: list[ReadPose]
    unregistered: list[Unregistered]
    inliers: list[int]  # of each that has a pose: features that agree with it
    notes: list[str]


def register_photos(
    sources: Sequence[Path],
    points: Path,
    pinhole: Pinhole,
    config: BuildConfig,
    stages: Stages,
    usual: dict,
    taken: Sequence[str] = (),
) -> Registered:
    """Poses of all photos of `sources` in the map whose points are in the file `points`, which is only read.

    Args:
        pinhole: what the photos are written for, below `stages.work`.
        stages: `<name> of more photos` are run.
        usual: `lens` and `size` of the camera that took most of the map's photos.
        taken: names of folders that the scene uses already.

    Raises:
        WorkbookError: a source cannot be read.
    """
    work, threads = stages.work, os.cpu_count() or 1
    images, database, written = work / "more", work / "more.db", work / "more.pinhole"
    settings = (fingerprint(sources), config.size, config.frames)
    prepared = [
        Prepared(*one)
        for one in stages.run(
            "photos of the test",
            settings,
            [images],
            lambda report: prepare(sources, images, config.frames, config.size, report, taken),
        )
    ]
    cameras = [(one.name, one.camera, one.focal_px) for one in prepared]
    stages.run(
        "features of the test",
        config.features,
        [database],
        lambda report: run_colmap(
            "features", work, report, database=database, images=images, photos=cameras,
            max_features=config.features, threads=threads,
        ),
    )  # fmt: skip
    found = stages.run(
        "poses of the test",
        (config.seed, os.stat(points).st_size),
        [],
        lambda report: run_colmap(
            "localize", work, report, points=points, database=database, photos=cameras, seed=config.seed, usual=usual
        ),
    )
    good = [photo for photo in found if photo["quaternion_wxyz"]]
    notes = stages.run(
        "pinhole photos of the test",
        (pinhole.matrix.tolist(), pinhole.size_px),
        [written],
        lambda report: write_through_pinhole(good, images, written, pinhole, report),
    ) if good else []  # fmt: skip
    source_of = {one.name: one.source for one in prepared}
    unregistered = [
        Unregistered(source_of[photo["name"]], photo["reason"]) for photo in found if not photo["quaternion_wxyz"]
    ]
    poses = read_poses(good, poses_of(good), written, pinhole, "test") if good else []
    return Registered(poses, unregistered, [photo["inliers"] for photo in good], notes)
