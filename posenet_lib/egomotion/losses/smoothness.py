"""Disparity and flow should be smooth, but may jump where the photo has an edge."""

from torch import Tensor


def edge_aware_smoothness(disparity: Tensor, photo: Tensor) -> Tensor:
    """Mean absolute slope of the disparity, weighed down where the photo's own slope is large.

    ``|dx d| exp(-|dx I|) + |dy d| exp(-|dy I|)`` (Godard et al. 2017, equation 3), with the disparity divided by its
    mean as in Godard et al. 2019, section 3.3: otherwise shrinking all disparities would be the easiest way to a smooth
    map, and one way in which depth collapses.

    Args:
        disparity: [B, 1, H, W].
        photo: [B, 3, H, W] in 0..1.

    Returns:
        A scalar.
    """
    return edge_aware_slope(disparity / disparity.mean(dim=(2, 3), keepdim=True).clamp(min=1e-6), photo)


def edge_aware_slope(values: Tensor, photo: Tensor) -> Tensor:
    """The same of any maps [B, C, H, W], as they are: a flow's slope is in pixels a pixel, and needs no unit."""
    total = 0.0
    for axis in (2, 3):
        slope = values.diff(dim=axis).abs()
        edge = photo.diff(dim=axis).abs().mean(dim=1, keepdim=True)
        total = total + (slope * (-10.0 * edge).exp()).mean()  # photos in 0..1: an edge of 0.1 counts a third
    return total
