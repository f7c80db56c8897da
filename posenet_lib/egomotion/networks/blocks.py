"""What the networks are made of."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Conv(nn.Sequential):
    """A 3x3 convolution, batch norm, ReLU; `stride` 2 halves the size."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Encoder(nn.Module):
    """Halves the size again and again, and hands out what it saw at each size."""

    def __init__(self, inputs: int, widths: tuple[int, ...]):
        super().__init__()
        pairs = zip((inputs, *widths[:-1]), widths, strict=True)
        self.levels = nn.ModuleList(nn.Sequential(Conv(a, b, stride=2), Conv(b, b)) for a, b in pairs)

    def forward(self, photo: Tensor) -> list[Tensor]:
        """[B, C, H, W] -> features of half, quarter, ... size."""
        features = []
        for level in self.levels:
            photo = level(photo)
            features.append(photo)
        return features


class Decoder(nn.Module):
    """Doubles the size again and again, each time with the encoder's features of that size beside it (skips).

    Args:
        widths: of the encoder.
        outputs: channels of each prediction.
        scales: how many predictions: at full, half, quarter ... size.
    """

    def __init__(self, widths: tuple[int, ...], outputs: int, scales: int, first: int = 16):
        super().__init__()
        sizes = (first, *widths)  # what each step puts out: the full size first
        skips = (0, *widths[:-1])
        self.up = nn.ModuleList(Conv(sizes[k + 1], sizes[k]) for k in range(len(widths)))
        self.join = nn.ModuleList(Conv(sizes[k] + skips[k], sizes[k]) for k in range(len(widths)))
        self.heads = nn.ModuleList(nn.Conv2d(sizes[k], outputs, 3, padding=1) for k in range(scales))

    def forward(self, features: list[Tensor], height: int, width: int) -> list[Tensor]:
        """Raw numbers at each scale, full size first: [B, outputs, H, W], [B, outputs, H/2, W/2], ..."""
        x, found = features[-1], []
        for k in reversed(range(len(self.up))):
            size = features[k - 1].shape[2:] if k else (height, width)
            x = F.interpolate(self.up[k](x), size=size, mode="nearest")
            x = self.join[k](torch.cat([x, features[k - 1]], dim=1) if k else x)
            if k < len(self.heads):
                found.insert(0, self.heads[k](x))
        return found
