"""Structure-based localization of a scene's test photos: what a system with a 3-D map reaches, beside PoseNet.

A map of SIFT points is triangulated from the training photos with the poses of their list; each test photo is then
located in it by matched points and LO-RANSAC (`scenes.build.colmap.localize`). Sarlin et al. (CVPR 2019, hloc) and
Sattler et al. (CVPR 2019) measure how far such systems are ahead of pose regression: 0.12 m and 0.2 degrees in the
median on King's College, where PoseNet reached 1.92 m and 5.4.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from posenet_lib.core.build_config import BuildConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.core.workspace import cache_dir
from posenet_lib.evaluation.baselines import baselines, nearest_photos
from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.evaluation.scene_report import SceneResult
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.build.extra import require
from posenet_lib.scenes.build.frames import JPEG_QUALITY, smaller
from posenet_lib.scenes.build.own_process import run_colmap
from posenet_lib.scenes.build.posed_photos import poses_of
from posenet_lib.scenes.build.stages import Stages
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.scene import Scene, Split

_NEIGHBOURS = 20  # of each training photo, nearest first, that look the same way: they are matched with it
_SAME_WAY_DEG = 70.0


class Located(NamedTuple):
    """Where a map says that the test photos were taken."""

    poses: PoseArray  # (N,) of all; a photo without a place in the map has the pose of the most similar training photo
    found: np.ndarray  # (N,) bool
    points: int  # of the map


@dataclass(frozen=True, eq=False)
class StructureResult(SceneResult):
    """Like a network's result; `errors` begins with `structure`."""

    note: str = ""

    def as_dict(self) -> dict:
        """For JSON."""
        summaries = {method: summary.as_dict() for method, summary in self.summaries.items()}
        own = {"scene": self.scene_name, "method": "structure", "note": self.note, **summaries.pop("structure")}
        own |= self.own_unit
        return {**own, "baselines": summaries}

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.note}"


def evaluate_structure(scene: Scene, *, bar: Callable[[str], Any], show_progress: bool = True) -> StructureResult:
    """Locate all test photos and measure, beside the baselines.

    Raises:
        WorkbookError: as `locate_test_photos`.
    """
    located = locate_test_photos(scene, bar=bar)
    train, true = scene.train.poses, scene.test.poses
    stores = (split.open_store(show_progress=show_progress) for split in (scene.train, scene.test))
    errors = {"structure": pose_errors(located.poses, true), **baselines(train, true, *stores)._asdict()}
    names = tuple(record.name for record in scene.test.records)
    return StructureResult(
        scene.name, names, located.poses, true, errors, offset_m=scene.offset_m, unit=scene.unit, note=describe(located)
    )


def describe(located: Located) -> str:
    """One sentence."""
    count = len(located.found)
    rest = "" if located.found.all() else " The others got the pose of the most similar training photo."
    return (
        f"Structure: {int(located.found.sum())} of {count} test photos were located, in a map of {located.points} "
        f"points that was triangulated from the training photos.{rest}"
    )


