import torch

from posenet_lib.data.transforms import Corner
from posenet_lib.workbook import answer


@answer
def to_network_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner) -> torch.Tensor:
    signed = photo.to(torch.float32) - mean_image
    return (signed[corner.top : corner.top + 224, corner.left : corner.left + 224] / 127.5 - 1).movedim(-1, 0)
