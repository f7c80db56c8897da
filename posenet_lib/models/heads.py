"""The heads: from a trunk's features to a camera pose. One kind of regressor ends them all.

*posenet*: Kendall, Grimes, Cipolla, ICCV 2015, section 3. *poselstm*: Walch et al., "Image-based localization using
LSTMs for structured feature correlation", ICCV 2017, section 3: four LSTMs stand between the fully connected layer and
the regressor. The paper subtracts no mean image for it; here both kinds get the same input, to be compared fairly.
"""

import torch
from torch import Tensor, nn

from posenet_lib.geometry.poses import Pose, PositionSpread


class PositionScale(nn.Module):
    """Fixed affine layer: what the head regresses, about -1..1, becomes metres in the scene's frame.

    Not in the paper, which regresses metres directly. A linear layer can learn this offset and scale, but takes long
    to when a scene is 100 m wide and far from its origin; fixed here, the loss stays the paper's, in metres.
    """

    def __init__(self, spread: PositionSpread):
        super().__init__()
        self.register_buffer("mean_m", torch.tensor(spread.mean_m, dtype=torch.float32))
        # A scene can be flat in one direction: a floor of 1 cm keeps that direction learnable.
        self.register_buffer("std_m", torch.tensor(spread.std_m, dtype=torch.float32).clamp(min=0.01))

    def forward(self, raw: Tensor) -> Tensor:
        """[B, 3] without unit -> [B, 3] metres."""
        return raw * self.std_m + self.mean_m


class PoseRegressor(nn.Module):
    """The end of every head: one dropout draw, then position and quaternion side by side."""

    def __init__(self, features: int, dropout: float, spread: PositionSpread):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.position = nn.Linear(features, 3)
        self.quaternion = nn.Linear(features, 4)
        self.position_scale = PositionScale(spread)

    def forward(self, features: Tensor) -> Pose:
        """[B, features] -> Pose. The quaternion keeps the length that the layer gives it: the loss sees it raw."""
        return self._regress(self.dropout(features))

    def sample(self, features: Tensor, generator: torch.Generator) -> Pose:
        """[B, features] -> Pose with dropout drawn from `generator` (on the CPU), in evaluation too."""
        kept = torch.empty(features.shape).bernoulli_(1 - self.dropout.p, generator=generator)
        return self._regress(features * kept.to(features.device) / (1 - self.dropout.p))

    def _regress(self, features: Tensor) -> Pose:
        # Poses are small and their precision matters: they leave the network in float32 under mixed precision too.
        with torch.autocast(features.device.type, enabled=False):
            features = features.float()
            return Pose(self.position_scale(self.position(features)), self.quaternion(features))


class FeatureLSTM(nn.Module):
    """PoseLSTM's layer [Walch et al. 2017, section 3.2]: the features as a grid, read along each axis in both ways.

    The four last hidden states are kept: a thousand correlated features become 1024 that are chosen together. The
    paper reads a grid of 32 x 64; with 1024 features, as in heads 1 and 2, it is 32 x 32.
    """

    ROWS, HIDDEN = 32, 256
    OUTPUTS = 4 * HIDDEN

    def __init__(self, features: int):
        super().__init__()
        self.columns = features // self.ROWS
        self.down = nn.LSTM(self.columns, self.HIDDEN, batch_first=True, bidirectional=True)
        self.across = nn.LSTM(self.ROWS, self.HIDDEN, batch_first=True, bidirectional=True)

    def forward(self, features: Tensor) -> Tensor:
        """[B, features] -> [B, 1024]."""
        # Not every device has LSTMs in 16 bits.
        with torch.autocast(features.device.type, enabled=False):
            grid = features.float().unflatten(1, (self.ROWS, self.columns))  # [B, 32, 32 or 64]
            _, (down, _) = self.down(grid)  # row by row: [2, B, 256], the last states of both ways
            _, (across, _) = self.across(grid.transpose(1, 2).contiguous())  # column by column: [2, B, 256]
            return torch.cat([*down, *across], dim=1)  # [B, 1024]


class AuxiliaryHead(nn.Module):
    """Heads 1 and 2, which bring gradient to the middle of the trunk in training.

    Args:
        any_size: the paper's pooling takes the 14 x 14 features of its 224 x 224 pixels to 4 x 4. Those of any other
            input are pooled to 4 x 4 as well, so that the layers after it have the same weights.
    """

    def __init__(
        self, channels: int, dropout: float, spread: PositionSpread, *, lstm: bool = False, any_size: bool = False
    ):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(4) if any_size else nn.AvgPool2d(kernel_size=5, stride=3)
        self.reduce = nn.Conv2d(channels, 128, kernel_size=1)
        self.fc = nn.Linear(2048, 1024)
        self.lstm = FeatureLSTM(1024) if lstm else nn.Identity()
        self.regressor = PoseRegressor(1024, dropout, spread)  # the LSTM too gives 1024

    def forward(self, x: Tensor) -> Pose:
        """[B, 512 or 528, 14, 14] -> Pose."""
        return self.regressor(self.features(x))

    def features(self, x: Tensor) -> Tensor:
        """[B, 512 or 528, 14, 14] -> [B, 1024]: all of the head but dropout and the last layers."""
        x = torch.relu(self.reduce(self.pool(x)))  # [B, 128, 4, 4]
        x = torch.relu(self.fc(x.flatten(1)))  # [B, 2048] -> [B, 1024]
        return self.lstm(x)


class MainHead(nn.Module):
    """Head 3, the one that is used after training; its 2048-feature layer is PoseNet's addition to GoogLeNet."""

    def __init__(self, channels: int, dropout: float, spread: PositionSpread, *, lstm: bool = False):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, 2048)
        self.lstm = FeatureLSTM(2048) if lstm else nn.Identity()
        self.regressor = PoseRegressor(FeatureLSTM.OUTPUTS if lstm else 2048, dropout, spread)

    def forward(self, x: Tensor) -> Pose:
        """[B, channels, 7, 7] -> Pose."""
        return self.regressor(self.features(x))

    def features(self, x: Tensor) -> Tensor:
        """[B, channels, 7, 7] -> [B, 2048, or 1024 with the LSTM]: all of the head but dropout and the last layers."""
        x = self.pool(x).flatten(1)  # [B, channels]
        return self.lstm(torch.relu(self.fc(x)))  # [B, 2048] -> [B, 1024]
