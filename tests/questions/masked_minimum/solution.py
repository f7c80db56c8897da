import torch

from posenet_lib.workbook import answer


@answer
def masked_minimum(
    warped: torch.Tensor, unwarped: torch.Tensor, valid: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The photometric loss of several sources: minimum over sources, auto-masking (Godard et al. 2019, 3.2).

    A pixel that is hidden in one source may be seen in another one: so for each pixel the *smallest* error counts, not
    the mean. Errors of sources in which the pixel is not valid do not take part. And a pixel for which some source fits
    at least as well *without* being warped says nothing about depth (it moves along with the camera, or nothing moves):
    it is masked out.

    Args:
        warped: photometric errors of S warped sources against the target, [B, S, H, W].
        unwarped: the same of the sources as they are, [B, S, H, W].
        valid: bool [B, S, H, W], where the warped source was inside its photo.

    Returns:
        The loss, a scalar: the mean of the smallest valid errors over all pixels that count (0 if none does). And the
        pixels that count, bool [B, H, W]: valid in at least one source, and the smallest valid warped error is below
        the smallest unwarped one.
    """
    smallest = warped.masked_fill(~valid, torch.inf).amin(dim=1)  # [B, H, W]
    counts = valid.any(dim=1) & (smallest < unwarped.amin(dim=1))
    if not counts.any():
        return warped.sum() * 0, counts
    return smallest[counts].mean(), counts
