"""Checkpoints of depth and motion networks: one safetensors file, as PoseNet's, and nothing in it that can run code.

Tensors: `networks.*` and, in a run's `last` checkpoint, `optimizer.*`. The metadata is JSON: the settings, the scene's
name, the baseline of a stereo camera, and where the training stands.
"""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.networks import build_networks
from posenet_lib.models.checkpoint import BEST

_FORMAT = "posenet-workbook egomotion 1"


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
    tensors = {f"networks.{name}": value for name, value in checkpoint.networks.items()}
    tensors |= {f"optimizer.{name}": value for name, value in checkpoint.optimizer.items()}
    details = {
        "config": dataclasses.asdict(checkpoint.config),
        "scene_name": checkpoint.scene_name,
        "width_per_depth": checkpoint.width_per_depth,
        "baseline_m": checkpoint.baseline_m,
        "progress": checkpoint.progress,
    }
    tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    with replacing(path) as temporary:
        save_file(tensors, temporary, metadata={"format": _FORMAT, "details": json.dumps(details)})


def load_checkpoint(path: str | Path, *, which: str = BEST) -> EgomotionCheckpoint:
    """Read a checkpoint: a file, or of a run's folder the file wanted.

    Raises:
        WorkbookError: there is none, or the file is damaged or something else.
    """
    path = Path(path)
    path = path / which if path.is_dir() else path
    if not path.is_file():
        raise WorkbookError(f"{path}: no such checkpoint; train first: posenet egomotion train --out RUN")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, OSError) as error:
        raise WorkbookError(f"{path}: cannot be read as a checkpoint ({error})") from error
    if metadata.get("format") != _FORMAT:
        raise WorkbookError(
            f"{path}: holds no depth and motion networks (format {metadata.get('format')!r}); "
            "posenet egomotion train makes such a file"
        )
    details = json.loads(metadata["details"])
    return EgomotionCheckpoint(
        config=EgomotionConfig.from_dict(details["config"]),
        scene_name=details["scene_name"],
        networks=_part(tensors, "networks."),
        width_per_depth=details["width_per_depth"],
        baseline_m=details["baseline_m"],
        optimizer=_part(tensors, "optimizer."),
        progress=details["progress"],
    )


def _part(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
