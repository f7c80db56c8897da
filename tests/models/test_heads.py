"""The heads: PoseNet's and PoseLSTM's layers, dropout, metres."""

import pytest
import torch
from torch import nn

from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.heads import AuxiliaryHead, FeatureLSTM, MainHead, PositionScale
from posenet_lib.models.posenet import PoseNet


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


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_parameter_counts_of_the_heads():
    model = PoseNet()
    ends = 3 + 4
    assert count(model.aux1) == (512 * 128 + 128) + (2048 * 1024 + 1024) + ends * (1024 + 1)
    assert count(model.aux2) == (528 * 128 + 128) + (2048 * 1024 + 1024) + ends * (1024 + 1)
    assert count(model.main) == (1024 * 2048 + 2048) + ends * (2048 + 1)


def test_dropout_is_off_in_evaluation_and_shared_by_both_outputs_in_training():
    model = PoseNet(dropout=0.5)
    features = torch.ones(4, 2048)
    regressor = model.main.regressor
    for layer in (regressor.position, regressor.quaternion):
        nn.init.ones_(layer.weight)
    with torch.no_grad():
        evaluated = regressor.eval()(features)
        assert torch.equal(evaluated.position_m, torch.full((4, 3), 2048.0))
        trained = regressor.train()(features)
    assert not torch.equal(trained.position_m[:, 0], evaluated.position_m[:, 0])
    assert torch.equal(trained.position_m[:, 0], trained.quaternion_wxyz[:, 0])


def test_positions_leave_in_metres():
    spread = PositionSpread((100.0, -20.0, 1.6), (30.0, 10.0, 0.0))
    scale = PositionScale(spread)
    torch.testing.assert_close(scale(torch.zeros(1, 3)), torch.tensor([[100.0, -20.0, 1.6]]))
    torch.testing.assert_close(scale(torch.ones(1, 3)), torch.tensor([[130.0, -10.0, 1.61]]))  # 1 cm floor
    assert not list(scale.parameters())
    model = PoseNet(spread).eval()
    with torch.no_grad():
        position_m = model(torch.zeros(1, 3, 224, 224)).main.position_m
    torch.testing.assert_close(position_m, torch.tensor([[100.0, -20.0, 1.6]]), atol=5.0, rtol=0)
