"""How far the scene's points move in the photo when the camera is put where the network says.

Kendall, Cipolla, "Geometric loss functions for camera pose regression with deep learning", CVPR 2017, section 3.3.3:
pixels weigh position against rotation, for each photo as its own distances ask for.
"""

import torch
from torch import Tensor, nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.scenes.points import VisiblePoints, visible_points
from posenet_lib.training.losses.learned_weighting import learned
from posenet_lib.training.losses.parts import LossParts
from posenet_lib.training.losses.scene_loss import SceneLoss

_NEAREST = 0.25  # no point comes nearer to the predicted camera than this share of its true depth
# Points nearer than this share of their photo's median depth do not count: the photo does not show them where it is
# shown as from further ahead, and a millimetre of the prediction would be many pixels there.
_COUNTS = 0.1


class Reprojection(SceneLoss):
    """First another loss, then mean pixel distance.

    From a fresh network the pixel distance teaches nothing: its points lie behind the camera. The paper begins with
    the learned weighting for that reason.

    Args:
        visible: points of the training photos, and the focal length.
        before: the loss of the run's first part.
        after: share of the run at which pixels take over.
    """

    def __init__(self, visible: VisiblePoints, before: nn.Module, after: float):
        super().__init__()
        self.points_m, self.focal_px = visible
        self.before, self.after = before, after

    def forward(self, output: PoseNetOutput, target: Pose, points_m: Tensor, progress: float) -> Tensor:
        """Scalar: pixels, the mean of all heads, once `before` has had its part of the run."""
        if progress < self.after:
            return self.before(output, target)
        heads = [pose for pose in output if pose is not None]
        return torch.stack([pixel_distance(pose, target, points_m, self.focal_px) for pose in heads]).mean()


def reprojection(parts: LossParts) -> Reprojection:
    """Of `choices.LOSSES`; the learned weighting comes first.

    Raises:
        WorkbookError: nobody knows the scene's geometry.
    """
    return Reprojection(visible_points(parts.scene), learned(parts), parts.config.reprojection_after)


def pixel_distance(predicted: Pose, target: Pose, points_m: Tensor, focal_px: float) -> Tensor:
    """Mean distance in the photo between points seen from the predicted and from the true pose, a scalar.

    The paper sums both coordinates' differences; here it is the length, as one reads it off the photo. Points that
    are NaN do not count.
    """
    known = points_m.isfinite().all(dim=-1)  # [B, P]
    points_m = torch.where(known[..., None], points_m, 0.0)
    there, here = (_to_camera(points_m, pose) for pose in (target, predicted))  # [B, P, 3] each
    true_depth = there[..., 2:]
    usual = torch.where(known[..., None], true_depth, torch.nan).nanmedian(dim=1, keepdim=True).values
    known = known & (true_depth > _COUNTS * usual.clamp(min=0))[..., 0]
    true_depth = torch.where(known[..., None], true_depth, 1.0)
    depth = torch.maximum(here[..., 2:], _NEAREST * true_depth)  # behind the camera a pixel has no meaning
    apart = focal_px * (here[..., :2] / depth - there[..., :2] / true_depth)
    distance = torch.linalg.vector_norm(torch.where(known[..., None], apart, 0.0), dim=-1)
    return distance.sum() / known.sum().clamp(min=1)


def _to_camera(points_m: Tensor, pose: Pose) -> Tensor:
    """World to camera, [B, P, 3] -> [B, P, 3]: `R(q) (X - x)`; the quaternion may have any length but 0."""
    q = nn.functional.normalize(pose.quaternion_wxyz, dim=-1)[:, None]  # [B, 1, 4]
    offset = points_m - pose.position_m[:, None]
    w, axis = q[..., :1], q[..., 1:].expand_as(offset)
    twist = 2 * torch.linalg.cross(axis, offset)
    return offset + w * twist + torch.linalg.cross(axis, twist)
