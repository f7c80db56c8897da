"""Checks of the practice `replace_classifiers`: the tree of modules against the paper's two changes, and the values."""

import copy
import functools
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models import GoogLeNet

from posenet_lib.workbook.checks.known_layers import (
    KnownLayer,
    compare_values,
    give_weights,
    known_layers,
    require_tensor,
)
from posenet_lib.workbook.checks.running import SubCheck, Wrong

Answer = Callable[[GoogLeNet], GoogLeNet]
CLASSES = 11
_GENERIC = "The main regressor's values are wrong: linear to 2048, ReLU, dropout, linear to 7, and nothing after it."


def classifier(seed: int = 0, classes: int = CLASSES) -> GoogLeNet:
    """torchvision's GoogLeNet with fresh weights, as the exercise gets it; the caller may change it."""
    return copy.deepcopy(_classifier(seed, classes))


@functools.lru_cache(maxsize=4)
def _classifier(seed: int, classes: int) -> GoogLeNet:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return GoogLeNet(num_classes=classes, aux_logits=True, transform_input=False, init_weights=False)


def _regressor_layers(net: nn.Module) -> dict[str, KnownLayer]:
    known = known_layers(
        {
            "features: the layer of 2048 features": (2048, 1024),
            "position: the layer of the position": (3, 2048),
            "quaternion: the layer of the quaternion": (4, 2048),
        }
    )
    if not any(isinstance(layer, nn.Linear) and layer.weight.shape == (3, 2048) for layer in net.modules()):
        parts = [torch.cat(both) for both in zip(known.pop("position")[1:], known.pop("quaternion")[1:], strict=True)]
        known["both"] = KnownLayer("the layer of the 7 numbers", *parts)
    return known


def give_regressor_weights(net: GoogLeNet) -> dict[str, KnownLayer]:
    """Copy known numbers into the main regressor, and return them.

    Raises:
        Wrong: a layer is missing, or has weights of another shape.
    """
    known = _regressor_layers(net.fc)
    give_weights(net.fc, known)
    return known


def _changed(answer: Answer) -> GoogLeNet:
    got = answer(classifier())
    if got is None:
        raise Wrong("Your function returned None: did you forget `return net`?")
    if not isinstance(got, GoogLeNet):
        raise Wrong(f"Your function returned a {type(got).__name__}. Return the network itself, changed.")
    return got


def _outputs(layer: nn.Module) -> int | None:
    """Of a last layer, how many numbers it gives."""
    layers = [one for one in layer.modules() if isinstance(one, nn.Linear)]
    return layers[-1].out_features if layers else None


def _auxiliary(answer: Answer) -> None:
    net = _changed(answer)
    for name in ("aux1", "aux2"):
        head = getattr(net, name, None)
        if head is None:
            raise Wrong(f"`net.{name}` is gone. In training it helps the trunk: only its last layer changes.")
        last = getattr(head, "fc2", head)
        if _outputs(last) == CLASSES:
            raise Wrong(f"`net.{name}` still ends in classes. Its last layer, `fc2`, is to give 7 numbers.")
        if _outputs(last) == 2048 or any(
            one.weight.shape[0] == 2048 for one in last.modules() if hasattr(one, "weight")
        ):
            raise Wrong("The layer of 2048 features belongs to the main regressor alone, not to `aux1` and `aux2`.")


def _main(answer: Answer) -> None:
    net = _changed(answer)
    layers = [one for one in net.fc.modules() if isinstance(one, nn.Linear)]
    if _outputs(net.fc) == CLASSES:
        raise Wrong("`net.fc` still ends in classes. It is to end in 7 numbers.")
    if not any(one.out_features == 2048 for one in layers):
        raise Wrong("The layer of 2048 features is missing in `net.fc`: it is the paper's second change.")
    give_regressor_weights(net)


