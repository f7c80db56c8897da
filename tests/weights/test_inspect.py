"""`posenet weights inspect`: what a file is."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from posenet_lib.cli import main
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


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A run's folder with a checkpoint of a network that is like no fresh one."""
    folder = tmp_path_factory.mktemp("run")
    spread = PositionSpread((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    state = randomised(PoseNet(spread, batch_norm=True), 5).state_dict()
    mean_image = np.zeros((256, 256, 3), np.float32)
    save_checkpoint(folder / BEST, Checkpoint(TrainConfig(batch_norm=True), "SomeCourt", spread, mean_image, state))
    return folder


def test_inspect_says_what_a_file_is(files, run, tmp_path, capsys):
    (tmp_path / "page.zip").write_text("<!DOCTYPE html><html><body>Not found</body></html>")
    (tmp_path / "pointer.pickle").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:1588\nsize 124794267\n"
    )
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    np.savez(tmp_path / "arrays.npz", a=np.zeros(3))
    np.save(tmp_path / "mean.npy", np.zeros((4, 4, 3)))
    save_file({"w": torch.zeros(3)}, tmp_path / "other.safetensors")
    for path, words in {
        files / "places-googlenet.pickle": "GoogLeNet trained on Places.*128 arrays, 10,933,655.*--trunk googlenet ",
        files / "posenet.npy": "TensorFlow port.*136 arrays.*--trunk googlenet ",
        files / "googlenet.pth": "torchvision's GoogLeNet.*364 arrays, 13,0.*--trunk googlenet-bn ",
        run / BEST: "a network of this workbook, trained on SomeCourt.*--trunk googlenet-bn ",
        COURT / "dataset_test.txt": "a scene's pose list with 96 photos",
        tmp_path / "page.zip": "a web page",
        tmp_path / "pointer.pickle": "a Git LFS pointer",
        tmp_path / "half.zip": "damaged or cut off",
        tmp_path / "arrays.npz": r"NumPy arrays as \.npz",
        tmp_path / "other.safetensors": "arrays of no known network",
        COURT / "walk01" / "frame00001.jpg": "no kind of weight file",
    }.items():
        assert main(["weights", "inspect", str(path)]) == 0, path
        text = " ".join(capsys.readouterr().out.split())
        assert re.search(words, text), text
    assert main(["weights", "inspect", str(tmp_path / "mean.npy")]) == 2
    assert "a NumPy array of shape (4, 4, 3)" in capsys.readouterr().err
    assert main(["weights", "inspect", str(tmp_path)]) == 2
    assert "a folder" in capsys.readouterr().err
    assert main(["weights", "inspect", "--keys", str(files / "posenet.npy")]) == 0
    assert "icp9_out2/weights" in capsys.readouterr().out
