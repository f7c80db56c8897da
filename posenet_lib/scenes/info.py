"""What a scene holds, and what is wrong with it, before a training run is spent on it."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import nearest_poses
from posenet_lib.scenes.check.once import findings_once
from posenet_lib.scenes.photo_names import place_of
from posenet_lib.scenes.pose_list import read_pose_list
from posenet_lib.scenes.scene import Scene, Split, find_scene, load_scene

_LARGEST_GAP = 4  # usual steps from frame to frame: a few missing photos are still one path


@dataclass(frozen=True)
class SceneInfo:
    """Facts about a scene's poses; lengths in metres (or in `unit`), angles in degrees."""

    name: str
    folder: str
    train_count: int
    test_count: int
    extent_m: tuple[float, float, float]  # of all cameras, along x, y and z
    train_length_m: float  # the cameras' path, sequence by sequence
    test_length_m: float
    nearest_median_m: float  # from a test pose to its nearest training pose
    nearest_max_m: float
    nearest_median_deg: float  # between those two
    problems: tuple[str, ...]
    unit: str = "m"  # 'units' where nobody knows the scale

    def as_dict(self) -> dict:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        x, y, z = self.extent_m
        lines = [
            f"{self.name} ({self.folder})",
            f"  photos              {self.train_count} training, {self.test_count} test",
            f"  cameras spread over {x:.1f} x {y:.1f} x {z:.1f} {self.unit} (x, y, z)",
            f"  path length         {self.train_length_m:.0f} {self.unit} training, "
            f"{self.test_length_m:.0f} {self.unit} test",
            f"  test to nearest training pose: {self.nearest_median_m:.2f} {self.unit} and "
            f"{self.nearest_median_deg:.1f} deg in the median, {self.nearest_max_m:.2f} {self.unit} at most",
            *(f"  problem: {problem}" for problem in self.problems),
        ]
        return "\n".join(lines if self.problems else [*lines, "  no problems found"])


def scene_info(name_or_folder: str | Path) -> tuple[SceneInfo, Scene]:
    """Facts and problems. Missing photos are problems here, not errors: a list alone already tells much.

    Raises:
        WorkbookError: there is no such scene, or its lists cannot be read at all.
    """
    problems: list[str] = []
    try:
        scene = load_scene(name_or_folder)
    except WorkbookError:
        find_scene(name_or_folder)  # if that is the error, there is nothing to report on
        scene = load_scene(name_or_folder, check_images=False)
        for split in (scene.train, scene.test):
            try:
                read_pose_list(split.folder / f"dataset_{split.label}.txt")
            except WorkbookError as error:
                problems += str(error).splitlines()
    train, test = scene.train.poses, scene.test.poses
    chosen = nearest_poses(test, among=train)
    nearest_m = np.linalg.norm(train.position_m[chosen] - test.position_m, axis=1)
    nearest_deg = quaternion.angle_deg(train.quaternion_wxyz[chosen], test.quaternion_wxyz)
    problems += _suspicions(scene, nearest_m)
    problems += _found_by_check(scene)
    everything = np.concatenate([train.position_m, test.position_m])
    return (
        SceneInfo(
            name=scene.name,
            folder=str(scene.folder),
            train_count=len(scene.train),
            test_count=len(scene.test),
            extent_m=tuple(float(value) for value in np.ptp(everything, axis=0)),
            train_length_m=path_length_m(scene.train),
            test_length_m=path_length_m(scene.test),
            nearest_median_m=float(np.median(nearest_m)),
            nearest_max_m=float(nearest_m.max()),
            nearest_median_deg=float(np.median(nearest_deg)),
            problems=tuple(problems),
            unit=scene.unit,
        ),
        scene,
    )


def path_length_m(split: Split) -> float:
    """Sum of the steps between neighbours of one sequence; the jump to the next sequence is no step.

    Neither is the jump over frames that belong to the other split (`--test-blocks`).
    """
    steps = np.linalg.norm(np.diff(split.poses.position_m, axis=0), axis=1)
    together = split.sequences[1:] == split.sequences[:-1]
    frames = np.diff([place_of(record.name)[1] for record in split.records])
    if together.any():
        # Far in both: numbers alone may be times of day, and a camera may have been carried fast.
        far = [values > _LARGEST_GAP * np.median(values[together]) for values in (frames, steps)]
        together &= ~(far[0] & far[1])
    return float(steps[together].sum())


def _found_by_check(scene: Scene) -> list[str]:
    """A line for each finding of `posenet scene check` that reading the lists does not tell."""
    said = ("cannot be read", "photo ", "under the same name")
    return [
        f"{found.finding} ({found.count}, first in {found.where}); to mend it: {found.remedy}"
        for found in findings_once(scene.folder)
        if not any(words in found.finding for words in (said[0], said[2])) and not found.finding.startswith(said[1])
    ]


def _suspicions(scene: Scene, nearest_m: np.ndarray) -> list[str]:
    found = []
    shared = {r.name for r in scene.train.records} & {r.name for r in scene.test.records}
    if shared:
        found.append(f"{len(shared)} photos are in both lists, for example {min(shared)}: the test is no test")
    extent = np.ptp(scene.train.poses.position_m, axis=0).max()
    if extent < 1e-3:
        found.append("all training cameras are at one point: there is no position to learn")
    else:
        far = nearest_m > 0.5 * extent
        if far.any():
            first = scene.test.records[int(np.argmax(far))].name
            found.append(
                f"{int(far.sum())} test photos are further from all training photos than half the scene, first "
                f"{first}: another frame or unit?"
            )
    return found
