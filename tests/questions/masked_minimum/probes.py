"""Hidden cells for masked_minimum. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% minimum: The smallest error of each pixel (1 point)
# lost: For each pixel the smallest error of the sources counts; then comes the mean over the pixels.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, sources in (("two sources", 2), ("four sources", 4)):
    about(kind)
    losses = []
    for _ in range(24):
        warped = torch.rand(2, sources, 3, 4, generator=generator)
        losses.append(float(answer(warped, torch.full_like(warped, 2.0), torch.ones_like(warped, dtype=torch.bool))[0]))
    show(losses, 0.002)

# %% valid: Only sources that see the pixel (1 point)
# lost: An error takes part only where it is valid, and a pixel counts if it is valid in at least one source.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("sources that see different parts")
losses = []
for _ in range(24):
    warped = torch.rand(2, 3, 4, 5, generator=generator) + 0.1
    valid = torch.rand(2, 3, 4, 5, generator=generator) < 0.5
    loss, counts = answer(warped, torch.full_like(warped, 2.0), valid)
    losses.append(float(loss))
    say(counts.flatten().int().tolist())
show(losses, 0.002)

# %% automask: Pixels that fit as they are (1 point)
# lost: A pixel counts only if its smallest warped error is below its smallest unwarped one; the loss is over those.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("some pixels fit better as they are")
losses = []
for _ in range(24):
    warped, unwarped = (torch.rand(2, 2, 4, 5, generator=generator) for _ in range(2))
    unwarped[:, :, 0] = warped[:, :, 0]  # exactly as well
    loss, counts = answer(warped, unwarped, torch.ones_like(warped, dtype=torch.bool))
    losses.append(float(loss))
    say(counts.flatten().int().tolist())
show(losses, 0.002)

# %% none: No pixel counts (1 point)
# lost: If no pixel counts, the loss is 0, not nan.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, still, seen in (("all fit as they are", 0.0, True), ("all are outside", 2.0, False)):
    about(kind)
    warped = torch.rand(2, 2, 3, 4, generator=generator) + 0.1
    loss, counts = answer(warped, torch.full_like(warped, still), torch.full_like(warped, seen, dtype=torch.bool))
    say((float(loss), int(counts.sum())))

# %% gradient: The gradient of the smallest error (1 point)
# lost: The gradient goes to each counting pixel's smallest error, and to nothing else.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("gradients")
warped = torch.rand(2, 3, 4, 5, generator=generator).requires_grad_()
unwarped = torch.full((2, 3, 4, 5), 2.0)
loss, counts = answer(warped, unwarped, torch.ones(2, 3, 4, 5, dtype=torch.bool))
loss.backward()
show(warped.grad * counts.sum(), 0.05)