def locate_test_photos(scene: Scene, config: BuildConfig | None = None, *, bar: Callable[[str], Any]) -> Located:
    """Build the map (kept in the cache, stage by stage) and locate every test photo in it.

    Raises:
        WorkbookError: pycolmap is missing, the scene has no camera, or its poses give no map.
    """
    require("pycolmap")
    config = config or BuildConfig()
    path = scene.folder / INTRINSICS
    if not path.is_file():
        raise WorkbookError(f"a map needs the camera, and {path} does not exist (data/datasets/README.md)")
    key = hashlib.blake2b(str(scene.folder.resolve()).encode(errors="surrogateescape"), digest_size=8).hexdigest()
    work, threads = cache_dir() / "structure" / key, os.cpu_count() or 1
    stages = Stages(work, bar)
    camera = _camera(scene, read_intrinsics(path), config.size)
    located: dict[str, list[tuple[str, str, float]]] = {}
    for split in (scene.train, scene.test):
        located[split.label] = [(f"{record.name}.jpg", "scene", camera["params"][0]) for record in split.records]
        folder = work / split.label
        stages.run(
            f"{split.label} photos",
            (_fingerprint(split), config.size),
            [folder],
            lambda report, split=split, folder=folder: _smaller_photos(split, folder, config.size, report),
        )
        stages.run(
            f"{split.label} features",
            (config.features, camera),
            [work / f"{split.label}.db"],
            lambda report, split=split, folder=folder: run_colmap(
                "features", work, report, database=work / f"{split.label}.db", images=folder,
                photos=located[split.label], max_features=config.features, threads=threads, camera=camera,
            ),
        )  # fmt: skip
    poses = scene.train.poses
    rotation = quaternion.to_matrix(poses.quaternion_wxyz)
    translation = -np.einsum("nij,nj->ni", rotation, poses.position_m)
    names = [name for name, _, _ in located["train"]]
    stages.run(
        "matches",
        config.seed,
        [],
        lambda report: run_colmap(
            "matches", work, report, database=work / "train.db", threads=threads, seed=config.seed,
            pairs=[(names[i], names[j]) for i, j in neighbours(poses)],
        ),
    )  # fmt: skip
    known = list(zip(names, poses.quaternion_wxyz.tolist(), translation.tolist(), strict=True))
    made = stages.run(
        "triangulation",
        (known, config.seed),
        [work / "map"],
        lambda report: run_colmap(
            "triangulate", work, report, database=work / "train.db", images=work / "train", out=work / "map",
            poses=known, camera=camera, seed=config.seed,
        ),
    )  # fmt: skip
    found = stages.run(
        "test poses",
        config.seed,
        [],
        lambda report: run_colmap(
            "localize", work, report, points=work / "map" / "points.npz", database=work / "test.db",
            photos=located["test"], seed=config.seed, camera=camera,
        ),
    )  # fmt: skip
    return _with_fallback(scene, found, made["points"])


def neighbours(poses: PoseArray) -> list[tuple[int, int]]:
    """Pairs of photos that may show the same: each with the nearest ones that look about the same way."""
    looks = quaternion.to_matrix(poses.quaternion_wxyz)[:, 2]
    pairs = set()
    for index, position_m in enumerate(poses.position_m):
        distance = np.linalg.norm(poses.position_m - position_m, axis=1)
        distance[looks @ looks[index] < np.cos(np.radians(_SAME_WAY_DEG))] = np.inf
        distance[index] = np.inf
        for other in np.argsort(distance, kind="stable")[:_NEIGHBOURS]:
            if np.isfinite(distance[other]):
                pairs.add((min(index, int(other)), max(index, int(other))))
    return sorted(pairs)


def _with_fallback(scene: Scene, found: Sequence[dict], points: int) -> Located:
    good = np.array([photo["quaternion_wxyz"] is not None for photo in found])
    position_m, q = np.zeros((len(found), 3)), np.tile([1.0, 0, 0, 0], (len(found), 1))
    if good.any():
        position_m[good], q[good] = poses_of([photo for photo, is_good in zip(found, good, strict=True) if is_good])
    if not good.all():
        stores = (split.open_store(show_progress=False) for split in (scene.train, scene.test))
        alike = nearest_photos(*stores)[~good]
        position_m[~good] = scene.train.poses.position_m[alike]
        q[~good] = scene.train.poses.quaternion_wxyz[alike]
    return Located(PoseArray(position_m, q), good, points)


def _camera(scene: Scene, matrix: np.ndarray, long_side: int) -> dict:
    """The scene's pinhole for photos of at most `long_side` pixels."""
    with Image.open(scene.train.records[0].image_path) as photo:
        size = photo.size
        made = smaller(Image.new("L", size), long_side).size
    across, down = made[0] / size[0], made[1] / size[1]
    params = [matrix[0, 0] * across, matrix[1, 1] * down, matrix[0, 2] * across, matrix[1, 2] * down]
    return {"model": "PINHOLE", "params": [float(value) for value in params], "size": list(made)}


def _smaller_photos(split: Split, out: Path, long_side: int, report: Callable[[int, int], None]) -> int:
    for number, record in enumerate(split.records, start=1):
        path = out / f"{record.name}.jpg"
        if not path.is_file():
            with replacing(path) as temporary:
                smaller(open_photo(record.image_path), long_side).save(
                    temporary, "JPEG", quality=JPEG_QUALITY, subsampling=0
                )
        report(number, len(split))
    return len(split)


def _fingerprint(split: Split) -> list[tuple[str, int, int]]:
    status = [(record.name, record.image_path.stat()) for record in split.records]
    return [(name, one.st_size, one.st_mtime_ns) for name, one in status]
