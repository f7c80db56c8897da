import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:
    """The loss of one head: position error + beta * orientation error, averaged over the batch.

    For one photo: ||x_i - x|| + beta * ||q_i - q / ||q|| ||, where (x_i, q_i) is predicted and (x, q) is true. All
    norms are Euclidean lengths (Kendall et al. 2015, equation 2).

    Args:
        predicted: position_m [B, 3] in metres, quaternion_wxyz [B, 4] raw, of any length: used as it is.
        target: position_m [B, 3] in metres, quaternion_wxyz [B, 4], perhaps not of length 1: normalise it here.
        beta: how many metres one unit of quaternion error counts.

    Returns:
        A scalar tensor (shape ()) that gradients can flow through. The arguments stay unchanged.
    """
    length = torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)  # [B, 1]
    unit_wxyz = target.quaternion_wxyz / length
    position_error = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)  # [B]
    orientation_error = torch.linalg.vector_norm(predicted.quaternion_wxyz - unit_wxyz, dim=1)  # [B]
    return (position_error + beta * orientation_error).mean()
