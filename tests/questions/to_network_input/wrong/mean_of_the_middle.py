# expect: The mean image is always cropped in its middle
# loses: values
import torch

from posenet_lib.data.transforms import Corner
from posenet_lib.workbook import answer


@answer
def to_network_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner) -> torch.Tensor:
    rows, columns = slice(corner.top, corner.top + 224), slice(corner.left, corner.left + 224)
    top, left = (mean_image.shape[0] - 224) // 2, (mean_image.shape[1] - 224) // 2
    signed = photo[rows, columns].float() - mean_image[top : top + 224, left : left + 224]
    return ((signed / 255 - 0.5) / 0.5).permute(2, 0, 1)
