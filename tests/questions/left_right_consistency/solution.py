import torch

from posenet_lib.workbook import answer


@answer
def left_right_consistency(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """How far the disparities of the two cameras contradict each other (Godard et al. 2017, equation 4, both ways).

    What the left camera sees at x, the right one sees at x - left(x); there its own disparity should be the same:
    |left(x) - right(x - left(x))|. And the other way round: |right(x) - left(x + right(x))|.

    Args:
        left, right: disparities [B, 1, H, W], as shares of the photo's width: 0.1 is a shift by a tenth of it.

    Returns:
        A scalar: the mean of the first difference plus the mean of the second, over all pixels. Sample bilinearly, with
        `padding_mode="border"` and `align_corners=False`; gradients flow through both disparities.
    """
    height, width = left.shape[2:]
    x = (torch.arange(width, device=left.device) + 0.5) * 2 / width - 1  # pixel centres in -1..1
    y = (torch.arange(height, device=left.device) + 0.5) * 2 / height - 1

    def sample(disparity, shift):  # shift: a share of the width, [B, 1, H, W]
        columns = x + 2 * shift[:, 0]  # [B, H, W]
        grid = torch.stack([columns, y[:, None].expand_as(columns)], dim=3)
        return torch.nn.functional.grid_sample(disparity, grid, padding_mode="border", align_corners=False)

    return (left - sample(right, -left)).abs().mean() + (right - sample(left, right)).abs().mean()
