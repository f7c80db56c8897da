"""Hidden cells for head_loss. See notebooks/README.md, 'Add a question', for the form.

Each point is about one part of the formula: a mistake in another part does not show there.
"""

# %% position: The position error (1 point)
# lost: What a wrong position adds to the loss is its Euclidean length in metres, averaged over the photos.
import torch

from posenet_lib.geometry.poses import Pose

generator = torch.Generator().manual_seed(1505)
added = []
for number in range(40):
    size = 2 + number % 6
    truth, error = (torch.randn(size, 3, generator=generator) * scale for scale in (20, 4))
    unit, other = torch.nn.functional.normalize(torch.randn(2, size, 4, generator=generator), dim=2)
    beta = float(torch.rand(1, generator=generator) * 4)
    # The difference of two losses: a mistake in the orientation's part is in both.
    wrong, right = (answer(Pose(x, other.clone()), Pose(truth, unit), beta) for x in (truth + error, truth.clone()))
    added.append(float(wrong) - float(right))
show(added, 0.01)

# %% orientation: The orientation error, times beta (1 point)
# lost: For a right position and true quaternions of length 1 the loss is beta times the mean distance of quaternions.
import torch

from posenet_lib.geometry.poses import Pose

generator = torch.Generator().manual_seed(7427)
losses = []
for number in range(40):
    size = 2 + number % 6
    truth = torch.randn(size, 3, generator=generator) * 20
    unit = torch.nn.functional.normalize(torch.randn(size, 4, generator=generator), dim=1)
    predicted = torch.randn(size, 4, generator=generator) * 1.4
    beta = float(torch.rand(1, generator=generator) * 900 + 2)
    losses.append(float(answer(Pose(truth.clone(), predicted), Pose(truth, unit), beta)) / beta)
show(losses, 0.002)

# %% unit: The true quaternion is normalised (1 point)
# lost: Divide each true quaternion by its own length before you compare; leave the predicted one as it is.
import torch

from posenet_lib.geometry.poses import Pose

generator = torch.Generator().manual_seed(1704)
losses = []
for number in range(40):
    size = 2 + number % 6
    truth = torch.randn(size, 3, generator=generator) * 20
    target = torch.randn(size, 4, generator=generator) * (0.3 + 3 * torch.rand(size, 1, generator=generator))
    predicted = torch.randn(size, 4, generator=generator) * 1.4
    beta = float(torch.rand(1, generator=generator) * 900 + 2)
    losses.append(float(answer(Pose(truth.clone(), predicted), Pose(truth, target), beta)) / beta)
show(losses, 0.002)

# %% gradient: The gradient, also for a batch of one photo; the poses stay as they were (1 point)
# lost: Return one scalar, stay in torch (so that `backward()` works), and don't change the tensors that you get.
import torch

from posenet_lib.geometry.poses import Pose

generator = torch.Generator().manual_seed(80)
for size, beta in ((1, 30.0), (5, 2.0), (6, 450.0)):
    position, quaternion = torch.randn(size, 3, generator=generator) * 9, torch.randn(size, 4, generator=generator)
    predicted = Pose(position.clone().requires_grad_(), quaternion.clone().requires_grad_())
    unit = torch.nn.functional.normalize(torch.randn(size, 4, generator=generator), dim=1)
    target = Pose(torch.randn(size, 3, generator=generator) * 9, unit)
    given = [tensor.detach().clone() for tensor in (*predicted, *target)]
    loss = answer(predicted, target, beta)
    loss.backward()
    say(tuple(loss.shape))
    show(predicted.position_m.grad * size, 0.02)
    show(predicted.quaternion_wxyz.grad * (size / beta), 0.02)
    say([torch.equal(old, new.detach()) for old, new in zip(given, (*predicted, *target), strict=True)])
    stretched = Pose(target.position_m, 2.0 * unit)
    answer(Pose(position, quaternion), stretched, beta)
    say(torch.equal(stretched.quaternion_wxyz, 2.0 * unit))
