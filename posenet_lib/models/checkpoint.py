"""Checkpoints: one safetensors file that holds all that a prediction needs, and nothing that can run code.

Tensors: `model.*`, `mean_image` (H, W, 3) in 0..255, `loss.*` where the loss learns too and, in a run's `last`
checkpoint, `optimizer.*`. The metadata is JSON: the settings, the scene's name and position spread (its
normalisation), and where the training stands.
"""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from posenet_lib.core.config import TrainConfig
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint_file import (
    BEST,
    LAST,
    POSENET,
    checkpoint_file,
    joined,
    part,
    read_format,
    write_file,
)
from posenet_lib.models.posenet import PoseNet

__all__ = [
    "BEST",
    "LAST",
    "Checkpoint",
    "current_settings",
    "flatten_optimizer",
    "load_checkpoint",
    "restore_optimizer",
    "save_checkpoint",
]


@dataclass
class Checkpoint:
    """A trained (or half-trained) network and its context."""

    config: TrainConfig
    scene_name: str
    spread: PositionSpread
    mean_image: np.ndarray  # (H, W, 3) float32, 0..255
    model: dict[str, torch.Tensor]
    loss: dict[str, torch.Tensor] = field(default_factory=dict)  # what the loss itself has learned, if it does
    optimizer: dict[str, torch.Tensor] = field(default_factory=dict)
    offset_m: np.ndarray = field(
        default_factory=lambda: np.zeros(3)
    )  # float64: what predictions lack (`scenes.offset`)
    focal_px: float | None = None  # in resized pixels, if the pose turned with each crop (`crop_turn`), else None
    unit: str = "m"  # of positions; 'units' where nobody knows the scene's scale
    progress: dict[str, Any] = field(default_factory=dict)  # "history": one record for each epoch

    def build_model(self) -> PoseNet:
        """The network in evaluation mode, on the CPU."""
        model = PoseNet.from_config(self.config, self.spread)
        model.load_state_dict(self.model)
        return model.eval()


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write all of it or nothing."""
    parts = {"model": checkpoint.model, "loss": checkpoint.loss, "optimizer": checkpoint.optimizer}
    tensors = joined(parts) | {"mean_image": torch.tensor(checkpoint.mean_image)}
    details = {
        "config": dataclasses.asdict(checkpoint.config),
        "scene_name": checkpoint.scene_name,
        "spread": {name: [float(v) for v in values] for name, values in checkpoint.spread._asdict().items()},
        "offset_m": [float(value) for value in checkpoint.offset_m],
        "focal_px": checkpoint.focal_px,
        "unit": checkpoint.unit,
        "progress": checkpoint.progress,
    }
    write_file(path, POSENET, tensors, details)


def load_checkpoint(path: str | Path, *, which: str = BEST) -> Checkpoint:
    """Read a checkpoint.

    Args:
        path: a run's folder, or a checkpoint file.
        which: the file wanted from a run's folder.

    Raises:
        OtherNetworksError: the file holds other networks of this workbook.
        WorkbookError: there is none, or the file is damaged or something else.
    """
    path = checkpoint_file(path, which, "posenet train")
    _, tensors, details = read_format(path, POSENET)
    return Checkpoint(
        config=TrainConfig.from_dict(current_settings(details["config"])),
        scene_name=details["scene_name"],
        spread=PositionSpread(**details["spread"]),
        mean_image=tensors.pop("mean_image").numpy(),
        model=part(tensors, "model"),
        loss=part(tensors, "loss"),
        optimizer=part(tensors, "optimizer"),
        offset_m=np.array(details.get("offset_m", (0.0, 0.0, 0.0))),  # older checkpoints: nothing was taken off
        focal_px=details.get("focal_px"),  # older checkpoints: crops kept the photo's pose
        unit=details.get("unit", "m"),  # older checkpoints: metres
        progress=details["progress"],
    )


def current_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings as an older version wrote them, as they are called now."""
    settings = dict(settings)
    settings.pop("flip", None)  # was always off
    if settings.pop("batch_norm", False):  # was another name of a trunk
        settings["trunk"] = "googlenet-bn"
    settings.setdefault("adam_beta2", 0.999)  # was PyTorch's
    settings.setdefault("move", 0.0)  # came later
    return settings


def flatten_optimizer(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """Adam's moments and step counts as flat tensors: `<parameter's number>.<name>`."""
    return {
        f"{index}.{name}": torch.as_tensor(value)
        for index, state in optimizer.state_dict()["state"].items()
        for name, value in state.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, flat: dict[str, torch.Tensor]) -> None:
    """The inverse of `flatten_optimizer`; the parameters' order must be the same."""
    state_dict = optimizer.state_dict()
    for key, value in flat.items():
        index, name = key.split(".", 1)
        state_dict["state"].setdefault(int(index), {})[name] = value
    optimizer.load_state_dict(state_dict)
    # The fused optimiser goes through memory as it lies, so moments must lie as their parameter does (channels last).
    for parameter, state in optimizer.state.items():
        for name, value in state.items():
            if value.shape == parameter.shape:
                state[name] = torch.empty_like(parameter, dtype=value.dtype).copy_(value)
