"""Trunks, heads, losses and test-time methods: each a choice of the settings, each through its real entry point."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from posenet_lib.evaluation.dense_crops import dense_corners
from posenet_lib.evaluation.monte_carlo import mean_and_sigma
from torchvision.models import resnet18

from posenet_lib.cli import main
from posenet_lib.core.config import PredictConfig, TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.crop_turn import turned_with_crop
from posenet_lib.data.transforms import CROP
from posenet_lib.evaluation.calibration import calibration
from posenet_lib.evaluation.predict import predict_batch
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import Pose, PoseArray, PositionSpread
from posenet_lib.models.checkpoint import BEST, LAST, Checkpoint, load_checkpoint, save_checkpoint
from posenet_lib.models.heads import AuxiliaryHead, FeatureLSTM, MainHead
from posenet_lib.models.posenet import PoseNet, PoseNetOutput
from posenet_lib.training.losses import AnswerParts, LearnedWeighting
from posenet_lib.workbook import load_answer

SOLUTIONS = Path(__file__).parent / "solutions"


def shapes(output: PoseNetOutput) -> list[tuple[int, ...]]:
    return [tuple(tensor.shape) for pose in output if pose for tensor in pose]


def random_output(batch: int = 5, heads: int = 3) -> PoseNetOutput:
    poses = [Pose(torch.randn(batch, 3), torch.randn(batch, 4)) for _ in range(heads)]
    return PoseNetOutput(*poses, *[None] * (3 - heads))


# Trunks and heads


def test_a_resnet_has_the_main_head_alone_and_torchvisions_names():
    model = PoseNet(trunk="resnet18").train()
    theirs = resnet18().state_dict()
    ours = {name: tuple(value.shape) for name, value in model.trunk.state_dict().items()}
    assert ours == {name: tuple(v.shape) for name, v in theirs.items() if not name.startswith("fc.")}
    output = model(torch.randn(2, 3, 224, 224))
    assert shapes(output) == [(2, 3), (2, 4)]
    PoseLoss = load_answer("PoseLoss", SOLUTIONS)  # noqa: N806
    target = Pose(torch.zeros(2, 3), torch.tensor([[1.0, 0, 0, 0]]).repeat(2, 1))
    PoseLoss(beta=3.0)(output, target).backward()  # the student's loss as it is
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())


@pytest.mark.parametrize(("trunk", "channels"), [("resnet34", 512), ("resnet50", 2048)])
def test_larger_resnets(trunk, channels):
    model = PoseNet(trunk=trunk).eval()
    assert model.main.fc.in_features == channels
    with torch.no_grad():
        assert shapes(model(torch.randn(1, 3, 64, 64))) == [(1, 3), (1, 4)]


@pytest.mark.parametrize("features", [1024, 2048])
def test_poselstm_reads_the_grid_along_both_axes(features):
    lstm = FeatureLSTM(features)
    assert (lstm.down.input_size, lstm.across.input_size) == (features // 32, 32)
    assert (lstm.down.hidden_size, lstm.down.bidirectional, lstm.down.num_layers) == (256, True, 1)
    x = torch.randn(2, features, requires_grad=True)
    y = lstm(x)
    assert y.shape == (2, 1024)
    grid = x.detach().view(2, 32, features // 32)
    _, (hidden, _) = lstm.across(grid.transpose(1, 2))
    torch.testing.assert_close(y[:, 512:768], hidden[0])  # the forward reading of the columns is the third quarter
    (gradient,) = torch.autograd.grad(y[0].sum(), x)
    assert (gradient[0] != 0).all()
    assert not gradient[1].any(), "a photo's features must not meet another photo's"


def test_poselstm_heads_end_in_1024_features():
    spread = PositionSpread()
    aux, main_head = AuxiliaryHead(512, 0.7, spread, lstm=True), MainHead(1024, 0.5, spread, lstm=True)
    assert (aux.regressor.position.in_features, main_head.regressor.position.in_features) == (1024, 1024)
    assert (aux.fc.out_features, main_head.fc.out_features) == (1024, 2048)
    assert [tuple(t.shape) for t in aux(torch.randn(2, 512, 14, 14))] == [(2, 3), (2, 4)]
    assert [tuple(t.shape) for t in main_head(torch.randn(2, 1024, 7, 7))] == [(2, 3), (2, 4)]


def test_batch_norm_is_short_for_a_trunk():
    assert TrainConfig(batch_norm=True) == TrainConfig(trunk="googlenet-bn")
    assert TrainConfig.from_dict({"batch_norm": True, "epochs": 2}).trunk == "googlenet-bn"  # an old checkpoint
    assert not TrainConfig(trunk="resnet18").batch_norm
    with pytest.raises(WorkbookError, match="short for the trunk googlenet-bn, but the trunk is resnet18"):
        TrainConfig(batch_norm=True, trunk="resnet18")
    with pytest.raises(WorkbookError, match="'vgg'; choose one of googlenet, googlenet-bn, resnet18"):
        PoseNet(trunk="vgg")


# Losses


def test_the_parts_of_a_loss_are_found_without_looking_inside():
    PoseLoss = load_answer("PoseLoss", SOLUTIONS)  # noqa: N806
    weights = (0.3, 0.2, 1.0)
    parts, output, target = AnswerParts(PoseLoss, weights), random_output(), random_output().main
    whole = PoseLoss(beta=7.0, head_weights=weights)(output, target)
    torch.testing.assert_close(parts.position(output, target) + 7 * parts.rotation(output, target), whole)
    moved = output._replace(main=output.main._replace(position_m=output.main.position_m + 5))
    torch.testing.assert_close(parts.rotation(moved, target), parts.rotation(output, target))
    assert parts.position(moved, target) > parts.position(output, target)


@pytest.mark.filterwarnings("error")
def test_learned_weighting_settles_at_the_errors_logarithms():
    loss = LearnedWeighting(lambda *_: torch.tensor(0.5), lambda *_: torch.tensor(0.02))
    assert loss(None, None).item() == pytest.approx(0.5 + 0.02 * np.e**3 - 3, abs=1e-5)
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        loss(None, None).backward()
        optimizer.step()
    assert float(loss.s_position.detach()) == pytest.approx(np.log(0.5), abs=0.02)
    assert float(loss.s_rotation.detach()) == pytest.approx(np.log(0.02), abs=0.02)
    assert loss.beta == pytest.approx(25, rel=0.05)
    assert loss(None, None).item() < 0, "by design"


# Test time


class PlacePredictor(torch.nn.Module):
    """Answers with the brightness of the crop's first pixel, so that each crop is known by its answer."""

    def __init__(self):
        super().__init__()
        self.anchor = torch.nn.Parameter(torch.zeros(1))

    def forward(self, images):
        value = images[:, 0, 0, 0]
        flip = torch.where(torch.arange(len(value)) % 2 == 0, 1.0, -1.0)  # q and -q are one rotation
        quaternion_wxyz = torch.tensor([[0.6, 0.8, 0.0, 0.0]]) * flip[:, None]
        return PoseNetOutput(Pose(value[:, None].repeat(1, 3), quaternion_wxyz), None, None)


