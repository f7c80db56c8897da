# expect: The crop is always the middle one
# loses: values
import torch

from posenet_lib.data.transforms import Corner
from posenet_lib.workbook import answer


@answer
def to_network_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner) -> torch.Tensor:
    top, left = (photo.shape[0] - 224) // 2, (photo.shape[1] - 224) // 2
    rows, columns = slice(top, top + 224), slice(left, left + 224)
    signed = photo[rows, columns].float() - mean_image[rows, columns]
    return ((signed / 255 - 0.5) / 0.5).permute(2, 0, 1)
