import torch

from posenet_lib.data.transforms import Corner
from posenet_lib.workbook import answer


@answer
def to_network_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner) -> torch.Tensor:
    """From a resized photo to what the network sees: subtract the mean image, crop, normalise, channels first.

    Args:
        photo: uint8, [H, W, 3], red, green, blue, values in 0..255.
        mean_image: float32, [H, W, 3], values in 0..255.
        corner: `corner.top` and `corner.left` say where the crop of 224 x 224 pixels begins, in photo and mean image.

    Returns:
        float32, [3, 224, 224]. For a signed difference v of photo and mean image: (v / 255 - 0.5) / 0.5. The arguments
        stay unchanged.
    """
    rows, columns = slice(corner.top, corner.top + 224), slice(corner.left, corner.left + 224)
    signed = photo[rows, columns].float() - mean_image[rows, columns]
    return ((signed / 255 - 0.5) / 0.5).permute(2, 0, 1)