@pytest.mark.parametrize(("size", "grid"), [((256, 455), (4, 32)), ((455, 256), (32, 4)), ((256, 256), (8, 16))])
def test_dense_crops_cover_the_photo_evenly(size, grid):
    corners = dense_corners(*size, 128)
    tops, lefts = sorted({c.top for c in corners}), sorted({c.left for c in corners})
    assert len(corners) == len(set(corners)) == 128
    assert (len(tops), len(lefts)) in (grid, grid[::-1]) if size[0] == size[1] else (len(tops), len(lefts)) == grid
    for places, room in ((tops, size[0] - CROP), (lefts, size[1] - CROP)):
        assert (places[0], places[-1]) == (0, room)
        assert np.ptp(np.diff(places)) <= 1
    assert dense_corners(224, 224, 2) == [(0, 0), (0, 0)]


def test_dense_is_the_mean_over_crops():
    photo = torch.zeros(1, 226, 300, 3, dtype=torch.uint8)
    photo[0, :, :, 0] = torch.arange(300)[None].clamp(max=255)
    how = PredictConfig(test_time="dense", crops=8)
    found = predict_batch(PlacePredictor(), photo, torch.zeros(226, 300, 3), how, torch.Generator()).poses
    levels = [c.left for c in dense_corners(226, 300, 8)]
    assert found.position_m[0, 0] == pytest.approx(np.mean([(v / 255 - 0.5) / 0.5 for v in levels]), abs=1e-6)
    np.testing.assert_allclose(found.quaternion_wxyz, [[0.6, 0.8, 0, 0]], atol=1e-7)


def test_dense_turns_each_crop_back_if_poses_turned_with_crops_in_training():
    """A network that answers each crop as training labels it: then the mean must be the photo's own pose."""
    true_wxyz = quaternion.canonical_sign(quaternion.normalise(np.array([0.5, -0.6, 0.4, 0.3])))
    corners = dense_corners(256, 455, 8)
    labels = turned_with_crop(np.tile(true_wxyz, (8, 1)), corners, (256, 455, 3), 330.0)
    assert quaternion.angle_deg(labels, true_wxyz).max() > 10

    class AnswersLabels(PlacePredictor):
        def forward(self, images):
            return PoseNetOutput(Pose(torch.zeros(8, 3), torch.tensor(labels).float()), None, None)

    photo, mean = torch.zeros(1, 256, 455, 3, dtype=torch.uint8), torch.zeros(256, 455, 3)
    how = PredictConfig(test_time="dense", crops=8)
    found = predict_batch(AnswersLabels(), photo, mean, how, torch.Generator(), focal_px=330.0).poses
    assert quaternion.angle_deg(found.quaternion_wxyz, true_wxyz[None])[0] < 1e-3


