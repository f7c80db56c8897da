"""Checkpoints of depth and motion networks: one safetensors file, as PoseNet's, and nothing in it that can run code.

Tensors: `networks.*` and, in a run's `last` checkpoint, `optimizer.*`. The metadata is JSON: the settings, the scene's
name, the baseline of a stereo camera, and where the training stands.
"""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.networks import build_networks
from posenet_lib.models.checkpoint_file import BEST, EGOMOTION, checkpoint_file, joined, part, read_format, write_file

_MAKES = "posenet egomotion train"


@dataclass
class EgomotionCheckpoint:
    """Trained (or half-trained) networks and their context."""

    config: EgomotionConfig
    scene_name: str
    networks: dict[str, torch.Tensor]
    width_per_depth: float  # the camera's: what its disparities mean
    baseline_m: float | None = None  # of a stereo camera: disparities are then metres
    optimizer: dict[str, torch.Tensor] = field(default_factory=dict)
    progress: dict[str, Any] = field(default_factory=dict)  # "history", "elapsed_s", "step"

    def build(self) -> nn.ModuleDict:
        """The networks in evaluation mode, on the CPU."""
        networks = build_networks(self.config)
        networks.load_state_dict(self.networks)
        return networks.eval()


def save_checkpoint(path: Path, checkpoint: EgomotionCheckpoint) -> None:
    """Write all of it or nothing."""
    details = {
        "config": dataclasses.asdict(checkpoint.config),
        "scene_name": checkpoint.scene_name,
        "width_per_depth": checkpoint.width_per_depth,
        "baseline_m": checkpoint.baseline_m,
        "progress": checkpoint.progress,
    }
    parts = {"networks": checkpoint.networks, "optimizer": checkpoint.optimizer}
    write_file(path, EGOMOTION, joined(parts), details)


def load_checkpoint(path: str | Path, *, which: str = BEST) -> EgomotionCheckpoint:
    """Read a checkpoint: a file, or of a run's folder the file wanted.

    Raises:
        WorkbookError: there is none, or the file is damaged or something else.
    """
    path = checkpoint_file(path, which, _MAKES)
    _, tensors, details = read_format(path, EGOMOTION)
    return EgomotionCheckpoint(
        config=EgomotionConfig.from_dict(details["config"]),
        scene_name=details["scene_name"],
        networks=part(tensors, "networks"),
        width_per_depth=details["width_per_depth"],
        baseline_m=details["baseline_m"],
        optimizer=part(tensors, "optimizer"),
        progress=details["progress"],
    )
