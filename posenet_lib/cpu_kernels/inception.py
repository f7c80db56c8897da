"""An inception block with batch norm in training, as one step: the same numbers with less reading and writing.

The three 1x1 convolutions that begin branches 1 to 3 read the block's input once, as one convolution; each branch
is normalised into its slice of the block's output, so that nothing is concatenated afterwards; and the branches'
gradients meet in that one convolution and in the pooling, so that none are added one by one.
"""

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from posenet_lib.cpu_kernels.batch_norm import BatchNormReLU, normalise, normalise_gradient
from posenet_lib.cpu_kernels.max_pool import pool, pool_gradient, suits_pooling
from posenet_lib.cpu_kernels.tensors import image, is_watched, pixels, refuse_second_derivatives


def inception(block: nn.Module, x: Tensor) -> Tensor | None:
    """[B, C, H, W] -> the block's output, or None where it must be computed layer by layer.

    Args:
        block: a `googlenet.Inception`; its convolutions and batch norms are found by their order in it.
    """
    if not (block.training and torch.is_autocast_enabled("cpu") and suits_pooling(x)):
        return None
    parts = list(block.modules())[1:]
    layers = [part for part in parts if isinstance(part, nn.Conv2d | nn.BatchNorm2d)]
    convolutions, norms = layers[0::2], layers[1::2]
    usual = (
        [type(layer) for layer in layers] == 6 * [nn.Conv2d, BatchNormReLU]  # else it has no batch norm
        and all(layer.bias is None and layer.weight.dtype == torch.float32 for layer in convolutions)
        and all(norm.is_usual(norm.num_features, x.numel() // x.shape[1]) for norm in norms)
        and not is_watched(*parts)
    )
    if not usual:
        return None
    weights = (convolution.weight for convolution in convolutions)
    return _Inception.apply(x, norms, *weights, *(norm.weight for norm in norms), *(norm.bias for norm in norms))


class _Inception(torch.autograd.Function):
    """Six convolutions and batch norms, ordered as `googlenet.InceptionChannels`; z is what a convolution gives."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, norms: Sequence[BatchNormReLU], *parameters: Tensor) -> Tensor:
        one, to_three, three, to_five, five, projection = parameters[:6]  # the others are the batch norms' own
        batch, _, height, width = x.shape

        pooled, which = pool(x, 1, for_gradient=True)  # first, while x is in the processor's cache
        beginnings, endings = (one, to_three, to_five), (one, three, five, projection)
        ctx.begin, ctx.end = [len(weight) for weight in beginnings], [len(weight) for weight in endings]
        weights = [_half(part) for part in (torch.cat(beginnings), *endings[1:])]
        y = image(batch, sum(ctx.end), height, width)
        y_one, *y_others = y.split(ctx.end, dim=1)

        z_first = _convolved(x, weights[0])
        reduced = [image(batch, channels, height, width) for channels in ctx.begin[1:]]
        steps = zip(z_first.split(ctx.begin, dim=1), (norms[0], norms[1], norms[3]), (y_one, *reduced), strict=True)
        statistics = [normalise(*step) for step in steps]

        inputs = *reduced, pooled
        z_others = [_convolved(part, weight) for part, weight in zip(inputs, weights[1:], strict=True)]
        statistics += [
            normalise(*step) for step in zip(z_others, (norms[2], norms[4], norms[5]), y_others, strict=True)
        ]
        ctx.save_for_backward(x, which, z_first, *inputs, *z_others, *weights, *statistics)
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        refuse_second_derivatives()
        x, which, z_first, *more = ctx.saved_tensors
        inputs, z_others, (w_first, *w_others), statistics = more[:3], more[3:6], more[6:10], more[10:]
        of_one, *of_others = pixels(gradient).split(ctx.end, dim=1)

        of_inputs, of_weights, of_norms = [], [], []
        for part, weight, z, known, of_y in zip(inputs, w_others, z_others, statistics[3:], of_others, strict=True):
            of_z = image(*z.shape)
            of_norms.append(normalise_gradient(z, known, of_y, of_z))
            of_input, of_weight = _convolution_gradient(of_z, part, weight)
            of_inputs.append(of_input)
            of_weights.append(of_weight)

        of_z = image(*z_first.shape)
        slices = (part.split(ctx.begin, dim=1) for part in (z_first, of_z))
        of_first_norms = [
            normalise_gradient(z, known, of_y, result)
            for z, result, known, of_y in zip(*slices, statistics[:3], (of_one, *of_inputs[:2]), strict=True)
        ]
        of_x, of_first = _convolution_gradient(of_z, x, w_first)
        pool_gradient(of_inputs[2], which, 1, of_x, add=True)

        one, to_three, to_five = of_first.split(ctx.begin)
        three, five, projection = of_weights
        norms = of_first_norms[0], of_first_norms[1], of_norms[0], of_first_norms[2], *of_norms[1:]
        weights, biases = zip(*norms, strict=True)
        return of_x, None, one, to_three, three, to_five, five, projection, *weights, *biases


def _half(weight: Tensor) -> Tensor:
    return weight.detach().to(torch.bfloat16, memory_format=torch.channels_last)


def _convolved(x: Tensor, weight: Tensor) -> Tensor:
    """Height and width stay."""
    return F.conv2d(x, weight, padding=weight.shape[3] // 2).contiguous(memory_format=torch.channels_last)


def _convolution_gradient(gradient: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Of x, in 16 bits; of the weight, in 32 as the parameter is."""
    padding = 2 * [weight.shape[3] // 2]
    of_x, of_weight, _ = torch.ops.aten.convolution_backward(
        gradient, x, weight, None, [1, 1], padding, [1, 1], False, [0, 0], 1, [True, True, False]
    )
    return of_x.contiguous(memory_format=torch.channels_last), of_weight.float()
