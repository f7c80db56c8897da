# expect: another shape than asked for
# loses: form
import torch

from posenet_lib.data.transforms import Corner
from posenet_lib.workbook import answer


@answer
def to_network_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner) -> torch.Tensor:
    rows, columns = slice(corner.top, corner.top + 223), slice(corner.left, corner.left + 223)
    signed = photo[rows, columns].float() - mean_image[rows, columns]
    return ((signed / 255 - 0.5) / 0.5).permute(2, 0, 1)
