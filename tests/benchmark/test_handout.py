"""The handout's way is the same work as ours."""

import numpy as np
import torch

from posenet_lib.benchmark import handout
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.transforms import CROP
from posenet_lib.scenes.photo_store import open_store


def test_both_ways_give_the_same_numbers(setup):
    """The handout's mean image, and its inputs when it happens to take the centre crop."""
    records = setup.sets[setup.first]
    mean_image = handout.mean_image(records)
    store = open_store(records, setup.folder, "train", show_progress=False)
    np.testing.assert_allclose(mean_image, store.pixels.mean(axis=0, dtype=np.float64), atol=1e-4)
    plain = handout.HandoutDataset(records, mean_image)
    plain.to_input.transforms[0] = lambda image: image[:, 16:240, 115:339]
    ours = PoseDataset(store, records, mean_image)
    for index in range(len(records)):
        sample = plain[index]
        assert sample.image.shape == (3, CROP, CROP)
        torch.testing.assert_close(ours[index].image, sample.image, atol=1e-6, rtol=0)
        assert torch.equal(ours[index].position_m, sample.position_m)
        assert torch.equal(ours[index].quaternion_wxyz, sample.quaternion_wxyz)
