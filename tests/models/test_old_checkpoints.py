"""Checkpoints that were written before the library was divided into rooms load, predict, and can be trained on.

`checkpoints_before_the_rooms.json` holds the tensors' names, formats and shapes, and the metadata, of three such files.
"""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from posenet_lib.models.checkpoint import BEST, load_checkpoint

FILES = json.loads(Path(__file__).with_name("checkpoints_before_the_rooms.json").read_text())
TRUNKS = ["googlenet", "googlenet-bn", "resnet18"]


@pytest.mark.parametrize(("name", "trunk"), zip(FILES, TRUNKS, strict=True))
def test_an_old_checkpoint_loads_and_predicts(name, trunk, tmp_path):
    generator = torch.Generator().manual_seed(0)

    def tensor(kind: str, shape: list[int]) -> torch.Tensor:
        if kind == "int64":
            return torch.ones(shape, dtype=torch.int64)
        return 0.02 * torch.rand(shape, generator=generator)

    tensors = {key: tensor(*value) for key, value in FILES[name]["tensors"].items()}
    save_file(tensors, tmp_path / BEST, metadata=FILES[name]["metadata"])

    checkpoint = load_checkpoint(tmp_path)
    assert checkpoint.config.trunk == trunk
    assert (checkpoint.scene_name, checkpoint.focal_px) == ("practice-court", 210.0)
    assert np.allclose(checkpoint.spread.mean_m, (1, 2, 3)) and np.allclose(checkpoint.spread.std_m, (4, 5, 6))
    assert len(checkpoint.progress["history"]) == 1
    model = checkpoint.build_model()  # strict: each name and shape is the network's, and none is missing
    for key, value in model.state_dict().items():
        assert torch.equal(value, tensors[f"model.{key}"]), key
    with torch.inference_mode():
        pose = model(torch.rand(1, 3, 224, 224)).main
    assert pose.position_m.isfinite().all() and pose.quaternion_wxyz.isfinite().all()
