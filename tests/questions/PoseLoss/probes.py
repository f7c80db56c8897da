"""Hidden cells for PoseLoss, run with the reference head_loss. See notebooks/README.md, 'Add a question'."""

# %% training: The weighted sum of three heads, for any beta and any weights (1 point)
# lost: In training the loss is w1 aux1 + w2 aux2 + w3 main, with the beta and the weights that the loss was made with.
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput

generator = torch.Generator().manual_seed(150507427)
losses = []
for number in range(40):
    size = 1 + number % 5
    beta, *weights = (0.1 + 2 * torch.rand(4, generator=generator)).tolist()
    beta = beta * 200 if number % 8 else 0.0
    made = answer(beta=beta, head_weights=tuple(weights))
    heads = [
        Pose(torch.randn(size, 3, generator=generator) * 5, torch.randn(size, 4, generator=generator)) for _ in range(4)
    ]
    losses.append(float(made(PoseNetOutput(*heads[:3]), heads[3])) / (1 + beta))
show(losses, 0.002)

# %% evaluation: The main head alone where the others are None (1 point)
# lost: In evaluation output.aux1 and output.aux2 are None; the loss is then the main head's, times its weight.
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput

generator = torch.Generator().manual_seed(1704)
losses = []
for number in range(40):
    size = 1 + number % 5
    beta, *weights = (0.1 + 2 * torch.rand(4, generator=generator)).tolist()
    made = answer(beta=200 * beta, head_weights=tuple(weights))
    if number % 2 and hasattr(made, "eval"):
        made.eval()
    main, target = (
        Pose(torch.randn(size, 3, generator=generator) * 5, torch.randn(size, 4, generator=generator)) for _ in range(2)
    )
    losses.append(float(made(PoseNetOutput(main, None, None), target)) / (1 + 200 * beta))
show(losses, 0.002)

# %% module: Default values, a module of its own, a gradient for every head (1 point)
# lost: PoseLoss() has to be an nn.Module with beta 500 and weights (0.3, 0.3, 1) that keeps nothing between two calls.
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput

generator = torch.Generator().manual_seed(611)
default = answer()
answer(beta=3.0, head_weights=(9.0, 8.0, 7.0))  # another object changes nothing in the first one
say(isinstance(default, torch.nn.Module))
say(any(parameter.requires_grad for parameter in default.parameters()))  # training would shrink beta
losses = []
for _ in range(8):
    heads = [Pose(torch.randn(3, 3, generator=generator) * 5, torch.randn(3, 4, generator=generator)) for _ in range(4)]
    leaves = [Pose(*(tensor.clone().requires_grad_() for tensor in head)) for head in heads[:3]]
    loss = default(PoseNetOutput(*leaves), heads[3])
    loss.backward()
    say(tuple(loss.shape))
    losses.append(float(loss) / 500)
    for leaf in leaves:
        show(leaf.position_m.grad, 0.01)
        show(leaf.quaternion_wxyz.grad / 500, 0.01)
show(losses, 0.004)
