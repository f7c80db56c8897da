"""Checks of the practice `InceptionBlock`: values with given weights, branch by branch."""

import itertools
import re
from collections.abc import Collection, Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from posenet_lib.models.googlenet import InceptionChannels
from posenet_lib.workbook.checks.known_layers import (
    KnownLayer,
    compare_values,
    give_weights,
    known_layers,
    require_module,
    require_tensor,
)
from posenet_lib.workbook.checks.running import SubCheck, Wrong

C = InceptionChannels(inputs=5, one=3, reduce_three=4, three=6, reduce_five=2, five=7, projection=8)
OTHER_C = InceptionChannels(inputs=4, one=7, reduce_three=3, three=2, reduce_five=5, five=3, projection=6)
NAMES = ("1x1", "3x3", "5x5", "pool")
RIGHT_ORDER = "1x1, 3x3, 5x5, pool projection"
_GENERIC = "The shape is right, the values are not. Compare your branches with the picture, one after the other."


def layers(c: InceptionChannels) -> dict[str, KnownLayer]:
    """The block's six convolutions with known numbers."""
    return known_layers(
        {
            "one: the 1x1 convolution": (c.one, c.inputs, 1, 1),
            "reduce_three: the 1x1 convolution before the 3x3": (c.reduce_three, c.inputs, 1, 1),
            "three: the 3x3 convolution": (c.three, c.reduce_three, 3, 3),
            "reduce_five: the 1x1 convolution before the 5x5": (c.reduce_five, c.inputs, 1, 1),
            "five: the 5x5 convolution": (c.five, c.reduce_five, 5, 5),
            "projection: the 1x1 convolution after the pool": (c.projection, c.inputs, 1, 1),
        }
    )


