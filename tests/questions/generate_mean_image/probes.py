"""Hidden cells for generate_mean_image. See notebooks/README.md, 'Add a question', for the form.

`answer` is the student's function; `show(value, step)` prints some of its numbers as multiples of `step`; `about` names
the kind of input that follows, which the student reads if it is lost; `seed` is another one in each run of grading.
"""

# %% layout: The whole photo, at the right size (1 point)
# lost: The result has to have the size that resizing the smaller side gives, and to show the whole photo, upright.
import numpy as np
from PIL import Image

rng = np.random.default_rng(seed)  # of this run of grading
for width, height, side, kind in (
    (150, 101, 51, "a landscape photo"),
    (83, 122, 37, "a portrait photo"),
    (90, 90, 30, "a square photo"),
    (47, 36, 48, "a photo that is smaller than smaller_side"),
    (700, 401, None, "a photo without the argument smaller_side"),
):
    about(kind)
    # One photo of 4 x 4 areas. What is shown is how they compare: no scale and no offset changes that. Each area is
    # one of 16 different greys, so that no two photos of other runs are alike and no photo looks the same turned round.
    greys = np.linspace(10, 240, 16).round().astype(int)
    areas = rng.permutation(greys).reshape(4, 4)
    areas = areas.repeat(-(-height // 4), axis=0).repeat(-(-width // 4), axis=1)
    grey = areas[:height, :width] + rng.integers(0, 12, (height, width))
    photo = Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    result = np.asarray(answer([photo]) if side is None else answer([photo], side), dtype=float)
    say(result.shape)
    assert result.ndim == 3
    # The middle of each area: at its borders, ways of resizing that are right here differ.
    rows, columns = (
        [slice(end - 3 * size // 16, end - size // 16) for end in np.linspace(0, size, 5).astype(int)[1:]]
        for size in result.shape[:2]
    )
    middles = np.array([[result[row, column].mean(axis=(0, 1)) for column in columns] for row in rows])
    show((middles.mean(axis=2) - middles.mean()) / middles.std(), 0.3)

# %% mean: The mean of every pixel and channel (1 point)
# lost: The values have to be the exact mean of all photos, in 0..255: for a few photos and for hundreds of bright ones.
import numpy as np
from PIL import Image

rng = np.random.default_rng(seed)  # of this run of grading
for count, side, low, kind in (
    (1, 19, 0, "a single photo"),
    (2, 26, 0, "two photos"),
    (7, 21, 0, "seven photos, a number that is no multiple of 2, 3, 4 or 5"),
    (3, 21, 0, "a second call with photos of the same size: nothing is left from the first one"),
    (5, 16, 100, "five bright photos, each as important as the others"),
    (421, 12, 190, "421 bright photos, of which every single one counts"),
):
    about(kind)
    stack = rng.integers(low, 256, (count, side, side, 3), dtype=np.uint8)
    show(answer([Image.fromarray(pixels) for pixels in stack], side), 0.1)

# %% details: Bilinear resizing, photos from a generator, float32, photos left as they are (1 point)
# lost: Resize bilinearly, go through `photos` once and without len(), return float32, and leave the photos unchanged.
import numpy as np
from PIL import Image

rng = np.random.default_rng(seed)  # of this run of grading


def rough_photo(width, height):
    blocks = rng.integers(20, 200, (-(-height // 6), -(-width // 6), 3), dtype=np.uint8)
    pixels = blocks.repeat(6, axis=0).repeat(6, axis=1)[:height, :width]
    return Image.fromarray(pixels + rng.integers(0, 55, pixels.shape, dtype=np.uint8))


for width, height, side, kind in (
    (133, 85, 40, "a landscape photo with fine detail that becomes smaller"),
    (71, 118, 32, "a portrait photo with fine detail that becomes smaller"),
    (25, 18, 31, "a photo with fine detail that becomes larger"),
):
    about(kind)
    # Steps of 8, because careful resizers differ from Pillow by up to 1.5; other filters differ by much more.
    show(answer([rough_photo(width, height)], side), 8.0)
photos = [rough_photo(31, 24) for _ in range(9)]
before = [photo.tobytes() for photo in photos]
about("photos from a generator")
result = answer((photo for photo in photos), 24)
about("the type of the result")
say(f"{type(result).__name__} {result.dtype}")
about("photos from a generator")
show(result, 0.1)
answer(photos, 11)
about("the photos after the call")
say([photo.size == (31, 24) and photo.tobytes() == old for photo, old in zip(photos, before, strict=True)])
