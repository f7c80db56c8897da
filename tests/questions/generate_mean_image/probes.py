"""Hidden cells for generate_mean_image. See notebooks/README.md, 'Add a question', for the form.

`answer` is the student's function; `show(value, step)` prints some of its numbers as multiples of `step`.
"""

# %% layout: The whole photo, at the right size (1 point)
# lost: The result has to have the size that resizing the smaller side gives, and to show the whole photo, upright.
import numpy as np
from PIL import Image

rng = np.random.default_rng(20150705)
for width, height, side in ((150, 101, 51), (83, 122, 37), (90, 90, 30), (47, 36, 48), (700, 401, None)):
    # One photo of 4 x 4 areas. What is shown is how they compare: no scale and no offset changes that.
    areas = rng.integers(10, 240, (4, 4)).repeat(-(-height // 4), axis=0).repeat(-(-width // 4), axis=1)
    grey = areas[:height, :width] + rng.integers(0, 12, (height, width))
    photo = Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    result = np.asarray(answer([photo]) if side is None else answer([photo], side), dtype=float)
    say(result.shape)
    assert result.ndim == 3
    relative = (result.mean(axis=2) - result.mean()) / result.std()
    rows, columns = (np.linspace(0, size, 5).astype(int) for size in relative.shape)
    show(
        [[relative[rows[i] : rows[i + 1], columns[j] : columns[j + 1]].mean() for j in range(4)] for i in range(4)], 0.3
    )

# %% mean: The mean of every pixel and channel (1 point)
# lost: The values have to be the exact mean of all photos, in 0..255: for a few photos and for hundreds of bright ones.
import numpy as np
from PIL import Image

rng = np.random.default_rng(1505)
for count, side, low in ((1, 19, 0), (2, 26, 0), (7, 21, 0), (5, 16, 100), (420, 12, 190)):
    stack = rng.integers(low, 256, (count, side, side, 3), dtype=np.uint8)
    show(answer([Image.fromarray(pixels) for pixels in stack], side), 0.1)

# %% details: Bilinear resizing, photos from a generator, float32, photos left as they are (1 point)
# lost: Resize bilinearly, go through `photos` once and without len(), return float32, and leave the photos unchanged.
import numpy as np
from PIL import Image

rng = np.random.default_rng(7426)


def rough_photo(width, height):
    blocks = rng.integers(20, 200, (-(-height // 6), -(-width // 6), 3), dtype=np.uint8)
    pixels = blocks.repeat(6, axis=0).repeat(6, axis=1)[:height, :width]
    return Image.fromarray(pixels + rng.integers(0, 55, pixels.shape, dtype=np.uint8))


for width, height, side in ((133, 85, 40), (71, 118, 32), (25, 18, 31)):
    # Steps of 8, because careful resizers differ from Pillow by up to 1.5; other filters differ by much more.
    show(answer([rough_photo(width, height)], side), 8.0)
photos = [rough_photo(31, 24) for _ in range(9)]
before = [photo.tobytes() for photo in photos]
result = answer((photo for photo in photos), 24)
say(f"{type(result).__name__} {result.dtype}")
show(result, 0.1)
answer(photos, 11)
say([photo.size == (31, 24) and photo.tobytes() == old for photo, old in zip(photos, before, strict=True)])
