"""After each epoch: the loss and the errors on held-out training photos, by which the epoch is chosen."""

import torch

from posenet_lib.data.dataset import PoseDataset
from posenet_lib.evaluation.errors import Summary, pose_errors, summarise
from posenet_lib.evaluation.predict import predict
from posenet_lib.geometry.poses import Pose, PoseArray
from posenet_lib.models.posenet import PoseNet, PoseNetOutput
from posenet_lib.training.losses.parts import PoseLoss


def judge_held_out(model: PoseNet, dataset: PoseDataset, loss: PoseLoss, device: torch.device) -> tuple[float, Summary]:
    """The judging loss (main head alone, centre crop) and the errors."""
    return judge_poses(predict(model, dataset, device=device), dataset, loss, device)


@torch.no_grad()
def judge_poses(
    predicted: PoseArray, dataset: PoseDataset, loss: PoseLoss, device: torch.device
) -> tuple[float, Summary]:
    """The same for poses that are predicted already, one for each photo of the data set."""
    true = PoseArray(dataset.position_m.double().numpy(), dataset.quaternion_wxyz.double().numpy())
    as_tensors = [torch.tensor(array, dtype=torch.float32, device=device) for array in predicted]
    target = Pose(dataset.position_m.to(device), dataset.quaternion_wxyz.to(device))
    value = loss(PoseNetOutput(Pose(*as_tensors), None, None), target)
    return float(value), summarise(pose_errors(predicted, true))
