"""Hidden cells for the practice PoseHead. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% values: Position and quaternion in evaluation (2 points)
# lost: With the same weights, the head has to give the same numbers: pool, ReLU twice, metres for the position alone.
import torch

from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.heads import PositionScale
from posenet_lib.workbook.checks.known_pose_head import give_head_weights

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for channels, count in ((4, 8), (7, 1), (512, 5)):
    about(f"{channels} channels, a batch of {count}")
    scale = PositionScale(PositionSpread(torch.randn(3, generator=generator).tolist(), (2.0, 1.5, 3.0)))
    head = answer(channels, 0.4, scale)
    give_head_weights(head, channels)
    head.eval()
    poses = [head(torch.randn(count, channels, 14, 14, generator=generator) * 2) for _ in range(1 if count > 1 else 12)]
    say([tuple(part.shape) for part in poses[0]])
    show(torch.cat([pose.position_m for pose in poses]), 0.02)
    show(torch.cat([pose.quaternion_wxyz for pose in poses]), 0.02)

# %% dropout: Dropout once for both outputs, in training alone (1 point)
# lost: In training the given share of the 1024 features is dropped, once for both outputs; in evaluation none is.
import torch
from torch import nn

from posenet_lib.workbook.checks.known_pose_head import give_head_weights, kept_shares

generator = torch.Generator().manual_seed(seed)  # of this run of grading
torch.manual_seed(seed)
about("one draw for both outputs")
head = answer(4, 0.5, nn.Identity())
give_head_weights(head, 4, alike=True)
position, quaternion = head.train()(torch.randn(6, 4, 14, 14, generator=generator))
say(torch.allclose(position, quaternion[:, :3], atol=1e-4))
for share in (0.0, 0.2, 0.7):
    about(f"dropout {share}")
    shares = kept_shares(answer, 4, share)
    say(round(20 * float(shares.std())) == round(20 * (share / (1 - share) / 1024) ** 0.5))
    say(abs(float(shares.mean()) - 1) < 0.05)
about("evaluation")
say(torch.equal(*(head.eval()(torch.ones(2, 4, 14, 14)).position_m for _ in range(2))))

# %% gradient: Every layer learns (1 point)
# lost: All four layers get a gradient, from the position and from the quaternion.
import torch
from torch import nn

from posenet_lib.workbook.checks.known_pose_head import give_head_weights

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for name in ("position_m", "quaternion_wxyz"):
    about(f"the gradient of {name}")
    head = answer(4, 0.0, nn.Identity())
    give_head_weights(head, 4)
    x = torch.randn(3, 4, 14, 14, generator=generator, requires_grad=True)
    getattr(head(x), name).square().sum().backward()
    show(x.grad * 100, 0.02)
    say(sorted(tuple(p.shape) for p in head.parameters() if p.dim() > 1 and p.shape[0] > 7 and p.grad is not None))
