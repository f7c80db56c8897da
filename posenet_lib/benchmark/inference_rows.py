"""Rows about prediction: one photo, a batch, and the mean over 128 crops."""

from collections.abc import Iterator

import numpy as np
import torch

from posenet_lib.benchmark import handout
from posenet_lib.benchmark.rows import Row, alternate, cost_row, rate_row
from posenet_lib.benchmark.setup import Setup
from posenet_lib.core.config import PredictConfig
from posenet_lib.core.device import best_precision
from posenet_lib.data.transforms import network_input
from posenet_lib.evaluation.dense_crops import dense_corners
from posenet_lib.evaluation.predict import predict_batch
from posenet_lib.fast import ready_to_predict
from posenet_lib.fast.kept_memory import memory_kept

_CROPS = 128


@torch.inference_mode()
def inference_rows(setup: Setup) -> Iterator[Row]:
    """With the batch-norm trunk. The handout predicts in float32, contiguous, with the network as it was trained."""
    precision = "bf16" if best_precision(on_cpu=True) == "bf16" else "float32"
    plain = handout.network(batch_norm=True).eval()
    exact, fast = ready_to_predict(plain), ready_to_predict(plain, precision=precision)
    one = torch.rand(1, 3, 224, 224)
    ways = (lambda f=f: f(one) for f in (plain, exact, fast))
    seconds = alternate(*ways, repeats=3 * setup.repeats, before_each=2, together=5)  # as photo after photo
    latencies = [1e3 * taken for taken in seconds]
    note = f"{precision}; {latencies[1]:.1f} ms in float32 with the same poses to 0.01 mm, as evaluation computes"
    yield cost_row("inference, one photo", latencies[0], latencies[2], "ms", 3.0, note)

    batch = torch.rand(setup.batch, 3, 224, 224)
    kept = memory_kept(trim=False)  # as in `prediction.predict_as`
    seconds = alternate(*(lambda f=f: f(batch) for f in (plain, kept(exact), kept(fast))), repeats=setup.repeats)
    rates = [setup.batch / taken for taken in seconds]
    note = f"{precision}; {rates[1]:.0f} photos/s in float32"
    yield rate_row(f"inference, batch {setup.batch}", rates[0], rates[2], "photos/s", 3.0, note)
    yield _dense_row(setup, plain, fast)


def _dense_row(setup: Setup, plain: torch.nn.Module, fast: torch.nn.Module) -> Row:
    """From a resized photo to the poses of all crops. The handout makes them one by one."""
    name, crops = setup.first, 8 if setup.config.quick else _CROPS
    store, mean_image = setup.store(name), torch.from_numpy(setup.mean_image(name))
    photo = torch.from_numpy(np.array(store[0]))
    corners = dense_corners(*store.image_shape[:2], crops)
    how = PredictConfig(test_time="dense", crops=crops)

    def handout_way() -> None:
        plain(torch.stack([network_input(photo, mean_image, corner) for corner in corners]))

    @memory_kept(trim=False)
    def our_way() -> None:
        predict_batch(fast, photo[None], mean_image, how, torch.Generator())

    seconds = alternate(handout_way, our_way, repeats=setup.repeats, warm_up=False)
    return cost_row(f"dense test, {crops} crops of one photo", *(1e3 * taken for taken in seconds), "ms", 3.0)
