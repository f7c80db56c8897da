import torch
from posenet_lib.workbook import answer


@answer
def left_right_consistency(left, right):
    W = left.shape[-1]
    cols = torch.arange(W, device=left.device, dtype=left.dtype)

    def look(other, where):
        where = where.clamp(0, W - 1)
        low = where.floor().clamp(max=W - 2).long()
        part = where - low
        return torch.gather(other, 3, low) * (1 - part) + torch.gather(other, 3, low + 1) * part

    one = torch.abs(left - look(right, cols - left * W))
    two = torch.abs(right - look(left, cols + right * W))
    return torch.mean(one) + torch.mean(two)
