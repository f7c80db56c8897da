"""Pretrained weights: every format comes into the right layers with the right numbers, and says what it did."""

import dataclasses
import pickle
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from make_weight_files import (
    places_arrays,
    python2_npy,
    python2_pickle,
    randomised,
    tensorflow_arrays,
    torchvision_googlenet,
    write,
)
from posenet_lib.scenes.resizing import resize_smaller_side
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

from posenet_lib.cli import main
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.transforms import CROP, Corner, network_input
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, load_checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.scene import load_scene
from posenet_lib.training.fit import fit
from posenet_lib.weights import input_convention as conventions
from posenet_lib.weights.inspect import inspect_file
from posenet_lib.weights.pretrained import load_pretrained

COURT = Path(__file__).resolve().parent.parent / "data" / "PracticeCourt"
MEAN = torch.tensor([0.485, 0.456, 0.406])  # ImageNet's, typed in from torchvision's documentation
STD = torch.tensor([0.229, 0.224, 0.225])


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


def inside(outputs: torch.Tensor) -> torch.Tensor:
    """Without the places that padding reaches: a 7x7 convolution with stride 2 and padding 3."""
    return outputs[..., 2:-2, 2:-2]


def assert_same(found: torch.Tensor, expected: torch.Tensor) -> None:
    assert (found - expected).abs().max() <= 1e-4 * expected.abs().max()


def seen_by(source: str, photo: torch.Tensor, mean: torch.Tensor) -> torch.Tensor:
    """What the source's network was fed, written down from its own description, [1, 3, 224, 224].

    Args:
        mean: what its author subtracts, 0..255: our scene's mean image stands there.
    """
    centred = (photo.float() - mean)[16 : 16 + CROP, 50 : 50 + CROP].movedim(-1, 0)[None]
    if source == "caffe":
        return centred
    if source == "tensorflow":
        return centred.flip(1)  # BGR
    normalised = centred / 255 / STD.view(1, 3, 1, 1)  # (v / 255 - mean) / std
    if source == "resnet":
        return normalised
    # GoogLeNet.transform_input, channel by channel
    channels = [normalised[:, c] * (STD[c] / 0.5) + (MEAN[c] - 0.5) / 0.5 for c in range(3)]
    return torch.stack(channels, dim=1)


def first_convolution(source: str, files: Path) -> tuple[nn.Module, torch.Tensor]:
    """-> (our first layer up to where both can be compared, the source's layer's outputs as a function)."""
    if source == "caffe":
        model = PoseNet()
        load_pretrained(model, files / "places-googlenet.pickle")
        weight, bias = (torch.tensor(places_arrays()[f"conv1/7x7_s2_{part}"]) for part in (0, 1))
        return model.trunk.stem[0][0], lambda x: F.conv2d(x, weight, bias, stride=2, padding=3)
    if source == "tensorflow":
        model = PoseNet()
        load_pretrained(model, files / "posenet.npy")
        conv1 = tensorflow_arrays()["conv1"]
        weight = torch.tensor(conv1["weights"].transpose(3, 2, 0, 1).copy())
        return model.trunk.stem[0][0], lambda x: F.conv2d(x, weight, torch.tensor(conv1["biases"]), stride=2, padding=3)
    if source == "googlenet":
        model = PoseNet(batch_norm=True).eval()
        load_pretrained(model, files / "googlenet.pth")
        theirs = torchvision_googlenet().conv1
        convolution, normalised_relu = model.trunk.stem[0]
        normalise = nn.BatchNorm2d(64, eps=normalised_relu.eps).eval()  # alone: what is below zero is compared too
        normalise.load_state_dict(normalised_relu.state_dict())
        return nn.Sequential(convolution, normalise), lambda x: theirs.bn(theirs.conv(x))
    theirs = randomised(resnet(18), 3)
    ours = PoseNet(trunk="resnet18").eval()
    torch.save(theirs.state_dict(), files / "resnet18.pth")
    load_pretrained(ours, files / "resnet18.pth")
    return nn.Sequential(ours.trunk.conv1, ours.trunk.bn1), lambda x: theirs.bn1(theirs.conv1(x))


def resnet(depth: int) -> nn.Module:
    import torchvision

    return getattr(torchvision.models, f"resnet{depth}")(weights=None)


@pytest.mark.parametrize("source", ["caffe", "tensorflow", "googlenet", "resnet"])
@torch.no_grad()
def test_first_convolution_answers_as_the_sources_does(source, files, photo, mean_image):
    ours, theirs = first_convolution(source, files)
    found = ours(network_input(photo, mean_image, Corner(16, 50))[None])
    assert_same(inside(found), inside(theirs(seen_by(source, photo, mean_image))))
    # With ImageNet's own mean in place of a mean image, it is torchvision's preprocessing to the letter.
    constant = (255 * MEAN).expand(photo.shape)
    found = ours(network_input(photo, constant, Corner(16, 50))[None])
    assert_same(inside(found), inside(theirs(seen_by(source, photo, constant))))


