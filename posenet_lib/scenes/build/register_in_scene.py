"""`posenet scene register`: photos of other cameras get poses in a scene's map, in a folder of their own."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from posenet_lib.core.build_config import BuildConfig
from posenet_lib.core.files import write_text
from posenet_lib.scenes.build.build import work_folder
from posenet_lib.scenes.build.built_map import POINTS, map_folder, read_about, scene_pinhole
from posenet_lib.scenes.build.extra import require
from posenet_lib.scenes.build.register import Registered, register_photos
from posenet_lib.scenes.build.sources import check_sources
from posenet_lib.scenes.build.stages import Stages
from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list
from posenet_lib.scenes.readers.scene_writing import refuse_used_folder
from posenet_lib.scenes.scene import load_scene
from posenet_lib.scenes.unit import write_unit

POSES = "poses.txt"
UNREGISTERED = "unregistered.txt"


class RegisteredFolder(NamedTuple):
    """What was made."""

    folder: Path
    pose_list: Path  # a list like a scene's, with its photos beside it
    registered: Registered
    unit_words: str  # 'metres' or 'units'


def register_in_scene(
    sources: Sequence[Path], scene: Path, out: Path, config: BuildConfig, *, bar: Callable[[str], Any]
) -> RegisteredFolder:
    """Find the photos' poses, and write them with the photos, as the scene's camera would have taken them.

    Args:
        out: folder to make; the scene's own files are only read.

    Raises:
        WorkbookError: the scene has no map, a source cannot be read, or `out` already holds something.
    """
    loaded = load_scene(scene)
    points = map_folder(loaded.folder) / POINTS
    refuse_used_folder(out)
    require("pycolmap")
    check_sources(sources)
    pinhole = scene_pinhole(loaded.folder, loaded.train.records[0].image_path)
    stages = Stages(work_folder(out), bar)
    found = register_photos(sources, points, pinhole, config, stages, read_about(loaded.folder))
    made = stages.work / "registered"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    for pose in found.poses:
        (made / pose.name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(pose.image_path, made / pose.name)
    records = [PoseRecord(p.name, p.image_path, p.position_m, p.quaternion_wxyz) for p in found.poses]
    write_pose_list(made / POSES, records)
    write_unit(made, loaded.unit)
    write_text(made / UNREGISTERED, "".join(f"{photo.source}: {photo.reason}\n" for photo in found.unregistered))
    if out.is_dir():
        out.rmdir()
    made.rename(out)
    shutil.rmtree(stages.work, ignore_errors=True)
    return RegisteredFolder(out, out / POSES, found, "metres" if loaded.unit == "m" else "units")
