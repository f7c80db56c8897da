"""Hidden cells for PoseLoss, run with the reference head_loss. See notebooks/README.md, 'Add a question'."""

# %% training: The weighted sum of three heads, for any beta and any weights (1 point)
# lost: In training the loss is w1 aux1 + w2 aux2 + w3 main, with the beta and the weights that the loss was made with.
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, sizes, low, high in (
    ("batches of 1 to 5 photos, any beta and weights", range(1, 6), 20, 420),
    ("beta 0", [1, 4], 0, 0),
    ("a batch of 65 photos", [65], 20, 420),
    ("beta below 1", [2, 3], 0.05, 0.95),
):
    about(kind)
    losses = []
    for size in [*sizes] * (20 // len(sizes)):
        weights = (0.1 + 2 * torch.rand(3, generator=generator)).tolist()
        beta = float(low + (high - low) * torch.rand(1, generator=generator))
        made = answer(beta=beta, head_weights=tuple(weights))
        heads = [
            Pose(torch.randn(size, 3, generator=generator) * 5, torch.randn(size, 4, generator=generator))
            for _ in range(4)
        ]
        losses.append(float(made(PoseNetOutput(*heads[:3]), heads[3])) / (1 + beta))
    show(losses, 0.002 if low > 1 else 0.005)

# %% evaluation: The main head alone where the others are None (1 point)
# lost: In evaluation output.aux1 and output.aux2 are None; the loss is then the main head's, times its weight.
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, evaluates in (("a loss in training mode", False), ("a loss after eval()", True)):
    about(f"{kind}, with heads that are None")
    losses = []
    for number in range(20):
        size = 1 + number % 5
        beta, *weights = (0.1 + 2 * torch.rand(4, generator=generator)).tolist()
        made = answer(beta=200 * beta, head_weights=tuple(weights))
        if evaluates and hasattr(made, "eval"):
            made.eval()
        main, target = (
            Pose(torch.randn(size, 3, generator=generator) * 5, torch.randn(size, 4, generator=generator))
            for _ in range(2)
        )
        losses.append(float(made(PoseNetOutput(main, None, None), target)) / (1 + 200 * beta))
    show(losses, 0.002)

# %% module: Default values, a module of its own, a gradient for every head (1 point)
# lost: PoseLoss() has to be an nn.Module with beta 500 and weights (0.3, 0.3, 1) that keeps nothing between two calls.
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("PoseLoss() as a module, without trainable parameters")
default = answer()
answer(beta=3.0, head_weights=(9.0, 8.0, 7.0))  # another object changes nothing in the first one
say(isinstance(default, torch.nn.Module))
say(any(parameter.requires_grad for parameter in default.parameters()))  # training would shrink beta
losses, slopes = [], {"main": [], "aux1": [], "aux2": []}
for _ in range(20):
    heads = [Pose(torch.randn(3, 3, generator=generator) * 5, torch.randn(3, 4, generator=generator)) for _ in range(4)]
    leaves = [Pose(*(tensor.clone().requires_grad_() for tensor in head)) for head in heads[:3]]
    about("PoseLoss() called several times: a scalar each time")
    loss = default(PoseNetOutput(*leaves), heads[3])
    loss.backward()
    say(tuple(loss.shape))
    losses.append(float(loss) / 500)
    for leaf, name in zip(leaves, slopes, strict=True):
        # No gradient at all counts as 0: the cell goes on, and shows what else is wrong.
        metres, turn = (torch.zeros_like(part) if part.grad is None else part.grad for part in leaf)
        slopes[name].append(torch.cat([metres, turn / 500], dim=1))
for name, parts in slopes.items():
    about(f"the gradient for the head {name}")
    show(torch.cat(parts), 0.01)
about("PoseLoss() called several times: its value")
show(losses, 0.004)
