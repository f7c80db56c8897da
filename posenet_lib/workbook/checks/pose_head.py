"""Checks of the practice `PoseHead`: layers and their number, values with given weights, dropout."""

import re
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from posenet_lib.geometry.poses import Pose, PositionSpread
from posenet_lib.models.heads import PositionScale
from posenet_lib.workbook.checks.known_layers import (
    compare_values,
    require_module,
    require_tensor,
    same_values,
)
from posenet_lib.workbook.checks.known_pose_head import SIZE, give_head_weights, head_layers, kept_shares
from posenet_lib.workbook.checks.running import SubCheck, Wrong

CHANNELS = 6
SPREAD = PositionSpread((3.0, -2.0, 5.0), (4.0, 2.0, 0.5))
_GENERIC = "The shape is right, the values are not. Print the shape after each step, and compare with the docstring."


def _make(answer: type, dropout: float = 0.5, to_metres: nn.Module | None = None, **how: bool) -> nn.Module:
    made = require_module(answer(CHANNELS, dropout, to_metres or PositionScale(SPREAD)), "PoseHead")
    give_head_weights(made, CHANNELS, **how)
    return made


def _input(count: int = 3) -> Tensor:
    return torch.randn(count, CHANNELS, SIZE, SIZE, generator=torch.Generator().manual_seed(3)) * 2


def _require_pose(got: object, count: int) -> Pose:
    if got is None:
        raise Wrong("`forward` returned None: did you forget `return`?")
    if not isinstance(got, Pose):
        raise Wrong(f"The result is a {type(got).__name__}. Return a Pose: `Pose(position, quaternion)`.")
    swapped = {(count, 4): "Position and quaternion are swapped: `Pose(position, quaternion)`."}
    require_tensor(got.position_m, "The position", (count, 3), swapped)
    require_tensor(got.quaternion_wxyz, "The quaternion", (count, 4), {})
    return got


def _layers(answer: type) -> None:
    made = _make(answer)
    wanted = sum(layer.weight.numel() + layer.bias.numel() for layer in head_layers(CHANNELS).values())
    got = sum(parameter.numel() for parameter in made.parameters())
    if got != wanted:
        raise Wrong("The head has other parameters beside its four layers.", f"Expected {wanted:,}, got {got:,}.")


def _shapes(answer: type) -> None:
    for count in (3, 1):
        _require_pose(_make(answer).eval()(_input(count)), count)


def _steps(x: Tensor, *, pool: str = "avg", relu_conv: bool = True, relu_fc: bool = True) -> tuple[Tensor, Tensor]:
    """Raw position and quaternion as the head computes them, or with one thing wrong."""
    known = head_layers(x.shape[1])
    conv, fc, position, quaternion = (known[key] for key in ("conv", "fc", "position", "quaternion"))
    if pool == "late":
        x = F.avg_pool2d(F.relu(F.conv2d(x, *conv[1:])), 5, 3)
    else:
        pools = {
            "avg": lambda x: F.avg_pool2d(x, 5, 3),
            "max": lambda x: F.max_pool2d(x, 5, 3),
            "adaptive": lambda x: F.adaptive_avg_pool2d(x, 4),
        }
        x = F.conv2d(pools[pool](x), *conv[1:])
        x = F.relu(x) if relu_conv else x
    x = F.linear(x.flatten(1), *fc[1:])
    x = F.relu(x) if relu_fc else x
    return F.linear(x, *position[1:]), F.linear(x, *quaternion[1:])


def _mistakes(x: Tensor, place: int) -> Iterator[tuple[str, Tensor]]:
    """Of the raw position (place 0) or quaternion (place 1)."""
    yield "The pool takes the largest value. It takes the average.", _steps(x, pool="max")[place]
    adaptive = "An adaptive pool has other windows here. The docstring's are 5 x 5, with stride 3."
    yield adaptive, _steps(x, pool="adaptive")[place]
    yield "The pool comes after the convolution's ReLU. It comes first.", _steps(x, pool="late")[place]
    yield "ReLU is missing after the convolution.", _steps(x, relu_conv=False)[place]
    yield "ReLU is missing after the layer to 1024.", _steps(x, relu_fc=False)[place]
    yield "Both ReLUs are missing.", _steps(x, relu_conv=False, relu_fc=False)[place]


def _position(answer: type) -> None:
    x, scale = _input(), PositionScale(SPREAD)
    got = _require_pose(_make(answer).eval()(x), len(x)).position_m
    raw, _ = _steps(x)

    def mistakes() -> Iterator[tuple[str, Tensor]]:
        yield "The position is not in metres: give the three numbers to `to_metres`.", raw
        yield "`to_metres` is applied twice.", scale(scale(raw))
        for text, values in _mistakes(x, 0):
            yield text, scale(values)

    compare_values(got, scale(raw), mistakes, _GENERIC)


