# expect: The mean image is not cropped
# unsaid: keepdim
# loses: values, form
# outcome: raised
import torch

from posenet_lib.data.transforms import Corner
from posenet_lib.workbook import answer


@answer
def to_network_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner) -> torch.Tensor:
    rows, columns = slice(corner.top, corner.top + 224), slice(corner.left, corner.left + 224)
    signed = photo[rows, columns].float() - mean_image
    return ((signed / 255 - 0.5) / 0.5).permute(2, 0, 1)