def test_mean_and_sigma_of_samples():
    rng = np.random.default_rng(0)
    axis_deg = rng.normal(0, 2, (4000, 1))
    half = np.radians(axis_deg) / 2
    q = np.concatenate([np.cos(half), np.sin(half), 0 * half, 0 * half], axis=1) * rng.choice([-1, 1], (4000, 1))
    x = rng.normal([1, 2, 3], [0.3, 0.4, 0.0], (4000, 3))
    poses, sigma = mean_and_sigma([PoseArray(a[None], b[None]) for a, b in zip(x, q, strict=True)])
    np.testing.assert_allclose(poses.position_m, [[1, 2, 3]], atol=0.03)
    assert quaternion.angle_deg(poses.quaternion_wxyz, [[1, 0, 0, 0]])[0] < 0.15
    assert sigma.position_m[0] == pytest.approx(0.5, rel=0.05)
    assert sigma.rotation_deg[0] == pytest.approx(2, rel=0.05)


def test_monte_carlo_dropout_samples_the_dropout_of_training():
    model = PoseNet(trunk="resnet18", dropout=0.5).eval()
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        samples = model.sample_poses(images, 200, torch.Generator().manual_seed(1))
        again = model.sample_poses(images, 1, torch.Generator().manual_seed(1))
        plain = model(images).main
    torch.testing.assert_close(samples[0].position_m, again[0].position_m)
    assert not torch.equal(samples[0].position_m, samples[1].position_m)
    drawn = torch.stack([sample.position_m for sample in samples])
    error = (drawn.mean(0) - plain.position_m).abs()  # inverted dropout: the mean stays
    assert (error < 5 * drawn.std(0) / 200**0.5).all()
    with pytest.raises(WorkbookError, match="dropout 0"):
        PoseNet(trunk="resnet18", dropout=0.0).sample_poses(images, 2, torch.Generator())


def test_calibration_of_an_honest_and_a_useless_sigma():
    rng = np.random.default_rng(3)
    sigma = rng.uniform(0.1, 2, 6000)
    honest = calibration(np.abs(rng.normal(0, sigma)), sigma)
    np.testing.assert_allclose(honest.error, honest.sigma, rtol=0.1)
    assert honest.rank_correlation > 0.4
    useless = calibration(np.abs(rng.normal(0, 1, 6000)), sigma)
    assert abs(useless.rank_correlation) < 0.05
    assert honest.count.sum() == 6000


# Through the commands


def test_a_variant_is_trained_resumed_and_evaluated(small_scene, tmp_path, capsys):
    """ResNet-18 with LSTM head and learned weighting: two epochs at once are one epoch and another."""
    common = ["--scene", str(small_scene), "--answers", str(SOLUTIONS), "--trunk", "resnet18", "--head", "poselstm"]
    common += ["--loss", "learned", "--batch-size", "8", "--schedule", "constant", "--precision", "float32"]
    common += ["--device", "cpu"]
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert main(["train", *common, "--out", str(whole), "--epochs", "2", "--warmup", "0"]) == 0
    for more in (["--epochs", "1"], ["--epochs", "2", "--resume"]):
        assert main(["train", *common, "--out", str(parts), "--warmup", "0", *more]) == 0
    first, second = load_checkpoint(whole, which=LAST), load_checkpoint(parts, which=LAST)
    assert set(first.loss) == {"s_position", "s_rotation"}
    assert float(first.loss["s_rotation"]) != -3.0
    assert first.focal_px is None, "a scene whose camera is unknown: crops keep the photo's pose"
    for name, value in {**first.model, **first.loss}.items():
        other = second.loss[name] if name in second.loss else second.model[name]
        torch.testing.assert_close(value, other, atol=1e-5, rtol=1e-4)

    capsys.readouterr()
    table, picture = tmp_path / "p.json", tmp_path / "c.png"
    evaluate = ["evaluate", "--scene", str(small_scene), "--checkpoint", str(whole), "--json"]
    drawn = ["--test-time", "mc-dropout", "--samples", "5", "--predictions", str(table), "--calibration", str(picture)]
    assert main([*evaluate, *drawn]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["test_time"] == "mc-dropout"
    assert -1 <= result["sigma_position_m"]["rank_correlation"] <= 1
    assert json.loads(table.read_text())[0]["position_sigma_m"] > 0
    assert picture.stat().st_size > 5000
    assert main([*evaluate, "--test-time", "dense", "--crops", "4"]) == 0
    assert json.loads(capsys.readouterr().out)["test_time"] == "dense"
    assert main([*evaluate, "--test-time", "mc-dropout", "--calibration", "sigma.xyz"]) == 2
    assert "sigma.xyz: the name must end in .png" in capsys.readouterr().err
    assert main([*evaluate, "--calibration", str(picture)]) == 2
    assert "--calibration needs --test-time mc-dropout" in capsys.readouterr().err


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
