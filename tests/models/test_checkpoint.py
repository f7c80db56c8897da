"""Checkpoints: older ones load, damaged ones are named."""

import json

import numpy as np
import pytest
import torch

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, load_checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet


def test_checkpoints_from_before_the_variants_load(tmp_path):
    """Their settings lack trunk, head and loss."""
    import dataclasses

    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    config = TrainConfig(batch_norm=True)
    state = PoseNet.from_config(config).state_dict()
    save_checkpoint(tmp_path / BEST, Checkpoint(config, "here", PositionSpread(), np.zeros((256, 256, 3), "f4"), state))
    with safe_open(tmp_path / BEST, framework="pt") as file:
        metadata = dict(file.metadata())
    details = json.loads(metadata["details"])
    old = {"epochs", "max_minutes", "batch_norm", "dropout", "aux_dropout", "beta", "aux_weight", "seed"}
    details["config"] = {name: value for name, value in dataclasses.asdict(config).items() if name in old}
    save_file(load_file(tmp_path / BEST), tmp_path / BEST, metadata={**metadata, "details": json.dumps(details)})
    checkpoint = load_checkpoint(tmp_path)
    assert (checkpoint.config.trunk, checkpoint.config.head) == ("googlenet-bn", "posenet")
    checkpoint.build_model()


@pytest.mark.parametrize("damage", ["missing", "text", "truncated", "foreign"])
def test_a_damaged_checkpoint_is_named(tmp_path, damage):
    from safetensors.torch import save_file

    path = tmp_path / BEST
    if damage != "missing":
        save_file({"a": torch.zeros(100)}, path)
    if damage == "text":
        path.write_text("weights")
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(WorkbookError, match=r"best\.safetensors"):
        load_checkpoint(path)
