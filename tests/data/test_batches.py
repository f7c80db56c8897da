"""Many photos and many processes: every photo once an epoch, whoever reads it and however little memory there is."""

import itertools

import numpy as np
import pytest
import torch
from accelerate.data_loader import prepare_data_loader

from posenet_lib.data import batches
from posenet_lib.data.batches import EpochOrder, make_batches, shard_size
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.scenes.scene import load_scene


@pytest.mark.parametrize(("count", "shard"), [(1000, 256), (1000, 300), (1000, 999), (130, 10)])
def test_a_sharded_epoch_visits_every_photo_once(count, shard):
    order = EpochOrder(count, seed=1, shard=shard)
    first = list(order)
    assert sorted(first) == list(range(count))
    assert list(order) == first
    order.epoch = 1
    assert list(order) != first
    assert sorted(order) == list(range(count))


def test_a_shard_is_announced_before_it_is_read_and_left_for_good():
    announced = []
    order = EpochOrder(1000, seed=1, shard=256, on_shard=announced.append)
    for number, photo in enumerate(order):
        assert photo in announced[-1]
        assert len(announced) == number // 256 + 1
    assert [len(shard) for shard in announced] == [256, 256, 256, 232]
    runs = [sum(b - a == 1 for a, b in itertools.pairwise(shard)) for shard in announced]
    assert min(runs) >= 0.9 * 231, "runs of neighbours, which a disk reads fast"


def test_shards_mix_other_photos_in_the_next_epoch():
    order = EpochOrder(1024, seed=1, shard=256)
    first = set(list(order)[:256])
    order.epoch = 1
    assert set(list(order)[:256]) != first


@pytest.fixture
def store(small_scene):
    return load_scene(small_scene).train.open_store(show_progress=False)


def test_shards_begin_where_the_memory_ends(store, monkeypatch):
    assert shard_size(store) is None, "16 photos fit anywhere"
    monkeypatch.setattr(batches.os, "sysconf", lambda name: {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1024}[name])
    assert shard_size(store) == 2**21 // (256 * 455 * 3)
    assert store.read_ahead([3, 1]) is None


@pytest.mark.parametrize("processes", [2, 4])
@pytest.mark.parametrize("shard", [None, 6])
def test_processes_share_an_epoch(small_scene, store, processes, shard):
    """Accelerate's own division, as `training.fit` asks for it, without starting the processes."""
    records = load_scene(small_scene).train.records
    data = PoseDataset(store, records, np.zeros(store.image_shape))
    data.position_m[:, 0] = torch.arange(len(data))  # a position names its photo

    def photos(process: int, count: int) -> list[list[int]]:
        order = EpochOrder(len(data), 5, shard)
        shared = prepare_data_loader(
            make_batches(data, 4, order),
            num_processes=count,
            process_index=process,
            split_batches=True,
            put_on_device=False,
        )
        return [batch.position_m[:, 0].int().tolist() for batch in shared]

    alone = photos(0, 1)
    parts = [photos(process, processes) for process in range(processes)]
    together = [sorted(itertools.chain(*step)) for step in zip(*parts, strict=True)]
    assert together == [sorted(step) for step in alone], "the same steps as one process"
    assert sorted(itertools.chain(*together)) == list(range(len(data))), "every photo once"


def test_every_epoch_visits_every_photo_once_in_its_own_order():
    order = EpochOrder(50, seed=1)
    first = list(order)
    assert sorted(first) == list(range(50))
    assert list(order) == first
    order.epoch = 1
    assert list(order) != first
    assert sorted(order) == list(range(50))
