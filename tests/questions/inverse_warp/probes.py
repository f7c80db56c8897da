"""Hidden cells for inverse_warp. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% sideways: Motion along the photo's axes (1 point)
# lost: Back-project with the depth along the axis, add the shift, project, and sample where the point comes to lie.
import torch

from posenet_lib.egomotion.camera import Camera

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, height, width, batch in (("a wide photo", 18, 30, 1), ("a high photo", 28, 20, 1), ("a batch", 16, 24, 3)):
    about(kind)
    matrix = torch.tensor([[0.8 * width, 0, 0.5 * width], [0, 0.8 * width, 0.5 * height], [0, 0, 1]])
    camera = Camera(matrix, width, height)
    depth = 2 + 3 * torch.rand(batch, 1, height, width, generator=generator)
    motion = torch.eye(4).repeat(batch, 1, 1)
    motion[:, :2, 3] = torch.rand(batch, 2, generator=generator) * 0.6 + 0.2
    warped, _ = answer(torch.rand(batch, 3, height, width, generator=generator), depth, motion, camera)
    show(warped, 0.02)

# %% view: Turns and motion along the view (1 point)
# lost: The whole motion counts: rotation and shift, in the direction that the name says, and the new depth divides.
import torch

from posenet_lib.egomotion.camera import Camera
from posenet_lib.egomotion.motion import matrix_from_vector

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, shift, angle in (("a turn", 0.0, 0.2), ("forwards", 0.6, 0.0), ("both", 0.4, 0.15)):
    about(kind)
    camera = Camera(torch.tensor([[22.0, 0, 14.5], [0, 23.0, 11.0], [0, 0, 1]]), 28, 22)
    depth = 2 + 2 * torch.rand(2, 1, 22, 28, generator=generator)
    vector = torch.zeros(2, 6)
    vector[:, 2] = -shift * (1 + torch.rand(2, generator=generator))
    vector[:, 3:] = angle * (0.5 + torch.rand(2, 3, generator=generator))
    warped, _ = answer(torch.rand(2, 2, 22, 28, generator=generator), depth, matrix_from_vector(vector), camera)
    show(warped, 0.02)

# %% pyramid: Photos of another size than the camera's (1 point)
# lost: The camera matrix belongs to camera.width x camera.height pixels: scale both of its rows to the photos' size.
import torch

from posenet_lib.egomotion.camera import Camera

generator = torch.Generator().manual_seed(seed)  # of this run of grading
camera = Camera(torch.tensor([[90.0, 0, 66.0], [0, 88.0, 46.0], [0, 0, 1]]), 128, 96)
for kind, height, width in (("half the size", 48, 64), ("a quarter", 24, 32), ("squeezed", 30, 80)):
    about(kind)
    depth = 2 + 2 * torch.rand(1, 1, height, width, generator=generator)
    motion = torch.eye(4)[None].clone()
    motion[:, :3, 3] = torch.tensor([0.5, 0.3, -0.5]) * (0.8 + 0.4 * torch.rand(3, generator=generator))
    warped, _ = answer(torch.rand(1, 3, height, width, generator=generator), depth, motion, camera)
    show(warped, 0.02)

# %% valid: Where the warped photo is valid (1 point)
# lost: A pixel is valid if its point is in front of the source camera and inside its photo, at all four borders.
import torch

from posenet_lib.egomotion.camera import Camera

generator = torch.Generator().manual_seed(seed)  # of this run of grading
camera = Camera(torch.tensor([[20.0, 0, 14.5], [0, 20.0, 10.5], [0, 0, 1]]), 29, 21)
for kind, direction in (
    ("to the right", [1, 0, 0]),
    ("to the left", [-1, 0, 0]),
    ("down", [0, 1, 0]),
    ("up", [0, -1, 0]),
    ("behind", [0, 0, -4]),
):
    about(kind)
    motion = torch.eye(4)[None].clone()
    motion[0, :3, 3] = torch.tensor(direction) * (0.7 + 0.5 * torch.rand(1, generator=generator))
    depth = torch.full((1, 1, 21, 29), 2.0)
    depth[:, :, :10] = 2.6
    _, valid = answer(torch.rand(1, 1, 21, 29, generator=generator), depth, motion, camera)
    say((tuple(valid.shape), str(valid.dtype)))
    say([int(n) for n in valid[0, 0].sum(dim=0)])

# %% gradient: Gradients by depth and motion (1 point)
# lost: Both networks learn through this function: stay in torch from the depth and the motion to the warped photo.
import torch

from posenet_lib.egomotion.camera import Camera

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("gradients")
camera = Camera(torch.tensor([[20.0, 0, 12.0], [0, 20.0, 10.0], [0, 0, 1]]), 24, 20)
depth = (2 + torch.rand(1, 1, 20, 24, generator=generator)).requires_grad_()
motion = torch.eye(4)[None].clone()
motion[0, 0, 3] = 0.2
motion.requires_grad_()
ramp = (torch.arange(24.0) * (1 + torch.rand(1, generator=generator)) / 24).expand(1, 1, 20, 24)
warped, _ = answer(ramp, depth, motion, camera)
warped[..., 3:17].sum().backward()
show(depth.grad, 0.002)
say(bool(motion.grad.abs().sum() > 0))
