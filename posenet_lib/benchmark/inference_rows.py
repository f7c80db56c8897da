"""Rows about prediction: one photo, a batch, and the mean over 128 crops, each from resized photos to poses."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from posenet_lib.benchmark.rows import Row, Task, cost_row, rate_row
from posenet_lib.benchmark.setup import Setup
from posenet_lib.core.config import PredictConfig
from posenet_lib.core.device import best_precision
from posenet_lib.data.transforms import centre_corner, network_input
from posenet_lib.evaluation.dense_crops import dense_corners
from posenet_lib.evaluation.predict import predict_batch
from posenet_lib.fast import for_prediction
from posenet_lib.models.posenet import PoseNet

# At least so many times the handout's speed, in each number format.
_ONE = {"float32": 0.9, "bf16": 1.0}
_BATCH = {"float32": 0.9, "bf16": 1.5}
_DENSE = {"float32": 1.3, "bf16": 2.5}


def inference_tasks(setup: Setup) -> list[Task]:
    """With the batch-norm trunk; in float32, as `posenet predict` computes, and in bf16 where the processor has it."""
    return [
        Task("prediction, one photo", partial(_one_row, setup)),
        Task("prediction, a batch", partial(_batch_row, setup)),
        Task("prediction, dense", partial(_dense_row, setup)),
    ]


class _Networks:
    """The handout's and ours with the same weights, and photos to predict."""

    def __init__(self, setup: Setup, count: int):
        name = setup.first
        store = setup.store(name)
        self.plain: nn.Module = PoseNet(trunk="googlenet-bn").eval()
        self.ours = for_prediction(self.plain)
        self.mean_image = torch.from_numpy(setup.mean_image(name))
        self.photos = torch.from_numpy(np.stack([store[index % len(store)] for index in range(count)]))

    @torch.inference_mode()
    def handout_way(self) -> Tensor:
        """In float32, contiguous, with the network as it was trained."""
        return self.plain(network_input(self.photos, self.mean_image, centre_corner(*self.photos.shape[1:3])))

    @torch.inference_mode()
    def handout_crops(self, count: int) -> Tensor:
        """The crops of one photo are made one by one."""
        (photo,) = self.photos
        corners = dense_corners(*photo.shape[:2], count)
        return self.plain(torch.stack([network_input(photo, self.mean_image, corner) for corner in corners]))

    def our_way(self, config: PredictConfig) -> None:
        """As `posenet predict`."""
        predict_batch(self.ours, self.photos, self.mean_image, config, torch.Generator())


def _precisions() -> list[str]:
    return list(dict.fromkeys(["float32", best_precision(on_cpu=True)]))


def _one_row(setup: Setup) -> Iterator[Row]:
    networks = _Networks(setup, 1)
    ours = [partial(networks.our_way, PredictConfig(precision=precision)) for precision in _precisions()]
    repeats = {} if setup.config.quick else {"settle": 2, "together": 5}  # a photo follows a photo
    timing = setup.stopwatch.in_turns(networks.handout_way, *ours, at_most_s=15, **repeats)
    plain_ms, *ours_ms = (1e3 * taken for taken in timing.seconds)
    for precision, taken in zip(_precisions(), ours_ms, strict=True):
        yield cost_row(f"prediction, one photo, {precision}", plain_ms, taken, "ms", _ONE[precision], timing.note)


def _batch_row(setup: Setup) -> Iterator[Row]:
    networks = _Networks(setup, setup.batch)
    ours = [partial(networks.our_way, PredictConfig(precision=precision)) for precision in _precisions()]
    timing = setup.stopwatch.in_turns(networks.handout_way, *ours, at_most_s=25, settle=1)
    plain_rate, *rates = (setup.batch / taken for taken in timing.seconds)
    for precision, rate in zip(_precisions(), rates, strict=True):
        title = f"prediction, batch {setup.batch}, {precision}"
        yield rate_row(title, plain_rate, rate, "photos/s", _BATCH[precision], timing.note)


def _dense_row(setup: Setup) -> Iterator[Row]:
    crops = 4 if setup.config.quick else PredictConfig.crops
    networks = _Networks(setup, 1)
    ways = [PredictConfig(test_time="dense", crops=crops, precision=precision) for precision in _precisions()]
    ours = [partial(networks.our_way, config) for config in ways]
    timing = setup.stopwatch.in_turns(partial(networks.handout_crops, crops), *ours, at_most_s=40)
    plain_ms, *ours_ms = (1e3 * taken for taken in timing.seconds)
    for precision, taken in zip(_precisions(), ours_ms, strict=True):
        title = f"prediction, {crops} crops of one photo, {precision}"
        yield cost_row(title, plain_ms, taken, "ms", _DENSE[precision], timing.note)
