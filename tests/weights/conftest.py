"""A weight file of each kind, a photo with its mean image, and a run of our own."""

from pathlib import Path

import numpy as np
import pytest
import torch

from posenet_lib.core.config import TrainConfig
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.resizing import resize_smaller_side
from tests.support.places import COURT
from tests.support.weight_files import (
    places_arrays,
    python2_npy,
    python2_pickle,
    randomised,
    tensorflow_arrays,
    torchvision_googlenet,
    write,
)


@pytest.fixture(scope="session")
def files(tmp_path_factory) -> Path:
    """One file of each kind."""
    folder = tmp_path_factory.mktemp("weights")
    write(folder / "places-googlenet.pickle", python2_pickle(places_arrays()))
    write(folder / "posenet.npy", python2_npy(tensorflow_arrays()))
    state = torchvision_googlenet().state_dict()
    torch.save(state, folder / "googlenet.pth", _use_new_zipfile_serialization=False)
    torch.save(state, folder / "googlenet-new.pth")
    return folder


@pytest.fixture(params=["practice court", "red kitchen"])
def photo(request) -> torch.Tensor:
    """A real photo, (256, W, 3) uint8."""
    if request.param == "practice court":
        path = COURT / "walk01" / "frame00001.jpg"
    else:
        path = request.getfixturevalue("shared_data") / "redkitchen" / "frame-000000.color.jpg"
    return torch.tensor(np.array(resize_smaller_side(open_photo(path))))


@pytest.fixture
def mean_image(photo) -> torch.Tensor:
    """Something like a mean image: other at each pixel and in each channel."""
    height, width, _ = photo.shape
    rows, columns = torch.linspace(60, 180, height)[:, None, None], torch.linspace(-20, 20, width)[None, :, None]
    return rows + columns + torch.tensor([10.0, 0.0, -15.0])


@pytest.fixture(scope="session")
def run(tmp_path_factory) -> Path:
    """A run's folder with a checkpoint of a network that is like no fresh one."""
    folder = tmp_path_factory.mktemp("run")
    spread = PositionSpread((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    state = randomised(PoseNet(spread, trunk="googlenet-bn"), 5).state_dict()
    mean_image = np.zeros((256, 256, 3), np.float32)
    save_checkpoint(
        folder / BEST, Checkpoint(TrainConfig(trunk="googlenet-bn"), "SomeCourt", spread, mean_image, state)
    )
    return folder
