"""Hidden cells for photometric_error. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% same: A photo against itself (1 point)
# lost: A photo against itself has SSIM 1 everywhere, so its error is 0, one number for each pixel.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("random photos")
for size in ((1, 3, 5, 9), (3, 3, 8, 7), (2, 1, 12, 6)):
    photo = torch.rand(size, generator=generator)
    show(answer(photo, photo.clone()), 0.001)

# %% colours: Photos of one colour (1 point)
# lost: Photos of one colour have no variance: only the means are left in SSIM, and C1 keeps dark photos from nothing.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, low, high in (("bright colours", 0.3, 1.0), ("dark colours", 0.0, 0.06)):
    about(kind)
    one, other = low + (high - low) * torch.rand(2, 24, 1, 1, 1, generator=generator)
    errors = answer(one.expand(24, 3, 5, 6).clone(), other.expand(24, 3, 5, 6).clone())
    show(errors[:, 0, 2, 3], 0.002)

# %% windows: Means, variances and covariance of 3x3 windows (1 point)
# lost: SSIM needs plain means over 3x3 pixels, variances and the covariance with the products of means taken off.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, mixed in (("two random photos", 0.0), ("similar photos", 0.7), ("one is the negative of the other", -1.0)):
    about(kind)
    first = torch.rand(2, 3, 9, 11, generator=generator)
    noise = torch.rand(2, 3, 9, 11, generator=generator)
    second = 1 - first if mixed < 0 else mixed * first + (1 - mixed) * noise
    show(answer(first, second)[:, :, 1:-1, 1:-1], 0.002)

# %% border: The border pixels (1 point)
# lost: At the border, the photo is continued by reflection.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
about("the first and the last rows and columns")
first, noise = 0.1 * torch.rand(2, 4, 3, 9, 11, generator=generator)
second = first + 0.3 * noise
errors = answer(first, second)
show(torch.cat([errors[:, :, [0, -1]].flatten(), errors[:, :, :, [0, -1]].flatten()]), 0.002)

# %% channels: The mean over the channels (1 point)
# lost: One number for each pixel: the mean over the channels, of however many there are.
import torch

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, channels in (("three channels", 3), ("two channels", 2), ("five channels", 5)):
    about(kind)
    first = torch.rand(6, channels, 6, 7, generator=generator) * 0.5 + 0.4
    second = first.clone()
    second[:, 0] += 0.1
    errors = answer(first, second)
    say(tuple(errors.shape))
    show(errors, 0.002)
