import torch

from posenet_lib.data.transforms import Corner
from posenet_lib.workbook import answer


@answer
def to_network_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner) -> torch.Tensor:
    rows, columns = slice(corner.top, corner.top + 224), slice(corner.left, corner.left + 224)
    signed = photo[rows, columns].to(torch.int16) - mean_image[rows, columns]
    out = signed.div_(255).sub_(0.5).div_(0.5)
    return torch.stack([out[..., 0], out[..., 1], out[..., 2]])
