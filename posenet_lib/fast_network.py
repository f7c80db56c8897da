"""A trained network made ready to predict: the same function with fewer and better-fed operations."""

import copy
import itertools
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from posenet_lib.cpu_kernels.batch_norm import BatchNormReLU


def ready_to_predict(model: nn.Module, device: torch.device | str = "cpu", precision: str = "float32") -> nn.Module:
    """A copy of the network for prediction alone; the given one stays as it is.

    Batch norm is folded into the convolution before it (in evaluation both are fixed linear maps), and images lie
    channels last. In float32 the poses differ from the plain network's by rounding (below 0.01 mm and 0.001 deg).

    Args:
        precision: as in `config.PredictConfig`. "bf16" computes the trunk with 16 bits: on hardware made for it two to
            three times as fast, and poses move by about a hundredth of their usual error.
    """
    model = copy.deepcopy(model).eval().requires_grad_(False)
    _fold_batch_norm(model)
    if precision == "bf16":
        model.trunk = _HalfTrunk(model.trunk)
    model.to(device=device, memory_format=torch.channels_last)
    if torch.device(device).type == "cpu" and _has_onednn():
        _fuse_relu(model)
    return model


def _fold_batch_norm(parent: nn.Module) -> None:
    """Wherever a batch norm is registered right after a convolution, as in every trunk here."""
    for (name, child), (next_name, following) in itertools.pairwise(list(parent.named_children())):
        if isinstance(child, nn.Conv2d) and isinstance(following, nn.BatchNorm2d):
            setattr(parent, name, fuse_conv_bn_eval(child, following))
            setattr(parent, next_name, nn.ReLU(inplace=True) if isinstance(following, BatchNormReLU) else nn.Identity())
    for child in parent.children():
        _fold_batch_norm(child)


def _has_onednn() -> bool:
    """PyTorch's own names for these two functions, which its compiler uses, begin with an underscore: they may go."""
    return (
        torch.backends.mkldnn.is_available()
        and hasattr(torch.ops.mkldnn, "_convolution_pointwise")
        and hasattr(torch._C._nn, "mkldnn_reorder_conv2d_weight")
    )


def _fuse_relu(parent: nn.Module) -> None:
    for (name, child), (next_name, following) in itertools.pairwise(list(parent.named_children())):
        if type(child) is nn.Conv2d and type(following) is nn.ReLU and child.padding_mode == "zeros":
            setattr(parent, name, _ConvolutionReLU(child))
            setattr(parent, next_name, nn.Identity())
    for child in parent.children():
        _fuse_relu(child)


class _ConvolutionReLU(nn.Module):
    """Both in one pass, and for one photo with the weights as oneDNN wants them.

    Laying weights out takes a sixth of the time of one photo; that of a batch is another and is hardly noticed there.
    """

    def __init__(self, convolution: nn.Conv2d):
        super().__init__()
        self.convolution = convolution
        self._packed: Tensor | None = None  # for one photo, made at the first

    def __getstate__(self) -> dict[str, Any]:
        """What a copy gets: packed weights cannot be copied, and are made anew."""
        return {**self.__dict__, "_packed": None}

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] -> relu(convolution(x))."""
        c = self.convolution
        place, weight = (c.padding, c.stride, c.dilation, c.groups), c.weight
        if len(x) == 1:
            if self._packed is None:
                self._packed = torch._C._nn.mkldnn_reorder_conv2d_weight(weight.to_mkldnn(), *place, list(x.shape))
            weight = self._packed
        return torch.ops.mkldnn._convolution_pointwise(x, weight, c.bias, *place, "relu", [], "")


class _HalfTrunk(nn.Module):
    """A trunk in bfloat16 between float32 images and float32 heads."""

    def __init__(self, trunk: nn.Module):
        super().__init__()
        self.trunk = trunk.to(torch.bfloat16)

    def forward(self, images: Tensor) -> Any:
        """As the trunk's own."""
        features = self.trunk(images.to(torch.bfloat16, memory_format=torch.channels_last))
        return type(features)(*(feature.float() for feature in features))
