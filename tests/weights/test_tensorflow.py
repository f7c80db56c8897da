"""The TensorFlow port: its layers compute here what they did there."""

import numpy as np
import torch

from posenet_lib.models.posenet import PoseNet
from posenet_lib.weights.pretrained import load_pretrained
from tests.support.weight_files import (
    tensorflow_arrays,
)


@torch.no_grad()
def test_tensorflow_layers_compute_what_they_did_there(files):
    model = PoseNet().eval()
    load_pretrained(model, files / "posenet.npy")
    layers = tensorflow_arrays()
    rng = np.random.default_rng(0)
    # A convolution over HWC, by hand at one place of a 3x3.
    x = rng.normal(size=(5, 5, 96)).astype(np.float32)
    by_hand = np.einsum("hwi,hwio->o", x[1:4, 1:4], layers["icp1_out1"]["weights"]) + layers["icp1_out1"]["biases"]
    ours = model.trunk.inception3a.branch2[1][0](torch.tensor(x).permute(2, 0, 1)[None])[0, :, 2, 2]
    np.testing.assert_allclose(ours, by_hand, rtol=1e-3, atol=1e-4)
    # The auxiliary head's fully connected layer over an HWC flatten.
    x = rng.normal(size=(4, 4, 128)).astype(np.float32)
    by_hand = x.reshape(-1) @ layers["cls2_fc1"]["weights"] + layers["cls2_fc1"]["biases"]
    ours = model.aux2.fc(torch.tensor(x).permute(2, 0, 1).reshape(1, -1))[0]
    np.testing.assert_allclose(ours, by_hand, rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(model.main.fc.weight, layers["cls3_fc1_pose"]["weights"].T)
    for number, block in enumerate(("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"), start=1):
        projection = getattr(model.trunk, f"inception{block}").branch4[1][0]
        np.testing.assert_array_equal(projection.bias, layers[f"icp{number}_out3"]["biases"])
