"""PoseNet: GoogLeNet's trunk with three heads that regress the camera's pose.

Kendall, Grimes, Cipolla, "PoseNet: A Convolutional Network for Real-Time 6-DOF Camera Relocalization", ICCV 2015,
section 3: GoogLeNet's three softmax classifiers become pose regressors, and a fully connected layer of 2048 features
is inserted before the last one.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from posenet_lib.googlenet import GoogLeNet


class Pose(NamedTuple):
    """A batch of camera poses, predicted or true. Convention: see `posenet_lib.quaternion`."""

    position_m: Tensor  # [B, 3] camera centre in the scene's frame, metres
    quaternion_wxyz: Tensor  # [B, 4] world to camera; raw (any length) as the network predicts it


class PoseNetOutput(NamedTuple):
    """All heads' predictions. In evaluation only the main head is computed, and the other two are None."""

    main: Pose
    aux1: Pose | None  # reads after inception 4a
    aux2: Pose | None  # reads after inception 4d


class PositionSpread(NamedTuple):
    """Where a scene's training cameras are, axis by axis; the default leaves positions as the head regresses them."""

    mean_m: Sequence[float] = (0.0, 0.0, 0.0)
    std_m: Sequence[float] = (1.0, 1.0, 1.0)


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
        features = self.dropout(features)
        # Poses are small and their precision matters: they leave the network in float32 under mixed precision too.
        with torch.autocast(features.device.type, enabled=False):
            features = features.float()
            return Pose(self.position_scale(self.position(features)), self.quaternion(features))


class AuxiliaryHead(nn.Module):
    """Heads 1 and 2, which bring gradient to the middle of the trunk in training."""

    def __init__(self, channels: int, dropout: float, spread: PositionSpread):
        super().__init__()
        self.pool = nn.AvgPool2d(kernel_size=5, stride=3)
        self.reduce = nn.Conv2d(channels, 128, kernel_size=1)
        self.fc = nn.Linear(2048, 1024)
        self.regressor = PoseRegressor(1024, dropout, spread)

    def forward(self, x: Tensor) -> Pose:
        """[B, 512 or 528, 14, 14] -> Pose."""
        x = torch.relu(self.reduce(self.pool(x)))  # [B, 128, 4, 4]
        x = torch.relu(self.fc(x.flatten(1)))  # [B, 2048] -> [B, 1024]
        return self.regressor(x)


class MainHead(nn.Module):
    """Head 3, the one that is used after training; its 2048-feature layer is PoseNet's addition to GoogLeNet."""

    def __init__(self, channels: int, dropout: float, spread: PositionSpread):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, 2048)
        self.regressor = PoseRegressor(2048, dropout, spread)

    def forward(self, x: Tensor) -> Pose:
        """[B, 1024, 7, 7] -> Pose."""
        x = self.pool(x).flatten(1)  # [B, 1024]
        x = torch.relu(self.fc(x))  # [B, 2048]
        return self.regressor(x)


class PoseNet(nn.Module):
    """The whole network.

    Args:
        spread: mean and standard deviation of the scene's training positions.
        batch_norm: the modern trunk, which trains from scratch far faster than the plain one.
        dropout: of the main head; 0.5 as in the released model.
        aux_dropout: of heads 1 and 2.

    Shapes: images [B, 3, 224, 224] -> `PoseNetOutput`; positions in metres, quaternions raw.
    """

    def __init__(
        self,
        spread: PositionSpread | None = None,
        *,
        batch_norm: bool = False,
        dropout: float = 0.5,
        aux_dropout: float = 0.7,
    ):
        super().__init__()
        spread = spread or PositionSpread()
        self.trunk = GoogLeNet(batch_norm=batch_norm)
        self.aux1 = AuxiliaryHead(512, aux_dropout, spread)
        self.aux2 = AuxiliaryHead(528, aux_dropout, spread)
        self.main = MainHead(1024, dropout, spread)
        self.apply(_initialise)

    def forward(self, images: Tensor) -> PoseNetOutput:
        """[B, 3, 224, 224] -> six tensors in training, two in evaluation (`model.training` decides)."""
        features = self.trunk(images)
        main = self.main(features.after_5b)
        if not self.training:
            return PoseNetOutput(main, None, None)
        return PoseNetOutput(main, self.aux1(features.after_4a), self.aux2(features.after_4d))


def _initialise(module: nn.Module) -> None:
    """Convolutions and fully connected layers: He; the regressors as in the released model, in scaled metres.

    The released model draws position weights from N(0, 0.5). Its trunk is pretrained and its positions are metres;
    ours leave the layer divided by the scene's spread (see PositionScale), so 0.5 would start many scene widths off.
    """
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    if isinstance(module, PoseRegressor):
        nn.init.normal_(module.position.weight, std=0.01)
        nn.init.normal_(module.quaternion.weight, std=0.01)
        nn.init.zeros_(module.position.bias)
        nn.init.zeros_(module.quaternion.bias)
