import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def left_right_consistency(left, right):
    B, _, H, W = left.shape
    v, u = torch.meshgrid(torch.arange(H) + 0.5, torch.arange(W) + 0.5, indexing="ij")

    def at(disparity, columns):
        grid = torch.stack([2 * columns / W - 1, (2 * v / H - 1).expand_as(columns)], -1)
        return F.grid_sample(disparity, grid, padding_mode="border", align_corners=False)

    a = (left - at(right, u - W * left[:, 0])).abs()
    b = (right - at(left, u + W * right[:, 0])).abs()
    return (a + b).mean()
