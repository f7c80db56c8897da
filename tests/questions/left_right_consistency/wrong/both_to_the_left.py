# expect: Both directions go the same way
# loses: slopes
import torch

from posenet_lib.workbook import answer


@answer
def left_right_consistency(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    height, width = left.shape[2:]
    x = (torch.arange(width, device=left.device) + 0.5) * 2 / width - 1  # pixel centres in -1..1
    y = (torch.arange(height, device=left.device) + 0.5) * 2 / height - 1

    def sample(disparity, shift):  # shift: a share of the width, [B, 1, H, W]
        columns = x + 2 * shift[:, 0]  # [B, H, W]
        grid = torch.stack([columns, y[:, None].expand_as(columns)], dim=3)
        return torch.nn.functional.grid_sample(disparity, grid, padding_mode="border", align_corners=False)

    return (left - sample(right, -left)).abs().mean() + (right - sample(left, -right)).abs().mean()
