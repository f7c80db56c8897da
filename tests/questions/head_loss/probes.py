"""Hidden cells for head_loss. See notebooks/README.md, 'Add a question', for the form.

Each point is about one part of the formula: a mistake in another part does not show there.
"""

# %% position: The position error (1 point)
# lost: What a wrong position adds to the loss is its Euclidean length in metres, averaged over the photos.
import torch

from posenet_lib.geometry.poses import Pose

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, sizes, scale in (
    ("batches of 2 to 7 photos", range(2, 8), 4),
    ("a batch of 65 photos", [65], 4),
    ("position errors of centimetres", [3, 5], 0.05),
    ("position errors of hundreds of metres", [3, 5], 300),
):
    about(kind)
    added = []
    for size in [*sizes] * (18 // len(sizes)):
        truth = torch.randn(size, 3, generator=generator) * 20
        error = torch.randn(size, 3, generator=generator) * scale
        unit, other = torch.nn.functional.normalize(torch.randn(2, size, 4, generator=generator), dim=2)
        beta = float(torch.rand(1, generator=generator) * 4)
        # The difference of two losses: a mistake in the orientation's part is in both.
        wrong, right = (answer(Pose(x, other.clone()), Pose(truth, unit), beta) for x in (truth + error, truth.clone()))
        added.append(float(wrong) - float(right))
    show(added, max(0.0025 * scale, 0.002))

# %% orientation: The orientation error, times beta (1 point)
# lost: For a right position and true quaternions of length 1 the loss is beta times the mean distance of quaternions.
import torch

from posenet_lib.geometry.poses import Pose

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, sizes, lowest, highest in (
    ("batches of 2 to 7 photos, beta between 2 and 900", range(2, 8), 2, 900),
    ("a batch of 65 photos", [65], 2, 900),
    ("beta below 1", [2, 5], 0.05, 0.95),
    ("beta of some thousands", [3, 4], 1500, 9000),
):
    about(kind)
    losses = []
    for size in [*sizes] * (18 // len(sizes)):
        truth = torch.randn(size, 3, generator=generator) * 20
        unit = torch.nn.functional.normalize(torch.randn(size, 4, generator=generator), dim=1)
        predicted = torch.randn(size, 4, generator=generator) * 1.4
        beta = float(torch.rand(1, generator=generator) * (highest - lowest) + lowest)
        # A small beta does not divide: a guard of the position's root, sqrt(... + 1e-8), would then count too much.
        losses.append(float(answer(Pose(truth.clone(), predicted), Pose(truth, unit), beta)) / max(beta, 1.0))
    show(losses, 0.002)

# %% unit: The true quaternion is normalised (1 point)
# lost: Divide each true quaternion by its own length before you compare; leave the predicted one as it is.
import torch

from posenet_lib.geometry.poses import Pose

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, shortest, longest in (
    ("true quaternions longer and shorter than 1", 0.3, 3.3),
    ("true quaternions much longer than 1", 30.0, 400.0),
    ("true quaternions much shorter than 1", 0.03, 0.2),
):
    about(kind)
    losses = []
    for number in range(18):
        size = 2 + number % 6
        truth = torch.randn(size, 3, generator=generator) * 20
        length = shortest + (longest - shortest) * torch.rand(size, 1, generator=generator)
        target = torch.nn.functional.normalize(torch.randn(size, 4, generator=generator), dim=1) * length
        predicted = torch.randn(size, 4, generator=generator) * 1.4
        beta = float(torch.rand(1, generator=generator) * 900 + 2)
        losses.append(float(answer(Pose(truth.clone(), predicted), Pose(truth, target), beta)) / beta)
    show(losses, 0.002)

# %% gradient: The gradient, also for a batch of one photo; the poses stay as they were (1 point)
# lost: Return one scalar, stay in torch (so that `backward()` works), and don't change the tensors that you get.
import torch

from posenet_lib.geometry.poses import Pose

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for size, beta in ((1, 30.0), (5, 2.0), (6, 450.0)):
    batch = "a batch of one photo" if size == 1 else f"a batch of {size} photos"
    slopes = []
    for _ in range(8 if size == 1 else 2):
        position, quaternion = torch.randn(size, 3, generator=generator) * 9, torch.randn(size, 4, generator=generator)
        predicted = Pose(position.clone().requires_grad_(), quaternion.clone().requires_grad_())
        unit = torch.nn.functional.normalize(torch.randn(size, 4, generator=generator), dim=1)
        target = Pose(torch.randn(size, 3, generator=generator) * 9, unit)
        given = [tensor.detach().clone() for tensor in (*predicted, *target)]
        about(f"the gradient of {batch}")
        loss = answer(predicted, target, beta)
        loss.backward()
        say(tuple(loss.shape))
        # No gradient at all counts as 0: the cell goes on, and shows what else is wrong.
        metres, turn = (torch.zeros_like(part) if part.grad is None else part.grad for part in predicted)
        slopes.append([metres * size, turn * (size / beta)])
        about(f"the poses after the call with {batch}")
        say([torch.equal(old, new.detach()) for old, new in zip(given, (*predicted, *target), strict=True)])
        stretched = Pose(target.position_m, 2.0 * unit)
        answer(Pose(position, quaternion), stretched, beta)
        say(torch.equal(stretched.quaternion_wxyz, 2.0 * unit))
    for name, parts in zip(("position", "quaternion"), zip(*slopes, strict=True), strict=True):
        about(f"the gradient of {batch}, by the {name}")
        show(torch.cat(parts), 0.02)
