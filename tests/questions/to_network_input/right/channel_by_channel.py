import torch

from posenet_lib.data.transforms import Corner
from posenet_lib.workbook import answer


@answer
def to_network_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner) -> torch.Tensor:
    result = torch.empty(3, 224, 224)
    for channel in range(3):
        for place, image in ((1, photo), (-1, mean_image)):
            part = image[corner[0] :, corner[1] :, channel][:224, :224].float()
            result[channel] = place * part if place == 1 else result[channel] - part
    return (result / 255 - 0.5) / 0.5
