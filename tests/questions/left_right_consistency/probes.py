"""Hidden cells for left_right_consistency. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% constants: One disparity for each camera (1 point)
# lost: The means of both differences are added: over all pixels, absolute values.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("one disparity for each camera")
values = []
for _ in range(24):
    left, right = torch.rand(2, generator=generator) * 0.2
    values.append(float(answer(left.expand(1, 1, 6, 20).clone(), right.expand(1, 1, 6, 20).clone())))
show(values, 0.002)

# %% slopes: Disparities that change along the row (1 point)
# lost: The left camera's x is the right camera's x - left(x), the right one's is x + right(x), in shares of the width.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, width in (("wide maps", 60), ("narrow maps", 24)):
    about(kind)
    values = []
    for _ in range(24):
        x = torch.linspace(0, 1, width).expand(1, 1, 5, width)
        a, b, c, d = torch.rand(4, generator=generator) * 0.25
        left, right = a + b * x, c + 0.05 + d * (1 - x) ** 2
        values.append(float(answer(left.clone(), right.clone())))
    show(values, 0.0005)

# %% batch: Several photos (1 point)
# lost: The mean is over all photos and all pixels.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("batches of 2 to 5 photos")
values = []
for number in range(24):
    batch = 2 + number % 4
    left, right = torch.rand(2, batch, 1, 1, 1, generator=generator) * 0.2
    values.append(float(answer(left.expand(batch, 1, 4, 12).clone(), right.expand(batch, 1, 4, 12).clone())))
show(values, 0.002)

# %% rows: Each row for itself (1 point)
# lost: A row is looked up in the same row of the other camera.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("rows of different disparities")
values = []
for _ in range(24):
    left = (torch.rand(1, 1, 8, 1, generator=generator) * 0.2).expand(1, 1, 8, 16).clone()
    values.append(float(answer(left, left.clone())))
show(values, 0.002)

# %% gradient: Gradients of both disparities (1 point)
# lost: Both disparities learn from it: nothing is detached.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("gradients")
x = torch.linspace(0, 1, 20).expand(1, 1, 4, 20)
a, b = torch.rand(2, generator=generator)
left = (0.1 + 0.05 * a * x).requires_grad_()
right = (0.2 + 0.1 * b - 0.1 * x).requires_grad_()
answer(left, right).backward()
say([leaf.grad is not None and bool(leaf.grad.abs().sum() > 0) for leaf in (left, right)])
