"""Pretraining on courts: batches agree with the library's crops, training learns, the trunk comes back whole."""

import numpy as np
import pytest
import torch

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.pretrain_config import PretrainConfig
from posenet_lib.models.posenet import PoseNet
from posenet_lib.pretraining.batches import SIZE, CourtBatches
from posenet_lib.pretraining.photos import HEIGHT, WIDTH, CourtPhotos, court_photos
from posenet_lib.pretraining.run import pretrain, save_trunk
from posenet_lib.weights.pretrained import load_pretrained


@pytest.fixture
def noise():
    """Two courts of eight photos each, whose pixels are noise and whose depth is that of a wall."""
    rng = np.random.default_rng(0)
    wxyz = rng.normal(size=(16, 4)).astype(np.float32)
    return CourtPhotos(
        rng.integers(0, 256, (16, HEIGHT, WIDTH, 3), dtype=np.uint8),
        np.full((16, HEIGHT // 4, WIDTH // 4), 5, dtype=np.float16),
        rng.uniform(-4, 4, (16, 3)).astype(np.float32),
        wxyz / np.linalg.norm(wxyz, axis=1, keepdims=True),
        np.repeat([0, 1], 8),
    )


def test_a_batch_has_the_shapes_and_the_range_that_training_has(noise):
    batch = CourtBatches(noise, torch.device("cpu"), seed=0).draw(6)
    assert batch.images.shape == (6, 3, SIZE, SIZE) and batch.log_depth.shape == (6, 28, 28)
    assert torch.isfinite(batch.images).all() and -5 < batch.images.min() < batch.images.max() < 3
    assert torch.allclose(batch.pose.quaternion_wxyz.norm(dim=1), torch.ones(6))
    assert torch.allclose(batch.log_depth, torch.full_like(batch.log_depth, np.log(5)), atol=1e-3)


def test_the_last_layers_are_those_of_the_photo_s_court(noise):
    """Means of positions differ between the courts, and an untrained network answers with about the mean."""
    far = noise._replace(position_m=noise.position_m + 100 * noise.court[:, None])
    batch = CourtBatches(far, torch.device("cpu"), seed=0).draw(12)
    assert ((batch.mean_m[:, 0] > 50) == (batch.court == 1)).all()
    assert ((batch.pose.position_m[:, 0] > 50) == (batch.court == 1)).all()


def test_impossible_settings_are_named():
    with pytest.raises(WorkbookError, match="courts is 0; it must be at least 1"):
        PretrainConfig(courts=0)


def test_the_shipped_trunk_loads_and_says_where_it_comes_from():
    from safetensors import safe_open

    model = PoseNet(trunk="googlenet-bn", image_size=112)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    report = load_pretrained(model, "courts")
    changed = [name for name, value in model.state_dict().items() if not torch.equal(value, before[name])]
    assert changed and all(name.startswith("trunk.") for name in changed)
    assert report.path.stat().st_size <= 13e6
    with safe_open(report.path, framework="pt") as file:
        about = file.metadata()
    assert about["made_by"].startswith("posenet weights pretrain") and about["date"] and about["device"]


def test_a_trunk_without_such_weights_is_told_what_to_do():
    with pytest.raises(WorkbookError, match="--trunk googlenet-bn"):
        load_pretrained(PoseNet(trunk="googlenet"), "courts")


@pytest.mark.slow
def test_a_short_pretraining_learns_and_its_trunk_comes_back(tmp_path, monkeypatch):
    """Real courts, few photos: the loss falls, and the file gives the same trunk but for half precision."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    config = PretrainConfig(courts=2, photos=12, batch_size=8, max_minutes=0.5)
    data = court_photos(config.first_seed, config.courts, config.photos, workers=2)
    assert len(data.photos) == 24 and np.isfinite(data.depth_m).any()
    lines = []
    network = pretrain(config, data, progress=lambda done, line: lines.append(float(line.split("depth ")[1])))
    assert lines[-1] < 0.8 * lines[0]
    save_trunk(network, tmp_path / "trunk.safetensors", {"made_by": "a test"})
    other = PoseNet(trunk="googlenet-bn")
    load_pretrained(other, tmp_path / "trunk.safetensors")
    for name, value in network.trunk.state_dict().items():
        if value.is_floating_point():
            assert torch.allclose(other.trunk.state_dict()[name], value, rtol=2e-3, atol=1e-4), name
