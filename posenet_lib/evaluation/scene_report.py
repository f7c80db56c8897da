"""A trained network on a scene's test split, beside the baselines: the last step of the main job."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from posenet_lib.core.config import PredictConfig
from posenet_lib.core.device import inference_device
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.evaluation.baselines import baselines
from posenet_lib.evaluation.calibration import Calibration, calibration
from posenet_lib.evaluation.errors import PoseErrors, Summary, pose_errors, summarise
from posenet_lib.evaluation.predict import predict_as
from posenet_lib.evaluation.prediction import moved
from posenet_lib.fast import for_prediction
from posenet_lib.geometry.poses import PoseArray, PoseSigma
from posenet_lib.models.checkpoint import Checkpoint
from posenet_lib.scenes.photo_store import ImageStore
from posenet_lib.scenes.scene import Scene

_UNIT_NAMES = {"m": "metres", "units": "units of its own"}
METHOD_TITLES = {
    "posenet": "PoseNet (this network)",
    "aligned": "the same, then aligned with photos",
    "predictions": "these predictions",
    "structure": "structure: SIFT map and PnP",
    "mean_pose": "always the mean training pose",
    "nearest_photo": "pose of the most similar training photo",
    "oracle": "nearest training pose (an oracle)",
}


@dataclass(frozen=True, eq=False)
class SceneResult:
    """Predictions and errors on the test split; `errors` has the keys of `METHOD_TITLES`, the network first."""

    scene_name: str
    names: tuple[str, ...]
    predicted: PoseArray
    true: PoseArray
    errors: dict[str, PoseErrors]
    config: PredictConfig = field(default_factory=PredictConfig)
    sigma: PoseSigma | None = None  # from Monte-Carlo dropout
    offset_m: np.ndarray = field(default_factory=lambda: np.zeros(3))  # the scene's, which `predicted` and `true` lack
    unit: str = "m"  # of lengths; 'units' where nobody knows the scene's scale

    @property
    def predicted_poses(self) -> PoseArray:
        """As the scene's lists have them: with its offset."""
        return self.predicted._replace(position_m=self.predicted.position_m + self.offset_m)

    @property
    def summaries(self) -> dict[str, Summary]:
        """One summary a method."""
        return {method: summarise(errors) for method, errors in self.errors.items()}

    @property
    def calibrations(self) -> dict[str, Calibration]:
        """For position and rotation, how well sigma foretells the error; empty without sigma."""
        if self.sigma is None:
            return {}
        errors = self.errors["posenet"]
        return {name: calibration(getattr(errors, name), sigma) for name, sigma in self.sigma._asdict().items()}

    @property
    def own_unit(self) -> dict[str, str]:
        """For JSON: the unit, where it is not metres."""
        return {} if self.unit == "m" else {"unit": self.unit}

    def with_method(self, name: str, errors: PoseErrors) -> "SceneResult":
        """The same, with another method's errors after the first one's."""
        (first, own), *others = self.errors.items()
        return replace(self, errors={first: own, name: errors, **dict(others)})

    def as_dict(self) -> dict:
        """For JSON: the network's summary at the top level, the baselines' beside it."""
        summaries = {method: summary.as_dict() for method, summary in self.summaries.items()}
        own = {"scene": self.scene_name, "test_time": self.config.test_time, **summaries.pop("posenet")}
        own |= self.own_unit
        for name, found in self.calibrations.items():
            own[f"sigma_{name}"] = {
                "median": float(np.median(getattr(self.sigma, name))),
                "rank_correlation": found.rank_correlation,
            }
        return {**own, "baselines": summaries}

    def __str__(self) -> str:
        # Shares within so many metres say nothing where nobody knows the scale.
        within = list(next(iter(self.summaries.values())).within) if self.unit == "m" else []
        lines = [
            f"{self.scene_name}, {len(self.names)} test photos",
            f"{'':42}{'median position':>16}{'median rotation':>17}" + "".join(f"{key:>15}" for key in within),
        ]
        for method, s in self.summaries.items():
            digits = 2 if s.median_position_m >= 0.05 else 4  # structure is right to millimetres
            position = f"{s.median_position_m:.{digits}f} {self.unit}"
            lines.append(
                f"{METHOD_TITLES[method]:42}{position:>16}{s.median_rotation_deg:>13.2f} deg"
                + "".join(f"{100 * s.within[key]:>13.0f} %" for key in within)
            )
        if self.config.test_time == "dense":
            lines.append(f"The network's answers are means over {self.config.crops} crops.")
        if self.sigma:
            position, rotation = self.calibrations["position_m"], self.calibrations["rotation_deg"]
            lines.append(
                f"The network's answers are means over {self.config.samples} draws of dropout; median sigma "
                f"{np.median(self.sigma.position_m):.2f} {self.unit}, {np.median(self.sigma.rotation_deg):.2f} deg; "
                f"rank correlation with the error {position.rank_correlation:.2f} and {rotation.rank_correlation:.2f}."
            )
        return "\n".join(lines)


def evaluate_scene(
    scene: Scene,
    checkpoint: Checkpoint,
    config: PredictConfig | None = None,
    *,
    progress: Callable[[range], Iterator[int]] = iter,
    show_progress: bool = True,
) -> SceneResult:
    """Predict all test photos and measure. `config`: one centre crop each unless it says otherwise.

    Raises:
        WorkbookError: as `check_scene`.
    """
    store = scene.test.open_store(show_progress=show_progress)
    check_scene(scene, store, checkpoint)
    dataset = PoseDataset(store, scene.test.records, checkpoint.mean_image)
    device = inference_device()
    config = config or PredictConfig()
    model = for_prediction(checkpoint.build_model(), device)
    prediction = predict_as(config, model, dataset, focal_px=checkpoint.focal_px, device=device, progress=progress)
    predicted, sigma = moved(prediction, checkpoint.offset_m - scene.offset_m)
    train, true = scene.train.poses, scene.test.poses
    beside = baselines(train, true, scene.train.open_store(show_progress=show_progress), store)
    errors = {"posenet": pose_errors(predicted, true), **beside._asdict()}
    return SceneResult(scene.name, store.names, predicted, true, errors, config, sigma, scene.offset_m, scene.unit)


def check_scene(scene: Scene, store: ImageStore, checkpoint: Checkpoint) -> None:
    """That a network's answers can belong to a scene.

    Args:
        store: the split's that is used.

    Raises:
        WorkbookError: the photos have another shape than those the network was trained on, or positions another unit.
    """
    if store.image_shape != checkpoint.mean_image.shape:
        where = f"{scene.name}'s photos are {store.image_shape} after resizing, and the network was trained on "
        if checkpoint.scene_name == scene.name:
            raise WorkbookError(
                f"{where}photos of {checkpoint.mean_image.shape}: a network sees one shape alone, so crop the "
                "photos to the same shape"
            )
        raise WorkbookError(f"{where}{checkpoint.scene_name} with {checkpoint.mean_image.shape}; use its own scene")
    if scene.unit != checkpoint.unit:
        raise WorkbookError(
            f"{scene.name} counts in {_UNIT_NAMES.get(scene.unit, scene.unit)}, and the network answers in "
            f"{_UNIT_NAMES.get(checkpoint.unit, checkpoint.unit)}, as {checkpoint.scene_name} does: the errors would "
            "mean nothing. Train on this scene, or use the one that it was trained on"
        )
