"""Small networks for depth, motion and flow: plain PyTorch, a hundredth of the published ones' size."""

from torch import nn

from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.networks.depth import DisparityNet
from posenet_lib.egomotion.networks.flow import ResidualFlowNet
from posenet_lib.egomotion.networks.mask import MaskNet
from posenet_lib.egomotion.networks.motion import MotionNet


def build_networks(config: EgomotionConfig) -> nn.ModuleDict:
    """A task's networks with fresh weights: `depth`; but for stereo `motion`; `mask` if it is asked for; `flow`."""
    if config.task == "stereo":
        return nn.ModuleDict({"depth": DisparityNet(2 if config.consistency else 1, config.scales)})
    networks = {"depth": DisparityNet(1, config.scales), "motion": MotionNet()}
    if config.task == "flow":
        networks["flow"] = ResidualFlowNet(config.scales)
    elif config.explainability:
        networks["mask"] = MaskNet(2, config.scales)
    return nn.ModuleDict(networks)
