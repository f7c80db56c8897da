"""The network that notebook 00 asks: better than copying, worse than training, and kept."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.scenes.photos import open_photo
from posenet_lib.workbook import live_network as module
from posenet_lib.workbook.first_look import first_look
from posenet_lib.workbook.live_network import CHANGES, PhotoAsked, live_network


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Features are computed once for all of these tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def network(cache):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "cache_dir", lambda: cache)
        return live_network(first_look())


def test_it_lies_between_training_and_copying(network):
    own, trained, alike = (np.median(errors, axis=1) for errors in network.errors.values())
    assert (trained < own).all() and (own < 0.75 * alike).all()
    said = str(network)
    assert all(name in said for name in network.errors) and said.count("median over 96 photos") == 3
    assert max(map(len, said.splitlines())) <= 100


def test_what_is_asked_now_is_what_was_kept(network):
    for index in (0, 50):
        pose = network.ask(open_photo(network.scene.test.records[index].image_path))
        np.testing.assert_allclose(pose.position_m[0], network.predicted.position_m[index], atol=1e-3)
        np.testing.assert_allclose(pose.quaternion_wxyz[0], network.predicted.quaternion_wxyz[index], atol=1e-4)


def test_features_are_kept_and_computed_again_where_they_are_of_no_use(network, cache, monkeypatch):
    monkeypatch.setattr(module, "cache_dir", lambda: cache)
    path = cache / "live_network" / "features.npz"
    kept = path.read_bytes()
    monkeypatch.setattr(module, "_all_features", lambda *_: pytest.fail("they are kept"))
    monkeypatch.setattr(module, "nearest_photos", lambda *_: np.zeros(96, int))
    live_network(first_look())
    fresh = np.random.default_rng(0).normal(size=(480, 30)), np.zeros((96, 30))
    monkeypatch.setattr(module, "_all_features", lambda _, store, *__: fresh[len(store) == 96])
    for broken in (b"no zip", kept[:1000], b""):
        path.write_bytes(broken)
        live_network(first_look())
        assert np.load(path)["test"].shape == (96, 30)
    monkeypatch.setattr(module, "_FORMAT", 0)
    path.write_bytes(kept)
    live_network(first_look())
    assert np.load(path)["test"].shape == (96, 30), "of another format"
    path.write_bytes(kept)


def test_a_cache_that_cannot_be_written_stops_nothing(network, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("no folder")
    features = np.random.default_rng(0).normal(size=(480, 30))
    monkeypatch.setattr(module, "cache_dir", lambda: file)
    monkeypatch.setattr(module, "_all_features", lambda _, store, *__: features[: len(store)])
    live_network(first_look())


def test_each_change_is_another_picture(network):
    asked = PhotoAsked(network)
    pictures = [asked(48, change).pixels for change in CHANGES]
    assert all((one != pictures[0]).any() for one in pictures[1:])
    assert (asked(48).pixels == pictures[0]).all()
    assert asked(3, "mirrored").html.startswith("<img alt=")


def test_changes_leave_the_photo_alone():
    photo = np.random.default_rng(0).integers(0, 256, (4, 7, 3), dtype=np.uint8)
    before = photo.copy()
    changed = {name: change(photo) for name, change in CHANGES.items()}
    assert (photo == before).all() and all(one.shape == photo.shape for one in changed.values())
    assert (changed["mirrored"][:, ::-1] == photo).all()
    assert (changed["left half covered"][:, :3] == 128).all() and (
        changed["left half covered"][:, 3:] == photo[:, 3:]
    ).all()
    assert all(Image.fromarray(one).mode == "RGB" for one in changed.values())