def _dropout(answer: Answer) -> None:
    net = _changed(answer)
    if isinstance(net.dropout, nn.Dropout) and net.dropout.p > 0:
        raise Wrong("torchvision's `net.dropout` still stands before `net.fc`. Replace it by `nn.Identity()`.")
    dropped = [one.p for one in net.fc.modules() if isinstance(one, nn.Dropout)]
    if not dropped:
        raise Wrong("There is no dropout in `net.fc`. It stands behind the 2048 features and their ReLU.")
    if dropped != [0.5]:
        raise Wrong("The dropout in `net.fc` is another one: once, with 0.5.", f"Yours: {dropped}.")
    for name in ("aux1", "aux2"):
        if [one.p for one in getattr(net, name).modules() if isinstance(one, nn.Dropout)] != [0.7]:
            raise Wrong(f"The dropout of `net.{name}` has changed. It stays at 0.7.")


def _kept(answer: Answer) -> None:
    given = classifier()
    before = {name: part.detach().clone() for name, part in given.named_parameters()}
    after = dict(answer(given).named_parameters())
    for name, part in before.items():
        if name.startswith("fc.") or ".fc2." in name:
            continue
        if name not in after or after[name].shape != part.shape:
            raise Wrong(f"`{name}` is gone. Everything but the last layers stays, with its weights.")
        if not torch.equal(after[name], part):
            raise Wrong(f"The weights of `{name}` are new ones. What the classifier has learned is lost then.")
    still = [name for name, part in after.items() if not part.requires_grad]
    if still:
        raise Wrong(
            "Some weights can't learn any more. PoseNet trains all of them.", f"Without a gradient: {still[0]}."
        )


def _values(answer: Answer) -> None:
    net = _changed(answer).eval()
    known = give_regressor_weights(net)
    seen: list[Tensor] = []
    net.avgpool.register_forward_hook(lambda module, inputs, output: seen.append(output.flatten(1)))
    with torch.no_grad():
        got = net(torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(2)))
        hidden = F.linear(seen[0], *known["features"][1:])
        ends = [layer for key, layer in known.items() if key != "features"]
        last = torch.cat([layer.weight for layer in ends]), torch.cat([layer.bias for layer in ends])
        right = F.linear(F.relu(hidden), *last)

    def mistakes() -> Iterator[tuple[str, Tensor]]:
        yield "ReLU is missing behind the 2048 features.", F.linear(hidden, *last)
        yield "A softmax turns the 7 numbers into shares. A pose is no class: leave it out.", right.softmax(1)
        unit = torch.cat([right[:, :3], F.normalize(right[:, 3:], dim=1)], dim=1)
        yield "The quaternion is normalised. It leaves the network raw.", unit
        yield "Position and quaternion are exchanged: three numbers for the position come first.", right.roll(4, 1)
        yield "A ReLU at the end makes every number positive. Poses are of both signs.", F.relu(right)
        yield "A tanh at the end bounds the numbers to -1..1.", torch.tanh(right)

    compare_values(require_tensor(got, "The result in evaluation", (3, 7), {}), right, mistakes, _GENERIC)


def _training(answer: Answer) -> None:
    net = _changed(answer).train()
    got = net(torch.randn(2, 3, 64, 64))
    shapes = [tuple(part.shape) if isinstance(part, Tensor) else part for part in got]
    if shapes != [(2, 7)] * 3:
        raise Wrong("In training the network is to give three tensors [B, 7].", f"Yours: {shapes}.")
    sum(part.sum() for part in got).backward()
    lost = [name for name, part in net.named_parameters() if part.grad is None]
    if lost:
        raise Wrong("Some weights get no gradient.", f"The first: {lost[0]}.")


SUB_CHECKS = (
    SubCheck("the auxiliary classifiers give 7 numbers", _auxiliary, "net is torchvision's GoogLeNet."),
    SubCheck("the main classifier: 2048 features, then 7 numbers", _main),
    SubCheck("everything else stays", _kept),
    SubCheck("dropout", _dropout),
    SubCheck("values in evaluation", _values),
    SubCheck("three times 7 numbers in training", _training),
)
