"""A network of a few numbers, its loss and optimiser: what a training step does to it can be followed exactly."""

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput

Step = Callable[..., Any]


class _Mark:
    """Lies in the graph of an output: it is there as long as the graph is."""


class _Marked(torch.autograd.Function):
    """Changes nothing."""

    @staticmethod
    def forward(ctx: Any, numbers: Tensor, mark: _Mark) -> Tensor:
        ctx.mark = mark
        return numbers.clone()

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None]:
        return slope, None


class SmallNet(nn.Module):
    """[B, 3, 2, 2] -> a pose of the main head; it notes how it is called."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Linear(12, 7)
        self.calls, self.modes = 0, set()
        self.marks: list[weakref.ref] = []

    def forward(self, images: Tensor) -> PoseNetOutput:
        """Counts the call, and remembers the mode and (weakly) the result's graph."""
        self.calls += 1
        self.modes.add(self.training)
        mark = _Mark()
        self.marks.append(weakref.ref(mark))
        numbers = _Marked.apply(torch.tanh(self.body(images.flatten(1))), mark)
        return PoseNetOutput(Pose(numbers[:, :3], numbers[:, 3:]), None, None)


def squared_errors(output: PoseNetOutput, target: Pose) -> Tensor:
    """A loss that is no longer the same when its arguments are exchanged (a weight stands before the output)."""
    weight = 1 + output[0][0].square().mean()
    return weight * sum((a - b).square().sum(1).mean() for a, b in zip(output.main, target, strict=True))


def _count(counts: dict[str, int], what: str) -> None:
    counts[what] += 1


class SmallTraining:
    """A run on batches of noise, always the same for one seed; SGD with momentum. Args: `rate`, its learning rate."""

    def __init__(self, seed: int = 0, rate: float = 0.1):
        self._random = torch.Generator().manual_seed(seed)
        self.model = SmallNet().train()
        with torch.no_grad():
            for parameter in self.model.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=self._random) * 0.4)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=rate, momentum=0.9)
        # Hooks that know the counts alone: a hook that held `self` would be a circle through torch's own objects.
        self.counts = counts = {"updates": 0, "backwards": 0}
        self.optimizer.register_step_post_hook(lambda *_: _count(counts, "updates"))
        self.model.body.bias.register_hook(lambda _: _count(counts, "backwards"))

    def batch(self) -> tuple[Tensor, Pose]:
        """The next one: images and true poses."""
        images = torch.randn(4, 3, 2, 2, generator=self._random)
        return images, Pose(torch.randn(4, 3, generator=self._random), torch.randn(4, 4, generator=self._random))

    def step(self, answer: Step, clip_norm: float) -> Any:
        """Let the answer learn from the next batch; gradients are on, whatever the notebook has switched off."""
        images, target = self.batch()
        with torch.enable_grad():
            return answer(self.model, squared_errors, self.optimizer, images, target, clip_norm)

    def leave_gradients(self) -> None:
        """As if something had called `backward` before."""
        for parameter in self.model.parameters():
            parameter.grad = torch.ones_like(parameter)

    def parameters(self) -> Tensor:
        """All numbers of the network, [91]."""
        return nn.utils.parameters_to_vector(self.model.parameters()).detach().clone()

    def state(self) -> Tensor:
        """The parameters; how often they were updated, how often `backward` ran, whether gradients are there."""
        there = any(parameter.grad is not None and parameter.grad.any() for parameter in self.model.parameters())
        return torch.cat([self.parameters(), torch.tensor([*self.counts.values(), there]).float()])

    def kept_graphs(self) -> int:
        """How many of the network's results still have their graph, because something holds them."""
        return sum(reference() is not None for reference in self.model.marks)
