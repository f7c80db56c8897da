"""Score predictions from a file, whatever system made them: the same errors, by the same code, as for PoseNet."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posenet_lib.evaluation.baselines import mean_pose_errors, nearest_pose_errors
from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.evaluation.prediction_reading import read_predictions
from posenet_lib.evaluation.scene_report import SceneResult
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.scene import Scene

_SUSPICIOUS_DEG = 15.0


@dataclass(frozen=True, eq=False)
class ScoredPredictions(SceneResult):
    """Like a network's result; of the baselines, those that need no photo."""

    source: str = ""
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict:
        """For JSON."""
        summaries = {method: summary.as_dict() for method, summary in self.summaries.items()}
        own = {"scene": self.scene_name, "predictions": self.source, **summaries.pop("predictions")}
        return {**own, "baselines": summaries, "notes": list(self.notes)}

    def __str__(self) -> str:
        return "\n".join([f"Predictions of {self.source}", super().__str__(), *self.notes])


def score_predictions(scene: Scene, path: str | Path) -> ScoredPredictions:
    """Read a file of predictions and measure them on the scene's test split.

    Raises:
        WorkbookError: as `read_predictions`.
    """
    predicted, true = read_predictions(path, scene), scene.test.poses
    errors = {
        "predictions": pose_errors(predicted, true),
        "mean_pose": mean_pose_errors(scene.train.poses, true),
        "oracle": nearest_pose_errors(scene.train.poses, true),
    }
    names = tuple(record.name for record in scene.test.records)
    notes = _suspicions(predicted, true)
    return ScoredPredictions(scene.name, names, predicted, true, errors, source=str(path), notes=notes)


def _suspicions(predicted: PoseArray, true: PoseArray) -> tuple[str, ...]:
    """Would another convention explain the orientations far better? Then the reader should know."""
    as_read = float(np.median(pose_errors(predicted, true).rotation_deg))
    if as_read < _SUSPICIOUS_DEG:
        return ()
    wxyz = predicted.quaternion_wxyz
    last_first = np.roll(wxyz, 1, axis=-1)
    inverse = np.array([1, -1, -1, -1])
    readings = {
        "as x, y, z, w (w last)": last_first,
        "as camera to world": wxyz * inverse,
        "as camera to world with w last": last_first * inverse,
    }
    medians = {words: float(np.median(quaternion.angle_deg(q, true.quaternion_wxyz))) for words, q in readings.items()}
    best = min(medians, key=medians.__getitem__)
    if medians[best] > as_read / 3:
        return ()
    return (
        f"Note: read {best}, the quaternions would have a median error of {medians[best]:.2f} deg in place of "
        f"{as_read:.2f}. The workbook's convention is w first, world to camera.",
    )
