"""The cause of a wrong mean image: photos of the final size go in, and the answer's own images are fitted.

First whole mistakes, one or two of them, on several sets of photos; then how much each photo counts; then how the
channels were mixed. Photos are float64 (N, H, W, 3) here.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PIL import Image

from posenet_lib.workbook.checks.known_mistakes.mean_image_channels import channel_causes
from posenet_lib.workbook.checks.known_mistakes.mean_image_mistakes import (
    AFTER,
    AVERAGES,
    BEFORE,
    FLOAT16,
    OVERFLOW,
    float16_mean,
)
from posenet_lib.workbook.checks.known_mistakes.mean_image_photo_weights import weight_cause
from posenet_lib.workbook.checks.known_mistakes.mistake import Fit, simplest

Stack = np.ndarray  # (N, H, W, 3), 0..255
_ROUNDING = 2e-3  # of 0..255: float32 sums of a few photos


def probe_stacks() -> list[Stack]:
    """Noise of several sizes and numbers of photos; not a square, not of one shape."""
    rng = np.random.default_rng(31)
    shapes = ((6, 9, 13), (5, 14, 10), (9, 8, 11))
    stacks = [rng.integers(3, 253, (*shape, 3)).astype(np.float64) for shape in shapes]
    stacks[2][6] = stacks[2][2]  # two photos are equal, and both count
    return stacks


def photos_of(stack: Stack) -> list[Image.Image]:
    """As the answer gets them."""
    return [Image.fromarray(pixels.astype(np.uint8)) for pixels in stack]


def mean_image_cause(image_of: Callable[[list[Image.Image], int], np.ndarray]) -> str | None:
    """The mistake that reproduces the images of an answer, or None. All photos have the final size.

    Args:
        image_of: calls the answer with photos and smaller_side.
    """
    stacks, images = probe_stacks(), []
    for stack in stacks:
        image = np.asarray(image_of(photos_of(stack), min(stack.shape[1:3])), dtype=np.float64)
        if image.shape != stack.shape[1:] or not np.isfinite(image).all():
            return None
        images.append(image)
    if all(same_image(image, stack.mean(axis=0)) for image, stack in zip(images, stacks, strict=True)):
        return weight_cause(image_of) or _bright_cause(image_of)
    if fits := list(_whole_mistakes(stacks, images)):
        return simplest(fits)
    return simplest(channel_causes(stacks, images)) or weight_cause(image_of)


def same_image(got: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether two images are the same but for rounding, which is relative to the image's scale."""
    if got.shape != wanted.shape or not np.isfinite(wanted).all():
        return False
    scale = max(np.abs(got).max(), 1e-9) / 255
    return bool(np.abs(got - wanted).max() <= _ROUNDING * max(scale, 1e-6))


def _whole_mistakes(stacks: Sequence[Stack], images: Sequence[np.ndarray]) -> Iterator[Fit]:
    """Something before the averaging, another average, something after it: one or two of these."""
    with np.errstate(all="ignore"):
        for before_text, before in BEFORE:
            changed = before(stacks[0])
            for average_text, average in AVERAGES:
                averaged = average(changed)
                for after_text, after in AFTER:
                    texts = [text for text in (before_text, average_text, after_text) if text]
                    # The first set of photos sorts nearly all mistakes out; the others confirm.
                    if 0 < len(texts) <= 2 and same_image(images[0], after(averaged)):
                        others = zip(images[1:], stacks[1:], strict=True)
                        if all(same_image(image, after(average(before(stack)))) for image, stack in others):
                            yield Fit(" ".join(texts), len(texts))


def _bright_cause(image_of: Callable[[list[Image.Image], int], np.ndarray]) -> str | None:
    """What goes wrong with hundreds of bright photos only: the sum does not fit its type."""
    stack = np.random.default_rng(5).integers(180, 256, (390, 6, 5, 3)).astype(np.float64)
    image, total = np.asarray(image_of(photos_of(stack), 5), dtype=np.float64), stack.sum(axis=0)
    if image.shape != total.shape or same_image(image, total / len(stack)):
        return None
    signed = (total + 32768) % 65536 - 32768
    wrapped = [total % 65536 / len(stack), signed / len(stack)]
    wrapped += [np.floor(values) for values in wrapped]
    if any(same_image(image, values) or same_image(image, values % 256) for values in wrapped):
        return OVERFLOW
    return FLOAT16 if same_image(image, float16_mean(stack)) else None
