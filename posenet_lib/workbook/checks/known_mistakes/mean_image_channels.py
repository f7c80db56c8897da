"""Mistakes that mix or scale the channels of a right mean image: image = mean @ M + offset, fitted."""

from collections.abc import Iterator, Sequence

import numpy as np

from posenet_lib.workbook.checks.known_mistakes.mistake import Fit

_ROUNDING = 2e-5  # of the largest value


def channel_causes(stacks: Sequence[np.ndarray], images: Sequence[np.ndarray]) -> Iterator[Fit]:
    """At most one cause: a constant factor, an offset, one of each for every channel, or mixed channels."""
    if divisor := _fixed_divisor(stacks, images):
        text = "Your values are the mean times a constant. Divide the sum by the number of photos that came, and by "
        yield Fit(f"{text}nothing else. You divide by {divisor:.5g}, however many photos there are.", 1)
        return
    if _are_clipped([stack.mean(axis=0) for stack in stacks], images):
        yield Fit("The result is cut off at a darkest and a brightest value. Use the values as they are.", 1)
        return
    means = np.concatenate([stack.mean(axis=0).reshape(-1, 3) for stack in stacks])
    values = np.concatenate([image.reshape(-1, 3) for image in images])
    terms = np.column_stack([means, np.ones(len(means))])
    mix = np.linalg.lstsq(terms, values, rcond=None)[0]  # [4, 3]
    scale = max(np.abs(values).max(), 1e-9)
    if np.abs(terms @ mix - values).max() > _ROUNDING * scale:
        return
    matrix, offset = mix[:3], mix[3]
    factors = np.diag(matrix)
    if np.abs(matrix - np.diag(factors)).max() > 1e-4 * np.abs(factors).max():
        yield Fit("The channels are mixed with each other, as in another colour space. Keep red, green, blue.", 1)
        return
    same_factor, same_offset = np.ptp(factors) < 1e-4 * np.abs(factors).max(), np.ptp(offset) < 1e-4 * scale
    if not (same_factor and same_offset):
        text = "Each channel has a factor and an offset of its own, as if normalised with a mean and a deviation. "
        yield Fit(f"{text}Use the values as they are: normalising comes later.", 1)
    elif abs(factors[0] - 1) < 1e-5:
        yield Fit(
            "All your values are off by the same amount. Use the photos' values as they are: subtracting comes later. "
            f"The amount is {offset[0]:.4g}.",
            1,
        )
    elif np.abs(offset).max() < 1e-4 * scale:
        yield Fit(
            "Your values are the mean times a constant. Divide the sum by the number of photos that came, and by "
            f"nothing else. The constant is {factors[0]:.5g}.",
            1,
        )
    else:
        text = "Your values are the mean times a constant, plus another. Use the values as they are. "
        yield Fit(f"{text}The constants are {factors[0]:.4g} and {offset[0]:.4g}.", 1)


def _fixed_divisor(stacks: Sequence[np.ndarray], images: Sequence[np.ndarray]) -> float | None:
    """The number by which each sum was divided, if it is the same for all numbers of photos."""
    divisors = []
    for stack, image in zip(stacks, images, strict=True):
        total = stack.sum(axis=0)
        factor = (image * total).sum() / (total**2).sum()
        if factor <= 0 or np.abs(factor * total - image).max() > _ROUNDING * np.abs(image).max():
            return None
        divisors.append(1 / factor)
    return divisors[0] if np.ptp(divisors) < 1e-4 * divisors[0] else None


def _are_clipped(means: Sequence[np.ndarray], images: Sequence[np.ndarray]) -> bool:
    """Whether they are the means, cut off at the lowest and highest value of all (and more than two pixels are)."""
    low, high = min(image.min() for image in images), max(image.max() for image in images)
    cut = sum(int(((mean < low) | (mean > high)).sum()) for mean in means)
    pairs = zip(means, images, strict=True)
    return cut > 2 and all(np.abs(mean.clip(low, high) - image).max() < 255 * _ROUNDING for mean, image in pairs)