def _conv(x: Tensor, layer: KnownLayer, relu: bool = True) -> Tensor:
    x = F.conv2d(x, layer.weight, layer.bias, padding=layer.weight.shape[-1] // 2)
    return F.relu(x) if relu else x


def _pooled(x: Tensor) -> Tensor:
    return F.max_pool2d(x, 3, stride=1, padding=1)


def branches(x: Tensor, known: dict[str, KnownLayer], without_relu: Collection[str] = ()) -> list[Tensor]:
    """The four branches' results in the right order; some convolutions may lack their ReLU."""

    def conv(x: Tensor, key: str) -> Tensor:
        return _conv(x, known[key], key not in without_relu)

    return [
        conv(x, "one"),
        conv(conv(x, "reduce_three"), "three"),
        conv(conv(x, "reduce_five"), "five"),
        conv(_pooled(x), "projection"),
    ]


def _missing_relus(known: dict[str, KnownLayer]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Text, the convolutions without ReLU: every choice of them."""
    several = {
        ("reduce_three", "reduce_five"): "A ReLU follows each convolution, also the two 1x1 that reduce.",
        ("one", "three", "five", "projection"): "ReLU is missing at the end of the branches.",
        tuple(known): "There is no ReLU at all. One follows each convolution.",
    }
    for count in range(1, len(known) + 1):
        for keys in itertools.combinations(known, count):
            after = " and after ".join(known[key].name for key in keys)
            yield several.get(keys, f"ReLU is missing after {after}."), keys


def _mistakes(x: Tensor, known: dict[str, KnownLayer]) -> Iterator[tuple[str, Tensor]]:
    right = branches(x, known)
    for order in itertools.permutations(range(4)):
        names = ", ".join(NAMES[place] for place in order)
        text = f"The branches are put together in the order {names}. The table has {RIGHT_ORDER}."
        if order != (0, 1, 2, 3):
            yield text, torch.cat([right[place] for place in order], dim=1)
    for text, keys in _missing_relus(known):
        yield text, torch.cat(branches(x, known, keys), dim=1)
    instead = {
        "The fourth branch takes an average pool. It takes a max pool.": F.avg_pool2d(x, 3, 1, 1),
        "The fourth branch takes an average pool. It takes a max pool. ": F.avg_pool2d(
            x, 3, 1, 1, count_include_pad=False
        ),
        "The fourth branch has no max pool before its 1x1 convolution.": x,
        "The max pool has windows of 5 x 5. It has 3 x 3.": F.max_pool2d(x, 5, 1, 2),
    }
    for text, pooled in instead.items():
        yield text.strip(), torch.cat([*right[:3], _conv(pooled, known["projection"])], dim=1)
    late = _pooled(_conv(x, known["projection"]))
    yield "In the fourth branch the pool comes first, then the 1x1 convolution.", torch.cat([*right[:3], late], dim=1)
    for place, name in enumerate(NAMES):
        others = [part if number != place else torch.zeros_like(part) for number, part in enumerate(right)]
        yield f"The {name} branch gives only zeros.", torch.cat(others, dim=1)


def _make(answer: type, c: InceptionChannels = C) -> torch.nn.Module:
    made = require_module(answer(c), "InceptionBlock")
    extra = [type(layer).__name__ for layer in made.modules() if "Norm" in type(layer).__name__]
    if extra:
        raise Wrong(f"The block holds {extra[0]}. This is the plain form of 2014: `ConvReLU(..., batch_norm=False)`.")
    give_weights(made, layers(c), _input(c))
    return made


def _input(c: InceptionChannels = C, size: tuple[int, int, int] = (2, 9, 7)) -> Tensor:
    count, height, width = size
    return torch.randn(count, c.inputs, height, width, generator=torch.Generator().manual_seed(5))


def _layers(answer: type) -> None:
    _make(answer)


def _shape(answer: type) -> None:
    for height, width in ((9, 7), (28, 28)):
        got = _make(answer)(_input(size=(2, height, width)))
        causes = {
            (2, *(C.outputs - part, height, width)): f"The {name} branch is missing in the result."
            for name, part in zip(NAMES, (C.one, C.three, C.five, C.projection), strict=True)
        }
        require_tensor(got, "The result", (2, C.outputs, height, width), causes)


def _values(answer: type) -> None:
    _compare(answer, C)


def _other_channels(answer: type) -> None:
    _compare(answer, OTHER_C)


def _compare(answer: type, c: InceptionChannels) -> None:
    made, x, known = _make(answer, c), _input(c), layers(c)
    wanted = torch.cat(branches(x, known), dim=1)
    got = require_tensor(made(x.clone()), "The result", tuple(wanted.shape), {})
    compare_values(got, wanted, lambda: _mistakes(x, known), _GENERIC)


def _gradient(answer: type) -> None:
    made, x = _make(answer), _input().requires_grad_()
    with torch.enable_grad():
        got = made(x)
        parts = got.split([C.one, C.three, C.five, C.projection], dim=1)
    for name, part in zip(NAMES, parts, strict=True):
        slope = (
            torch.autograd.grad(part.sum(), x, retain_graph=True, allow_unused=True)[0] if part.requires_grad else None
        )
        if slope is None or not slope.any():
            raise Wrong(f"No gradient flows back through the {name} branch. Look for `.detach()` or `no_grad`.")
    got.sum().backward()
    for layer in made.modules():
        if hasattr(layer, "weight") and layer.weight is not None and layer.weight.grad is None:
            raise Wrong("A convolution gets no gradient, so it could not learn. Look for `.detach()` or `no_grad`.")


def _unchanged(answer: type) -> None:
    x = _input()
    before = x.clone()
    _make(answer)(x)
    if not torch.equal(x, before):
        raise Wrong("`forward` changed its input. The other branches read it too: a ReLU with `inplace=True` on `x`?")


_ONE_SIZE = "Pad so that height and width stay: 1 for the 3x3, 2 for the 5x5, 1 for the pool (stride 1)."
_CAT = re.compile(r"Sizes of tensors must match except in dimension (\d+)")
_SUM = re.compile(r"tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)")


def _explain(answer: type, error: BaseException) -> str:
    """Which axis the branches were to be put together on, as torch's own text tells it."""
    text = str(error)
    if joined := _CAT.search(text):
        if joined[1] == "1":
            return _ONE_SIZE
        return f"`torch.cat` joins on axis {joined[1]} here. The branches' channels are put together: `dim=1`."
    if "stack expects each tensor to be equal size" in text:
        return "`torch.stack` makes a new axis. The branches' channels are put together: `torch.cat(..., dim=1)`."
    if added := _SUM.search(text):
        ends = {part for c in (C, OTHER_C) for part in (c.one, c.three, c.five, c.projection)}
        if added[3] == "1" and {int(added[1]), int(added[2])} <= ends:
            return "The branches are added. Put their channels side by side: `torch.cat(..., dim=1)`."
        return _ONE_SIZE if added[3] in "23" else ""
    return ""


_SUB_CHECKS = (
    SubCheck("six convolutions", _layers, call="InceptionBlock(c) has to work, with c from the table."),
    SubCheck("shape: height and width stay, channels add up", _shape),
    SubCheck("the input stays as it was", _unchanged),
    SubCheck("values with given weights", _values),
    SubCheck("values with other channel numbers", _other_channels),
    SubCheck("gradient in every branch", _gradient),
)
SUB_CHECKS = tuple(sub_check._replace(explain=_explain) for sub_check in _SUB_CHECKS)
