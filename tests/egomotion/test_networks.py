"""Shapes, sizes and starting points of the networks."""

import torch

from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.networks import build_networks
from posenet_lib.egomotion.networks.depth import LARGEST_SHARE
from posenet_lib.egomotion.networks.motion import correlation


def test_the_depth_network_is_small_and_takes_any_size():
    network = build_networks(EgomotionConfig(task="stereo", consistency=1.0))["depth"].eval()
    assert sum(p.numel() for p in network.parameters()) < 500_000
    for height, width in ((72, 96), (45, 70)):
        maps = network(torch.rand(1, 3, height, width))
        sizes = [(height, width), ((height + 1) // 2, (width + 1) // 2)]
        assert [tuple(m.shape[1:]) for m in maps[:2]] == [(2, *size) for size in sizes]
        assert all(m.min() > 0 and m.max() < LARGEST_SHARE for m in maps)


def test_motions_begin_near_nothing():
    networks = build_networks(EgomotionConfig(task="video")).eval()
    motion = networks["motion"](*torch.rand(2, 4, 3, 48, 64))
    assert motion.shape == (4, 4, 4)
    assert (motion - torch.eye(4)).abs().max() < 0.01


def test_correlation_finds_a_shift():
    features = torch.randn(1, 16, 12, 14, generator=torch.Generator().manual_seed(0))
    shifted = features.roll((1, -2), dims=(2, 3))  # 1 down, 2 to the left
    best = correlation(features, shifted, radius=3)[0, :, 3:-3, 3:-3].argmax(dim=0)
    assert (best == (3 + 1) * 7 + (3 - 2)).all()
