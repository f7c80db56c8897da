"""PoseNet: a trunk with heads that regress the camera's pose.

Kendall, Grimes, Cipolla, "PoseNet: A Convolutional Network for Real-Time 6-DOF Camera Relocalization", ICCV 2015,
section 3: GoogLeNet's three softmax classifiers become pose regressors, and a fully connected layer of 2048 features
is inserted before the last one. Its successors exchange the trunk or the heads (`TrainConfig.trunk`, `.head`).
"""

from typing import NamedTuple

from torch import Generator, Tensor, nn

from posenet_lib.core.choices import TRUNKS, find
from posenet_lib.core.config import PAPER_SIZE, TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.poses import Pose, PositionSpread
from posenet_lib.models.heads import AuxiliaryHead, MainHead, PoseRegressor


class PoseNetOutput(NamedTuple):
    """All heads' predictions. In evaluation only the main head is computed, and the other two are None.

    ResNet and EfficientNet have the main head alone: then the other two are None in training too.
    """

    main: Pose
    aux1: Pose | None  # reads after inception 4a
    aux2: Pose | None  # reads after inception 4d


class PoseNet(nn.Module):
    """The whole network.

    Args:
        spread: mean and standard deviation of the scene's training positions.
        trunk: one of `choices.TRUNKS`. A trunk maps images to a named tuple of features, the deepest last. It has
            `channels`, of the deepest features, and `aux_channels`, of those before it that auxiliary heads read.
        head: one of `config.HEADS`; the same kind for all.
        dropout: of the main head, 0.5 as in the released model.
        aux_dropout: of heads 1 and 2.
        image_size: pixels along the shorter side of the images, 224 in the paper; the weights have the same shapes at
            every size.
        crop: what part of a photo the images show, one of `config.CROPS`; wide ones have more pixels along the longer
            side.

    Shapes: images [B, 3, 224, 224] -> `PoseNetOutput`; positions in metres, quaternions raw.

    Raises:
        WorkbookError: there is no such trunk or head.
    """

    def __init__(
        self,
        spread: PositionSpread | None = None,
        *,
        trunk: str = TrainConfig.trunk,
        head: str = TrainConfig.head,
        dropout: float = TrainConfig.dropout,
        aux_dropout: float = TrainConfig.aux_dropout,
        image_size: int = PAPER_SIZE,
        crop: str = "square",
    ):
        super().__init__()
        TrainConfig(trunk=trunk, head=head)  # raises for what there is not
        spread, lstm = spread or PositionSpread(), head == "poselstm"
        self.trunk = find(TRUNKS[trunk])()
        self.image_size, self.crop = image_size, crop
        any_size = (image_size, crop) != (PAPER_SIZE, "square")
        auxiliary = [
            AuxiliaryHead(channels, aux_dropout, spread, lstm=lstm, any_size=any_size)
            for channels in self.trunk.aux_channels
        ]
        self.aux1, self.aux2 = auxiliary or (None, None)
        self.main = MainHead(self.trunk.channels, dropout, spread, lstm=lstm)
        self.apply(_initialise)

    @classmethod
    def from_config(cls, config: TrainConfig, spread: PositionSpread | None = None) -> "PoseNet":
        """The network that the settings describe, with fresh weights."""
        return cls(
            spread,
            trunk=config.trunk,
            head=config.head,
            dropout=config.dropout,
            aux_dropout=config.aux_dropout,
            image_size=config.input_size,
            crop=config.input_crop,
        )

    def forward(self, images: Tensor) -> PoseNetOutput:
        """[B, 3, 224, 224] -> six tensors in training, two in evaluation (`model.training` decides)."""
        features = self.trunk(images)
        main = self.main(features[-1])  # the deepest
        if not self.training or self.aux1 is None:
            return PoseNetOutput(main, None, None)
        return PoseNetOutput(main, self.aux1(features.after_4a), self.aux2(features.after_4d))

    def sample_poses(self, images: Tensor, count: int, generator: Generator) -> list[Pose]:
        """`count` answers of the main head for [B, 3, 224, 224], each with dropout drawn anew (Monte-Carlo dropout).

        Dropout comes after everything but the last two layers, so trunk and head are computed once.

        Raises:
            WorkbookError: the network was trained without dropout, so that all answers would be the same.
        """
        if self.main.regressor.dropout.p == 0:
            raise WorkbookError("this network was trained with dropout 0, so Monte-Carlo dropout has nothing to draw")
        features = self.main.features(self.trunk(images)[-1])
        return [self.main.regressor.sample(features, generator) for _ in range(count)]


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
