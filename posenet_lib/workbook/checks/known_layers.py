"""Gives a student's module known weights, so that its values can be compared, whatever its layers are called.

Layers are told apart by the shape of their weights: the checks choose channel numbers that are all different.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from posenet_lib.workbook.checks.running import Wrong


class KnownLayer(NamedTuple):
    """A convolution or fully connected layer with given numbers."""

    name: str  # 'the 3x3 convolution'
    weight: Tensor
    bias: Tensor


def known_layers(shapes: Mapping[str, tuple[int, ...]], seed: int = 0) -> dict[str, KnownLayer]:
    """Layers by a key, with random numbers of about the size that keeps values near 1. Keys: 'key: name of it'."""
    generator, made = torch.Generator().manual_seed(seed), {}
    for text, shape in shapes.items():
        key, _, name = text.partition(": ")
        weight = torch.randn(shape, generator=generator) * (2 / weight_inputs(shape)) ** 0.5
        made[key] = KnownLayer(name, weight, torch.randn(shape[0], generator=generator) * 0.3)
    return made


def weight_inputs(shape: tuple[int, ...]) -> int:
    """How many numbers go into one output of a layer."""
    count = 1
    for size in shape[1:]:
        count *= size
    return count


def require_module(made: object, name: str) -> nn.Module:
    """`made` as a module that was set up, or Wrong."""
    if not isinstance(made, nn.Module):
        raise Wrong(f"{name} must be a class derived from nn.Module: `class {name}(nn.Module):`.")
    if "_parameters" not in vars(made):
        raise Wrong("`__init__` does not call `super().__init__()`. nn.Module needs that before anything else.")
    return made


def give_weights(made: nn.Module, known: Mapping[str, KnownLayer], x: Tensor | None = None) -> None:
    """Copy the known numbers into the module's layers.

    Args:
        x: an input. With it, a layer that is missing is looked for in what `forward` does.

    Raises:
        Wrong: a layer is missing, is there twice, or has weights of another shape; it says which.
    """
    layers = [layer for layer in made.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    if not layers:
        used = _layers_outside(made, x)
        if used and all(used.values()):
            raise Wrong(f"The module holds no layer with weights. {_ANEW}")
        raise Wrong(
            "The module holds no layer with weights. Make the layers in `__init__` and keep each in `self`; a plain "
            "Python list hides them (`nn.ModuleList` does not)."
        )
    by_shape = {tuple(layer.weight.shape): layer for layer in known.values()}
    given: dict[tuple[int, ...], nn.Module] = {}
    for layer in layers:
        shape = tuple(layer.weight.shape)
        if shape not in by_shape:
            raise Wrong(_other_shape(shape, known.values()))
        if shape in given:
            raise Wrong(
                f"There are two layers like {by_shape[shape].name}: weights of shape {shape}. One is asked for."
            )
        given[shape] = layer
    for shape, layer in by_shape.items():
        if shape not in given:
            used = _layers_outside(made, x)
            why = "" if shape not in used else f" {_ANEW if used[shape] else _HIDDEN}"
            raise Wrong(f"A layer is missing: {layer.name}.{why}", f"Its weights have shape {shape}.")
        if given[shape].bias is None:
            raise Wrong(f"{layer.name.capitalize()} has no bias. Keep it: `bias=True` is the default.")
        with torch.no_grad():
            given[shape].weight.copy_(layer.weight)
            given[shape].bias.copy_(layer.bias)


_ANEW = (
    "`forward` makes its own in each call. Make layers in `__init__` and keep them in `self`, so that their weights "
    "are kept and trained."
)
_HIDDEN = "`forward` uses one that the module does not hold: a plain Python list hides it (`nn.ModuleList` does not)."


def _layers_outside(made: nn.Module, x: Tensor | None) -> dict[tuple[int, ...], bool]:
    """Of the layers that `forward` uses and the module does not hold: the weights' shape, and if each call has its own.

    Which layers are called is seen in two passes; both lists keep them alive, so that no two are taken for one.
    """
    passes: list[list[nn.Module]] = [[], []]
    for used in passes if x is not None else ():
        hook = nn.modules.module.register_module_forward_pre_hook(lambda layer, _, used=used: used.append(layer))
        try:
            with contextlib.suppress(Exception), torch.no_grad():
                made(x.clone())
        finally:
            hook.remove()
    held, later = ({id(layer) for layer in some} for some in (made.modules(), passes[1]))
    outside = [one for one in passes[0] if isinstance(one, nn.Conv2d | nn.Linear) and id(one) not in held]
    return {tuple(layer.weight.shape): id(layer) not in later for layer in outside}


def _other_shape(shape: tuple[int, ...], known: Iterable[KnownLayer]) -> str:
    kind = "convolution" if len(shape) == 4 else "fully connected layer"
    wanted = ", ".join(f"{layer.name} {tuple(layer.weight.shape)}" for layer in known)
    return f"A {kind} has weights of shape {shape}, which none should have here. Expected (outputs first): {wanted}."


def require_tensor(got: object, what: str, shape: tuple[int, ...], causes: Mapping[tuple[int, ...], str]) -> Tensor:
    """`got` as a tensor of that shape, or Wrong; `causes` says what other shapes come from."""
    if got is None:
        raise Wrong("`forward` returned None: did you forget `return`?")
    if not isinstance(got, Tensor):
        raise Wrong(f"{what} is a {type(got).__name__}; a tensor is asked for.")
    if tuple(got.shape) != shape:
        cause = causes.get(tuple(got.shape), f"{what} has another shape than asked for.")
        raise Wrong(cause, f"Expected {shape}, got {tuple(got.shape)}.")
    return got


def compare_values(
    got: Tensor, wanted: Tensor, mistakes: Callable[[], Iterable[tuple[str, Tensor]]], generic: str
) -> None:
    """Wrong if the values differ, with the text of the known mistake that gives just these values, if there is one."""
    if same_values(got, wanted):
        return
    with torch.no_grad():
        texts = {text for text, values in mistakes() if same_values(got, values)}
    largest = (got - wanted).abs().max().item()
    raise Wrong(texts.pop() if len(texts) == 1 else generic, f"Largest difference: {largest:.3g}.")


def same_values(got: Tensor, wanted: Tensor) -> bool:
    """But for rounding."""
    return got.shape == wanted.shape and torch.allclose(got.detach().float(), wanted.float(), rtol=1e-4, atol=1e-5)
