"""Notebook 08's scene: filmed and built by structure from motion, or a stand-in where the extra is not installed."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posenet_lib.core.build_config import BuildConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.core.progress import stage_bar
from posenet_lib.core.workspace import repository_root, runs_dir
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.geometry.similarity import Similarity, moved_poses
from posenet_lib.plots import plot_cameras, plot_map
from posenet_lib.plots.figure import Figure
from posenet_lib.scenes.build.build import build_scene, work_folder
from posenet_lib.scenes.build.built_map import MAP, POINTS, read_points
from posenet_lib.scenes.build.court_film import court_film
from posenet_lib.scenes.build.extra import require
from posenet_lib.scenes.build.register_in_scene import RegisteredFolder, register_in_scene
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.pose_list import PoseRecord, read_pose_list, write_pose_list
from posenet_lib.scenes.scene import Scene, load_scene
from posenet_lib.scenes.unit import UNITS, write_unit
from posenet_lib.workbook.feedback import say
from posenet_lib.workbook.runs import training_minutes

WALK, FRAMES = "walk10", 30
SHORT_FRAMES = 14  # of these, where training is told to be short, too (as tests do)
SETTINGS = BuildConfig(features=1500)  # fewer than usual: a minute less, for twice the error
FRIENDS_WALK = "walk13"
_STAND_IN = Similarity(1.25, quaternion.to_matrix([0.9, 0.0, 0.0, 0.436]), np.array([4.0, 9.0, -2.0]))
_STAND_IN_NOISE_M = 0.01


def own_folder() -> Path:
    """Where notebook 08 keeps what it makes: `runs/own-scene`."""
    return runs_dir() / "own-scene"


def sfm_is_installed() -> bool:
    """Whether structure from motion can run here; says in one line what to do if not."""
    try:
        require("pycolmap", "av")
    except WorkbookError as error:
        say(f"Structure from motion cannot run: {error}. The notebook goes on with a stand-in.")
        return False
    return True


class Film(NamedTuple):
    """A video, and the true poses of its frames where they are known."""

    video: Path
    truth: Path | None


def film_of(own_video: str | Path | None) -> Film:
    """The user's video, or one of a walk through the practice court, rendered when first asked for.

    Raises:
        WorkbookError: there is no such video.
    """
    if own_video is not None:
        path = Path(own_video).expanduser()
        if not path.is_file():
            raise WorkbookError(f"{path}: no such video")
        return Film(path, None)
    video = own_folder() / "court.mp4"
    if not video.is_file():
        with stage_bar("rendering") as progress:
            court_film(WALK, FRAMES, video, first=film_frames(), progress=progress)
    return Film(video, video.with_suffix(".txt"))


def film_frames() -> int:
    """How many frames the court's film has: half as many where `POSENET_TRAIN_MINUTES` asks for a short run."""
    return FRAMES if training_minutes(1) >= 0.5 else SHORT_FRAMES


def build_own_scene(video: Path) -> Scene:
    """The scene of a video: built when first asked for, then kept in `runs/own-scene/<the video's name>`."""
    out = own_folder() / video.stem
    if out.is_dir():
        say(f"{out} was built before. Delete that folder to build it again.")
        return load_scene(out)
    if work_folder(out).is_dir():
        say("Going on with what an earlier run had done.")
    built = build_scene([video], out, SETTINGS, bar=stage_bar)
    for note in built.notes:
        print(note)
    print("seconds:", ", ".join(f"{time.name} {time.seconds:.0f}" for time in built.times))
    return load_scene(out)


def stand_in_scene() -> tuple[Scene, Path]:
    """Photos of the court in another frame and unit, a centimetre off: what structure from motion would give.

    Returns:
        the scene, and the list of the true poses.
    """
    court, out = repository_root() / "data" / "PracticeCourt", own_folder() / "stand-in"
    records = [one for one in read_pose_list(court / "dataset_train.txt") if one.name.startswith(f"{WALK}/")]
    truth = own_folder() / "stand-in.txt"
    write_pose_list(truth, records)
    shutil.rmtree(out, ignore_errors=True)
    poses = PoseArray(np.array([r.position_m for r in records]), np.array([r.quaternion_wxyz for r in records]))
    noise = np.random.default_rng(0).normal(0, _STAND_IN_NOISE_M, poses.position_m.shape)
    moved = moved_poses(poses._replace(position_m=poses.position_m + noise), _STAND_IN)
    for record in records:
        (out / record.name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(record.image_path, out / record.name)
    made = [PoseRecord(r.name, r.image_path, *pose) for r, *pose in zip(records, *moved, strict=True)]
    cut = 4 * len(made) // 5
    write_pose_list(out / "dataset_train.txt", made[:cut])
    write_pose_list(out / "dataset_test.txt", made[cut:])
    write_text(out / INTRINSICS, (court / INTRINSICS).read_text(encoding="utf-8"))
    write_unit(out, UNITS)
    return load_scene(out), truth


def plot_own_scene(scene: Scene) -> Figure:
    """Cameras, and the points of the map where there is one."""
    if not (scene.folder / MAP / POINTS).is_file():
        return plot_cameras(scene.train.poses, scene.test.poses, every=2, unit=scene.unit)
    points = read_points(scene.folder)
    return plot_map(scene.train.poses, scene.test.poses, points.xyz, points.rgb, unit=scene.unit)


def friends_photos(count: int) -> tuple[Path, list[PoseRecord]]:
    """Photos of another walk under another sun, evenly over it, in a folder; and their true poses."""
    court, folder = repository_root() / "data" / "PracticeCourt", own_folder() / "friend"
    records = [one for one in read_pose_list(court / "dataset_test.txt") if one.name.startswith(f"{FRIENDS_WALK}/")]
    chosen = records[:: max(1, len(records) // count)][:count]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for record in chosen:
        shutil.copyfile(record.image_path, folder / record.image_path.name)
    return folder, [
        PoseRecord(f"friend/{one.image_path.name}", one.image_path, one.position_m, one.quaternion_wxyz)
        for one in chosen
    ]


def register_friend(scene: Scene, folder: Path) -> RegisteredFolder:
    """Poses of the folder's photos in the scene's map; made anew each time."""
    out = own_folder() / "registered"
    shutil.rmtree(out, ignore_errors=True)
    return register_in_scene([folder], scene.folder, out, SETTINGS, bar=stage_bar)


def matched_positions(
    cameras: Sequence[PoseRecord], others: Sequence[PoseRecord]
) -> tuple[list[str], PoseArray, PoseArray]:
    """Cameras with the same names on both sides, in one order: their names, and the poses of each side."""
    known = {record.name: record for record in others}
    both = [(record, known[record.name]) for record in cameras if record.name in known]
    sides = [
        PoseArray(np.array([r.position_m for r in side]), np.array([r.quaternion_wxyz for r in side]))
        for side in zip(*both, strict=True)
    ]
    return [record.name for record, _ in both], *sides