@torch.no_grad()
def test_without_folding_the_features_are_lost(files, photo, mean_image):
    """Why all of this is done: the same weights on our input, as they are, answer something else."""
    _, theirs = first_convolution("caffe", files)
    expected = theirs(seen_by("caffe", photo, mean_image))
    unfolded = theirs(network_input(photo, mean_image, Corner(16, 50))[None])
    assert torch.nn.functional.cosine_similarity(inside(expected).flatten(), inside(unfolded).flatten(), dim=0) < 0.99
    assert inside(unfolded).std() < 0.05 * inside(expected).std()


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


def test_channel_order_is_an_argument(files):
    weight = torch.randn(4, 3, 7, 7)
    rgb, bgr = (convention.fold(weight) for convention in (conventions.CAFFE_RGB, conventions.CAFFE_BGR))
    torch.testing.assert_close(bgr.weight, rgb.weight.flip(1))
    model = PoseNet()
    load_pretrained(model, files / "places-googlenet.pickle", conventions.CAFFE_BGR)
    swapped = 127.5 * torch.tensor(places_arrays()["conv1/7x7_s2_0"]).flip(1)
    torch.testing.assert_close(model.trunk.stem[0][0].weight.detach(), swapped)


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


@pytest.mark.parametrize("name", ["googlenet.pth", "googlenet-new.pth"])
@torch.no_grad()
def test_torchvision_blocks_answer_alike(files, name):
    model = PoseNet(batch_norm=True).eval()
    report = load_pretrained(model, files / name)
    theirs = torchvision_googlenet()
    x = torch.rand(1, 192, 14, 14)
    torch.testing.assert_close(model.trunk.inception3a(x), theirs.inception3a(x), rtol=1e-4, atol=1e-4)
    x = torch.rand(1, 832, 7, 7)
    torch.testing.assert_close(model.trunk.inception5b(x), theirs.inception5b(x), rtol=1e-4, atol=1e-4)
    x = torch.rand(1, 528, 4, 4)
    torch.testing.assert_close(torch.relu(model.aux2.reduce(x)), theirs.aux2.conv(x), rtol=1e-4, atol=1e-4)
    x = torch.rand(1, 2048)
    torch.testing.assert_close(model.aux1.fc(x), theirs.aux1.fc1(x))
    assert set(report.unused) == {
        f"{layer}.{part}" for layer in ("fc", "aux1.fc2", "aux2.fc2") for part in ("weight", "bias")
    }
    assert "3x3 kernels stand in the middle" in str(report)


@pytest.mark.parametrize("depth", [18, 34, 50])
def test_resnets(depth, tmp_path):
    theirs = randomised(resnet(depth), depth).state_dict()
    older = {name: value for name, value in theirs.items() if not name.endswith("num_batches_tracked")}
    torch.save(older, tmp_path / "resnet.pth")
    assert inspect_file(tmp_path / "resnet.pth").fits == f"resnet{depth}"
    model = PoseNet(trunk=f"resnet{depth}").eval()
    report = load_pretrained(model, tmp_path / "resnet.pth")
    same = [name for name in older if name not in ("conv1.weight", "bn1.running_mean") and not name.startswith("fc.")]
    assert all(torch.equal(model.state_dict()[f"trunk.{name}"], older[name]) for name in same)
    assert "main.fc.weight" in report.fresh
    network = randomised(resnet(depth), depth)
    network.conv1, network.bn1 = model.trunk.conv1, model.trunk.bn1  # these two differ, as is tested above
    network.fc = network.avgpool = nn.Identity()
    photo = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(model.trunk(photo)[-1].flatten(1), network(photo), rtol=1e-3, atol=1e-3)
    with pytest.raises(WorkbookError, match=f"fits the trunk 'resnet{depth}'"):
        load_pretrained(PoseNet(), tmp_path / "resnet.pth")


def broken(change) -> dict[str, np.ndarray]:
    arrays = {key: np.zeros(array.shape, np.float32) for key, array in places_arrays().items()}
    change(arrays)
    return arrays


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a: a.pop("inception_4a/3x3_1"), r"inception_4a/3x3_1 is missing"),
        (lambda a: a.update({"conv9_0": np.zeros(3, np.float32)}), r"conv9_0 is unknown"),
        (
            lambda a: a.update({"conv2/3x3_0": np.zeros((192, 64, 5, 5), np.float32)}),
            r"conv2/3x3_0 has the shape 192 x 64 x 5 x 5, expected is 192 x 64 x 3 x 3",
        ),
        (lambda a: a["loss1/fc_0"].__setitem__((3, 5), np.nan), r"loss1/fc_0 holds numbers that are not finite"),
        (lambda a: [a.pop(key) for key in list(a)[:7]], r"conv1/7x7_s2_0 is missing; .*; and 2 more"),
    ],
)
def test_a_wrong_key_is_named_and_nothing_is_loaded(change, words, tmp_path):
    (tmp_path / "places.pickle").write_bytes(pickle.dumps(broken(change), 2))
    model = PoseNet()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(WorkbookError, match=words):
        load_pretrained(model, tmp_path / "places.pickle")
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    found = inspect_file(tmp_path / "places.pickle")
    assert found.fits is None
    assert re.search(words, found.problem)


