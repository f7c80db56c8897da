"""The handout's way, as the public copies of the assignment go it: Pillow and torchvision, photo by photo, every epoch.

Fair to it: float32 (copies that train in float64 take twice as long), and each photo decoded once an epoch.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from posenet_lib.data.dataset import PoseSample
from posenet_lib.data.transforms import CROP
from posenet_lib.scenes.pose_list import PoseRecord
from posenet_lib.training.losses.parts import PoseLoss


def mean_image(records: Sequence[PoseRecord]) -> np.ndarray:
    """(H, W, 3) float32 in 0..255, one photo after the other."""
    resize, total = transforms.Resize(256), 0.0
    for record in records:
        total = total + np.asarray(resize(Image.open(record.image_path).convert("RGB")), dtype=np.float64)
    return (total / len(records)).astype(np.float32)


class HandoutDataset(Dataset):
    """Decode, resize, subtract the mean image, crop, normalise: one photo at a time, in every epoch anew."""

    def __init__(self, records: Sequence[PoseRecord], mean_image: np.ndarray):
        self.records, self.mean_image = records, mean_image
        self.resize = transforms.Resize(256)
        self.to_input = transforms.Compose(
            [transforms.RandomCrop(CROP), transforms.Normalize(mean=[0.5] * 3, std=[0.5] * 3)]
        )

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, index: int) -> PoseSample:
        record = self.records[index]
        photo = np.asarray(self.resize(Image.open(record.image_path).convert("RGB")), dtype=np.float32)
        image = self.to_input(transforms.functional.to_tensor((photo - self.mean_image) / 255))
        position_m, quaternion_wxyz = (torch.from_numpy(x).float() for x in (record.position_m, record.quaternion_wxyz))
        return PoseSample(image, position_m, quaternion_wxyz)


def loader(records: Sequence[PoseRecord], mean_image: np.ndarray, batch_size: int) -> DataLoader:
    """A plain one."""
    return DataLoader(HandoutDataset(records, mean_image), batch_size, shuffle=True)


def training_step(
    model: nn.Module, loss: PoseLoss, device: torch.device | str = "cpu"
) -> Callable[[PoseSample], Tensor]:
    """A batch -> its loss, after one step with Adam in float32."""
    model = model.to(device).train()
    optimizer = torch.optim.Adam(model.parameters())

    def step(batch: PoseSample) -> Tensor:
        batch = PoseSample(*(part.to(device) for part in batch))
        optimizer.zero_grad()
        value = loss(model(batch.image), batch.pose)
        value.backward()
        optimizer.step()
        return value.detach()

    return step