def _quaternion(answer: type) -> None:
    x = _input()
    got = _require_pose(_make(answer).eval()(x), len(x)).quaternion_wxyz
    _, raw = _steps(x)

    def mistakes() -> Iterator[tuple[str, Tensor]]:
        yield "The quaternion is normalised. It leaves the head raw (notebook 04 says why).", F.normalize(raw, dim=1)
        yield "A tanh bounds the quaternion. It leaves the head raw.", torch.tanh(raw)
        yield from _mistakes(x, 1)

    compare_values(got, raw, mistakes, _GENERIC)


def _evaluation(answer: type) -> None:
    made = _make(answer).eval()
    first, second = made(_input()), made(_input())
    if not same_values(first.position_m, second.position_m):
        raise Wrong(
            "Two passes in evaluation differ: dropout is still on. `nn.Dropout` switches itself off in `eval()`; "
            "`F.dropout` needs `training=self.training`."
        )


def _training(answer: type) -> None:
    x = _input()
    off = _make(answer, 0.0)
    if not same_values(off.train()(x).position_m, off.eval()(x).position_m):
        raise Wrong("With dropout 0, training and evaluation must give the same. Is the rate written into the code?")
    for rate in (0.2, 0.7):
        shares = kept_shares(answer, CHANNELS, rate)
        if shares.std() == 0:
            raise Wrong(
                "In training no feature is dropped behind the layer to 1024. Dropout stands right after its ReLU."
            )
        if abs(shares.mean() - 1) > 0.1:
            raise Wrong(
                "Dropout changes the mean of the features: those that are kept are scaled by 1 / (1 - dropout)."
            )
        wanted = (rate / (1 - rate) / 1024) ** 0.5
        if not 0.7 < shares.std() / wanted < 1.4:
            raise Wrong(
                "Another share of the features is dropped than `dropout` says.",
                f"For dropout {rate}, the outputs should vary by {wanted:.3f}, yours by {shares.std():.3f}.",
            )


def _once(answer: type) -> None:
    made = _make(answer, 0.5, nn.Identity(), alike=True)
    off = _require_pose(made.eval()(_input()), 3)
    if not same_values(off.position_m, off.quaternion_wxyz[:, :3]):  # they differ without dropout, too
        for other in (_evaluation, _position, _quaternion):
            other(answer)
    made.train()
    for _ in range(2):
        got = _require_pose(made(_input()), 3)
        if not same_values(got.position_m, got.quaternion_wxyz[:, :3]):
            raise Wrong(
                "Position and quaternion come from different draws of dropout. Call it once, and give its result to "
                "both layers."
            )


def _gradient(answer: type) -> None:
    made = _make(answer, 0.0)
    for name in Pose._fields:
        x = _input().requires_grad_()
        with torch.enable_grad():
            part = getattr(made(x), name)
        if not part.requires_grad or not torch.autograd.grad(part.square().sum(), x, allow_unused=True)[0].any():
            raise Wrong(f"No gradient flows back from {name}. Look for `.detach()` or `no_grad`.")


_FLATTEN = "`flatten(1)` keeps the first axis, the photos of the batch, and joins the others."
_PRODUCT = re.compile(r"cannot be multiplied \((\d+)x(\d+) and 2048x1024\)")


def _explain(answer: type, error: BaseException) -> str:
    """What was given to the layer to 1024, for three photos: the pool's size and the way to flatten tell its shape."""
    found = _PRODUCT.search(str(error))
    shape = (int(found[1]), int(found[2])) if found else None
    texts = set()
    for side in range(1, SIZE + 1):
        hint = {
            2: ", as without `stride` (it is then the window's size)",
            10: ", as with stride 1",
            SIZE: ", as without a pool",
        }.get(side, "")
        pool = f"After the pool {side} x {side} places are left{hint}. Windows of 5 x 5 with stride 3 leave 4 x 4."
        ways = {
            (3, 128 * side**2): "",
            (1, 3 * 128 * side**2): f"All three photos are in one row: the batch axis is lost. {_FLATTEN}",
            (3 * 128 * side, side): f"The layer to 1024 gets four axes. {_FLATTEN}",
            (3 * 128, side**2): f"The channels keep an axis of their own. {_FLATTEN}",
        }
        if shape in ways:
            texts.add(" ".join([pool] * (side != 4) + [ways[shape]] * bool(ways[shape])))
    if len(texts) == 1:
        return texts.pop()
    return "Print the shape after each step: 4 x 4 after the pool." if "shape" in str(error) else ""


_SUB_CHECKS = (
    SubCheck("four layers and their parameters", _layers, call="PoseHead(channels, dropout, to_metres) has to work."),
    SubCheck("shapes of position and quaternion", _shapes),
    SubCheck("evaluation: no dropout", _evaluation),
    SubCheck("values of the position", _position),
    SubCheck("values of the quaternion", _quaternion),
    SubCheck("training: the given share is dropped", _training),
    SubCheck("training: dropout once for both", _once),
    SubCheck("gradient from both outputs", _gradient),
)
SUB_CHECKS = tuple(sub_check._replace(explain=_explain) for sub_check in _SUB_CHECKS)
