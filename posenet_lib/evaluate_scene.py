"""A trained network on a scene's test split, beside the baselines: the last step of the main job."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from posenet_lib.checkpoint import Checkpoint
from posenet_lib.dataset import PoseDataset
from posenet_lib.device import inference_device
from posenet_lib.errors import WorkbookError
from posenet_lib.evaluation import PoseErrors, Summary, baselines, pose_errors, summarise
from posenet_lib.poses import PoseArray
from posenet_lib.prediction import predict
from posenet_lib.scenes import Scene

METHOD_TITLES = {
    "posenet": "PoseNet (this network)",
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

    @property
    def summaries(self) -> dict[str, Summary]:
        """One summary a method."""
        return {method: summarise(errors) for method, errors in self.errors.items()}

    def as_dict(self) -> dict:
        """For JSON: the network's summary at the top level, the baselines' beside it."""
        summaries = {method: summary.as_dict() for method, summary in self.summaries.items()}
        return {"scene": self.scene_name, **summaries.pop("posenet"), "baselines": summaries}

    def __str__(self) -> str:
        within = list(next(iter(self.summaries.values())).within)
        lines = [
            f"{self.scene_name}, {len(self.names)} test photos",
            f"{'':42}{'median position':>16}{'median rotation':>17}" + "".join(f"{key:>15}" for key in within),
        ]
        for method, s in self.summaries.items():
            lines.append(
                f"{METHOD_TITLES[method]:42}{s.median_position_m:>14.2f} m{s.median_rotation_deg:>13.2f} deg"
                + "".join(f"{100 * s.within[key]:>13.0f} %" for key in within)
            )
        return "\n".join(lines)


def evaluate_scene(
    scene: Scene,
    checkpoint: Checkpoint,
    *,
    progress: Callable[[range], Iterator[int]] = iter,
    show_progress: bool = True,
) -> SceneResult:
    """Predict all test photos and measure.

    Raises:
        WorkbookError: the photos have another shape than those the network was trained on.
    """
    store = scene.test.open_store(show_progress=show_progress)
    if store.image_shape != checkpoint.mean_image.shape:
        raise WorkbookError(
            f"{scene.name}'s photos are {store.image_shape} after resizing, the network was trained on "
            f"{checkpoint.scene_name} with {checkpoint.mean_image.shape}; evaluate it on its own scene"
        )
    dataset = PoseDataset(store, scene.test.records, checkpoint.mean_image)
    device = inference_device()
    predicted = predict(checkpoint.build_model().to(device), dataset, device=device, progress=progress)
    train, true = scene.train.poses, scene.test.poses
    beside = baselines(train, true, scene.train.open_store(show_progress=show_progress), store)
    errors = {"posenet": pose_errors(predicted, true), **beside._asdict()}
    return SceneResult(scene.name, store.names, predicted, true, errors)
