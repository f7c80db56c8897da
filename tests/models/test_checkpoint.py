"""Checkpoints: older ones load, damaged ones are named."""

import dataclasses
import json
import signal
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, current_settings, load_checkpoint, save_checkpoint
from posenet_lib.models.checkpoint_file import write_file
from posenet_lib.models.posenet import PoseNet


def test_checkpoints_from_before_the_variants_load(tmp_path):
    """Their settings lack trunk, head and loss."""
    config = TrainConfig(trunk="googlenet-bn")
    state = PoseNet.from_config(config).state_dict()
    save_checkpoint(tmp_path / BEST, Checkpoint(config, "here", PositionSpread(), np.zeros((256, 256, 3), "f4"), state))
    with safe_open(tmp_path / BEST, framework="pt") as file:
        metadata = dict(file.metadata())
    details = json.loads(metadata["details"])
    old = {"epochs", "max_minutes", "batch_norm", "dropout", "aux_dropout", "beta", "aux_weight", "seed"}
    settings = {**dataclasses.asdict(config), "batch_norm": True}
    details["config"] = {name: value for name, value in settings.items() if name in old}
    save_file(load_file(tmp_path / BEST), tmp_path / BEST, metadata={**metadata, "details": json.dumps(details)})
    checkpoint = load_checkpoint(tmp_path)
    assert (checkpoint.config.trunk, checkpoint.config.head) == ("googlenet-bn", "posenet")
    checkpoint.build_model()


def test_old_settings_are_called_what_they_are_called_now():
    old = {"batch_norm": True, "flip": False, "trunk": "googlenet", "epochs": 2}
    as_it_was = {"epochs": 2, "adam_beta2": 0.999, "move": 0.0}
    assert current_settings(old) == {"trunk": "googlenet-bn", **as_it_was}
    assert current_settings({**old, "batch_norm": False}) == {"trunk": "googlenet", **as_it_was}
    assert old["batch_norm"], "the given ones stay as they are"


@pytest.mark.parametrize("damage", ["missing", "text", "truncated", "foreign"])
def test_a_damaged_checkpoint_is_named(tmp_path, damage):
    path = tmp_path / BEST
    if damage != "missing":
        save_file({"a": torch.zeros(100)}, path)
    if damage == "text":
        path.write_text("weights")
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(WorkbookError, match=r"best\.safetensors"):
        load_checkpoint(path)


# Whole files of an older version

# Names, formats and shapes of the tensors, and the metadata, of three checkpoints from before the library had rooms.
FILES = json.loads(Path(__file__).with_name("checkpoints_before_the_rooms.json").read_text())
TRUNKS = ["googlenet", "googlenet-bn", "resnet18"]


@pytest.mark.parametrize(("name", "trunk"), list(zip(FILES, TRUNKS, strict=True)))
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


def test_a_checkpoint_for_which_there_is_no_space_is_named_and_the_old_one_stays(tmp_path):
    resource = pytest.importorskip("resource", reason="Windows has no limit for the size of a process's files")
    path, before = tmp_path / BEST, resource.getrlimit(resource.RLIMIT_FSIZE)
    write_file(path, "test", {"x": torch.zeros(10)}, {})
    disposition = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then the write fails as on a full disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(WorkbookError, match=r"best\.safetensors: cannot be written .*; it takes 4 MB"):
            write_file(path, "test", {"x": torch.zeros(1_000_000)}, {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, disposition)
    assert list(tmp_path.iterdir()) == [path] and load_file(path)["x"].shape == (10,)