def test_names_that_are_not_here_or_do_not_fit(files, monkeypatch, tmp_path):
    monkeypatch.setattr("posenet_lib.download.catalogue.pretrained_dir", lambda: tmp_path)
    with pytest.raises(WorkbookError, match="get it with: posenet download places-googlenet"):
        load_pretrained(PoseNet(), "places-googlenet")
    with pytest.raises(WorkbookError, match="get it with: posenet download imagenet-googlenet"):
        load_pretrained(PoseNet(batch_norm=True), "imagenet")
    with pytest.raises(WorkbookError, match="no ImageNet weights for the trunk 'googlenet'"):
        load_pretrained(PoseNet(), "imagenet")
    with pytest.raises(WorkbookError, match="get it with: posenet download imagenet-resnet18"):
        load_pretrained(PoseNet(), "imagenet-resnet18")
    with pytest.raises(WorkbookError, match=r"^place-googlenet: no such file; give a file, 'places-googlenet', or"):
        load_pretrained(PoseNet(), "place-googlenet")
    with pytest.raises(WorkbookError, match=r"nowhere\.pth: no such file"):
        load_pretrained(PoseNet(), tmp_path / "nowhere.pth")
    with pytest.raises(WorkbookError, match="Use --trunk googlenet, or"):
        load_pretrained(PoseNet(batch_norm=True), files / "posenet.npy")
    shutil.copy(files / "places-googlenet.pickle", tmp_path)
    assert load_pretrained(PoseNet(), "places-googlenet").path.parent == tmp_path


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A run's folder with a checkpoint of a network that is like no fresh one."""
    folder = tmp_path_factory.mktemp("run")
    spread = PositionSpread((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    state = randomised(PoseNet(spread, batch_norm=True), 5).state_dict()
    mean_image = np.zeros((256, 256, 3), np.float32)
    save_checkpoint(folder / BEST, Checkpoint(TrainConfig(batch_norm=True), "SomeCourt", spread, mean_image, state))
    return folder


def test_a_run_of_ones_own_starts_another_scene(run):
    model = PoseNet(PositionSpread((7.0, 7.0, 7.0), (2.0, 2.0, 2.0)), batch_norm=True)
    report = load_pretrained(model, run / BEST)
    assert "main.fc.weight" in report.loaded
    assert all(".regressor." in name for name in report.fresh)
    assert model.main.regressor.position_scale.mean_m.tolist() == [7, 7, 7]
    assert load_pretrained(model, run) == report, "its folder is enough"


def test_training_starts_from_them_and_says_so(run, small_scene, tmp_path, capsys):
    scene, mean_image = load_scene(small_scene), np.zeros((256, 455, 3), np.float32)
    config = TrainConfig(
        epochs=1,
        batch_size=15,
        trunk="googlenet-bn",
        pretrained=str(run / BEST),
        learning_rate=1e-9,
        precision="float32",
    )

    def loss(output, pose):
        return sum((part.position_m - pose.position_m).abs().mean() for part in output if part is not None)

    fit(scene, mean_image, loss, config, tmp_path / "run", show_progress=False)
    after, before = (load_checkpoint(folder).model for folder in (tmp_path / "run", run))
    layer = "trunk.inception4a.branch2.1.0.weight"
    torch.testing.assert_close(after[layer], before[layer], rtol=0, atol=1e-6)
    report = (tmp_path / "run" / "pretrained.txt").read_text()
    assert "a network of this workbook" in report
    assert report in capsys.readouterr().out
    resumed = dataclasses.replace(config, epochs=2)
    fit(scene, mean_image, loss, resumed, tmp_path / "run", resume=True, show_progress=False)
    assert "Weights from" not in capsys.readouterr().out, "a resumed run goes on from its own weights"


def test_the_command_says_what_does_not_fit(small_scene, files, tmp_path, capsys):
    train = ["train", "--scene", str(small_scene), "--answers", "tests/solutions", "--out", str(tmp_path / "run")]
    assert main([*train, "--pretrained", str(files / "posenet.npy"), "--batch-norm"]) == 2
    assert "Use --trunk googlenet, or" in capsys.readouterr().err
    assert main([*train, "--pretrained", "nowhere.pth"]) == 2
    assert "nowhere.pth: no such file" in capsys.readouterr().err


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
