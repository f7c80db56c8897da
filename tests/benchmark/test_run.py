"""`posenet benchmark`: every row from a quick run, and the arithmetic around the measurements. No time is asserted."""

import json

import numpy as np
import pytest
import torch

from posenet_lib.benchmark import handout
from posenet_lib.benchmark.setup import Setup, make_setup
from posenet_lib.cli import main
from posenet_lib.core.config import BenchmarkConfig
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.transforms import CROP
from posenet_lib.scenes.photo_store import open_store
from posenet_lib.scenes.scene import load_scene

KEYS = {"row", "handout", "ours", "unit", "ratio", "target"}
QUICK = BenchmarkConfig(quick=True)


@pytest.fixture
def setup(small_scene, tmp_path) -> Setup:
    """With the practice court's photos: none is made."""
    return make_setup(QUICK, tmp_path, load_scene(small_scene).train.records)


def test_a_quick_run_has_every_row(small_scene, capsys):
    groups = ["--only", "input", "--only", "training", "--only", "inference"]
    assert main(["benchmark", "--quick", "--json", "--scene", str(small_scene), *groups]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(set(row) == KEYS for row in rows)
    assert all(row["ours"] > 0 and row["ratio"] > 0 for row in rows)
    names = " | ".join(row["row"] for row in rows)
    for part in (
        "mean image",
        "epoch's input",
        "batch-norm trunk",
        "plain trunk with LRN",
        "arithmetic",
        "whole epoch",
    ):
        assert part in names
    for part in ("input's share", "one photo", "inference, batch", "dense test"):
        assert part in names


def test_both_ways_give_the_same_numbers(setup, monkeypatch):
    """The handout's mean image, and its inputs when it happens to take the centre crop."""
    records = setup.sets[setup.first]
    mean_image = handout.mean_image(records)
    store = open_store(records, setup.folder, "train", show_progress=False)
    np.testing.assert_allclose(mean_image, store.pixels.mean(axis=0, dtype=np.float64), atol=1e-4)
    plain = handout.HandoutDataset(records, mean_image)
    plain.to_input.transforms[0] = lambda image: image[:, 16:240, 115:339]
    ours = PoseDataset(store, records, mean_image)
    for index in range(len(records)):
        image, position_m, quaternion_wxyz = plain[index]
        assert image.shape == (3, CROP, CROP)
        torch.testing.assert_close(ours[index].image, image, atol=1e-6, rtol=0)
        assert torch.equal(ours[index].position_m, position_m)
        assert torch.equal(ours[index].quaternion_wxyz, quaternion_wxyz)
