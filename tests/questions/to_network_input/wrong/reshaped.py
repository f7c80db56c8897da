# expect: `reshape` does not move the channels
# loses: values
import torch

from posenet_lib.data.transforms import Corner
from posenet_lib.workbook import answer


@answer
def to_network_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner) -> torch.Tensor:
    rows, columns = slice(corner.top, corner.top + 224), slice(corner.left, corner.left + 224)
    signed = photo[rows, columns].float() - mean_image[rows, columns]
    return ((signed / 255 - 0.5) / 0.5).reshape(3, 224, 224)
