"""Score predictions from a file, whatever system made them: the same errors, by the same code, as for PoseNet."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posenet_lib.evaluation.baselines import mean_pose_errors, nearest_pose_errors
from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.evaluation.other_readings import better_reading, note
from posenet_lib.evaluation.prediction_reading import poses_from_numbers, read_numbers
from posenet_lib.evaluation.scene_report import SceneResult
from posenet_lib.scenes.scene import Scene


@dataclass(frozen=True, eq=False)
class ScoredPredictions(SceneResult):
    """Like a network's result; of the baselines, those that need no photo."""

    source: str = ""
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict:
        """For JSON."""
        summaries = {method: summary.as_dict() for method, summary in self.summaries.items()}
        own = {"scene": self.scene_name, "predictions": self.source, **summaries.pop("predictions"), **self.own_unit}
        return {**own, "baselines": summaries, "notes": list(self.notes)}

    def __str__(self) -> str:
        return "\n".join([f"Predictions of {self.source}", super().__str__(), *self.notes])


def score_predictions(scene: Scene, path: str | Path) -> ScoredPredictions:
    """Read a file of predictions and measure them on the scene's test split.

    Raises:
        WorkbookError: as `read_predictions`.
    """
    numbers, true = read_numbers(path, scene), scene.test.poses
    predicted = poses_from_numbers(numbers, scene)
    errors = {
        "predictions": pose_errors(predicted, true),
        "mean_pose": mean_pose_errors(scene.train.poses, true),
        "oracle": nearest_pose_errors(scene.train.poses, true),
    }
    names = tuple(record.name for record in scene.test.records)
    baseline = errors["mean_pose"]
    size = float(np.median(baseline.position_m)), float(np.median(baseline.rotation_deg))
    in_scene = true._replace(position_m=true.position_m + scene.offset_m)
    found = better_reading(numbers, in_scene, size, scene.unit)
    notes = (note(*found, scene.unit),) if found else ()
    return ScoredPredictions(
        scene.name,
        names,
        predicted,
        true,
        errors,
        offset_m=scene.offset_m,
        unit=scene.unit,
        source=str(path),
        notes=notes,
    )
