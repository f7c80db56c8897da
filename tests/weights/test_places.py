"""GoogLeNet trained on Places: every layer where it belongs."""

import numpy as np
import torch

from posenet_lib.models.posenet import PoseNet
from posenet_lib.weights.pretrained import load_pretrained
from tests.support.weight_files import (
    places_arrays,
)


def test_places_every_layer_is_where_it_belongs(files):
    model = PoseNet()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    report = load_pretrained(model, files / "places-googlenet.pickle")
    state, arrays = model.state_dict(), places_arrays()
    assert len(arrays) == 128
    for theirs, ours in {
        "conv2/3x3_reduce": "trunk.stem.3.0",
        "conv2/3x3": "trunk.stem.4.0",
        "inception_3a/1x1": "trunk.inception3a.branch1.0",
        "inception_4d/3x3_reduce": "trunk.inception4d.branch2.0.0",
        "inception_4d/3x3": "trunk.inception4d.branch2.1.0",
        "inception_5b/5x5_reduce": "trunk.inception5b.branch3.0.0",
        "inception_5b/5x5": "trunk.inception5b.branch3.1.0",
        "inception_4e/pool_proj": "trunk.inception4e.branch4.1.0",
        "loss1/conv": "aux1.reduce",
        "loss1/fc": "aux1.fc",
        "loss2/conv": "aux2.reduce",
        "loss2/fc": "aux2.fc",
    }.items():
        np.testing.assert_array_equal(state[f"{ours}.weight"], arrays[f"{theirs}_0"], theirs)
        np.testing.assert_array_equal(state[f"{ours}.bias"], arrays[f"{theirs}_1"], theirs)
    assert set(report.unused) == {f"loss{k}/classifier_{part}" for k in (1, 2, 3) for part in (0, 1)}
    assert set(report.loaded) | set(report.fresh) == set(state)
    assert not set(report.loaded) & set(report.fresh)
    assert {name for name in state if not torch.equal(state[name], before[name])} == set(report.loaded)
    assert all(name.startswith(("main.", "aux")) for name in report.fresh)
    text = str(report)
    for words in (
        "122 tensors: the whole trunk",
        "main.fc: PoseNet's and PoseLSTM's own layers",
        "loss3/classifier: classifiers answer with",
    ):
        assert words in " ".join(text.split())
