"""Dense test crops: where they lie, and the mean over their answers."""

import numpy as np
import pytest
import torch

from posenet_lib.core.config import PredictConfig
from posenet_lib.data.crop_turn import turned_with_crop
from posenet_lib.data.transforms import CROP
from posenet_lib.evaluation.dense_crops import dense_corners
from posenet_lib.evaluation.predict import predict_batch
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput


class PlacePredictor(torch.nn.Module):
    """Answers with the brightness of the crop's first pixel, so that each crop is known by its answer."""

    def __init__(self):
        super().__init__()
        self.image_size, self.crop, self.anchor = CROP, "square", torch.nn.Parameter(torch.zeros(1))

    def forward(self, images):
        value = images[:, 0, 0, 0]
        flip = torch.where(torch.arange(len(value)) % 2 == 0, 1.0, -1.0)  # q and -q are one rotation
        quaternion_wxyz = torch.tensor([[0.6, 0.8, 0.0, 0.0]]) * flip[:, None]
        return PoseNetOutput(Pose(value[:, None].repeat(1, 3), quaternion_wxyz), None, None)


@pytest.mark.parametrize(("size", "grid"), [((256, 455), (4, 32)), ((455, 256), (32, 4)), ((256, 256), (8, 16))])
def test_dense_crops_cover_the_photo_evenly(size, grid):
    corners = dense_corners(*size, 128)
    tops, lefts = sorted({c.top for c in corners}), sorted({c.left for c in corners})
    assert len(corners) == len(set(corners)) == 128
    assert (len(tops), len(lefts)) in (grid, grid[::-1]) if size[0] == size[1] else (len(tops), len(lefts)) == grid
    for places, room in ((tops, size[0] - CROP), (lefts, size[1] - CROP)):
        assert (places[0], places[-1]) == (0, room)
        assert np.ptp(np.diff(places)) <= 1
    assert dense_corners(224, 224, 2) == [(0, 0), (0, 0)]


def test_dense_is_the_mean_over_crops():
    photo = torch.zeros(1, 226, 300, 3, dtype=torch.uint8)
    photo[0, :, :, 0] = torch.arange(300)[None].clamp(max=255)
    how = PredictConfig(test_time="dense", crops=8)
    found = predict_batch(PlacePredictor(), photo, torch.zeros(226, 300, 3), how, torch.Generator()).poses
    levels = [c.left for c in dense_corners(226, 300, 8)]
    assert found.position_m[0, 0] == pytest.approx(np.mean([(v / 255 - 0.5) / 0.5 for v in levels]), abs=1e-6)
    np.testing.assert_allclose(found.quaternion_wxyz, [[0.6, 0.8, 0, 0]], atol=1e-7)


def test_dense_turns_each_crop_back_if_poses_turned_with_crops_in_training():
    """A network that answers each crop as training labels it: then the mean must be the photo's own pose."""
    true_wxyz = quaternion.canonical_sign(quaternion.normalise(np.array([0.5, -0.6, 0.4, 0.3])))
    corners = dense_corners(256, 455, 8)
    labels = turned_with_crop(np.tile(true_wxyz, (8, 1)), corners, (256, 455, 3), 330.0)
    assert quaternion.angle_deg(labels, true_wxyz).max() > 10

    class AnswersLabels(PlacePredictor):
        def forward(self, images):
            return PoseNetOutput(Pose(torch.zeros(8, 3), torch.tensor(labels).float()), None, None)

    photo, mean = torch.zeros(1, 256, 455, 3, dtype=torch.uint8), torch.zeros(256, 455, 3)
    how = PredictConfig(test_time="dense", crops=8)
    found = predict_batch(AnswersLabels(), photo, mean, how, torch.Generator(), focal_px=330.0).poses
    assert quaternion.angle_deg(found.quaternion_wxyz, true_wxyz[None])[0] < 1e-3
