"""Depths are computed once for each list of poses, and kept where the user can write."""

import contextlib

import numpy as np
import pytest

from posenet_lib.data import stored_depth as stored
from posenet_lib.data.stored_depth import stored_depth
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.scene import load_scene


@pytest.fixture
def computed(monkeypatch) -> list[float]:
    """The focal lengths for which depths were computed; all are 1.5."""
    computed = []

    def compute(photos, poses, focal_px, *, show_progress):
        computed.append(focal_px)
        return np.full((len(photos), 2, 3), 1.5, np.float32)

    monkeypatch.setattr(stored, "depth_from_neighbours", compute)
    return computed


def test_it_is_computed_once_for_each_list_of_poses(small_scene, computed, monkeypatch):
    train = load_scene(small_scene).train
    store = train.open_store(show_progress=False)
    for focal_px in (300.0, 300.0, 310.0):
        assert (stored_depth(store, train.poses, focal_px) == 1.5).all()
    assert computed == [300.0, 310.0]
    kept = list((small_scene / ".image_store").glob("*depth*"))
    assert len(kept) == 1, "the older one is gone"
    kept[0].write_bytes(kept[0].read_bytes()[:200])
    assert (stored_depth(store, train.poses, 310.0) == 1.5).all()
    assert computed == [300.0, 310.0, 310.0], "a copy that was cut off is made anew"
    moved = PoseArray(train.poses.position_m + 1, train.poses.quaternion_wxyz)
    stored_depth(store, moved, 310.0)
    assert len(computed) == 4

    @contextlib.contextmanager
    def full(path):
        raise OSError(28, "No space left on device", str(path))
        yield

    monkeypatch.setattr(stored, "replacing", full)
    assert len(stored_depth(store, train.poses, 320.0)) == len(store), "a full disk costs time, not the run"
    assert load_scene(small_scene).train.open_store(show_progress=False).names == store.names


def test_of_a_shared_scene_they_go_to_the_users_cache(small_scene, computed, tmp_path, monkeypatch):
    """Its owner has built the store of photos, and never trained; root's tests could write there."""
    monkeypatch.setattr("posenet_lib.scenes.photo_store.cache_dir", lambda: tmp_path / "cache")
    train = load_scene(small_scene).train
    store = train.open_store(show_progress=False)
    with monkeypatch.context() as shared:
        shared.setattr("os.access", lambda path, mode: False)
        for _ in range(2):
            assert (stored_depth(store, train.poses, 300.0) == 1.5).all()
    assert computed == [300.0]
    assert len(list((tmp_path / "cache").rglob("*depth*"))) == 1
    assert not list((small_scene / ".image_store").glob("*depth*"))
    stored_depth(store, train.poses, 300.0)
    assert computed == [300.0, 300.0] and list((small_scene / ".image_store").glob("*depth*")), "the owner's own"
