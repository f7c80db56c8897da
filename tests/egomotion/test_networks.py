"""Shapes, sizes and starting points of the networks."""

import torch

from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.networks import build_networks
from posenet_lib.egomotion.networks.depth import LARGEST_SHARE


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


def test_the_flow_network_is_small_and_begins_with_nothing_to_add():
    networks = build_networks(EgomotionConfig(task="flow")).eval()
    assert set(networks) == {"depth", "motion", "flow"}
    assert sum(p.numel() for p in networks["flow"].parameters()) < 500_000
    residuals = networks["flow"](*torch.rand(2, 1, 3, 45, 70), torch.rand(1, 2, 45, 70))
    assert [tuple(one.shape) for one in residuals] == [(1, 2, 45, 70), (1, 2, 23, 35), (1, 2, 12, 18)]
    assert not any(one.any() for one in residuals)
