"""Peak memory of training on many photos, measured in a process of its own.

python -m posenet_lib.benchmark.memory ours|handout SCENE BATCH STEPS
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from posenet_lib.benchmark.photos import linked_scene
from posenet_lib.benchmark.rows import Row, Task, cost_row
from posenet_lib.benchmark.setup import Setup
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.process_memory import own_peak_mb

_LIMIT_MB = 3 * 1024


def memory_tasks(setup: Setup) -> list[Task]:
    """One row; not on Windows, which has neither /proc nor `resource`."""
    return [] if sys.platform == "win32" else [Task("memory of training", partial(_memory_row, setup))]


def _memory_row(setup: Setup) -> Iterator[Row]:
    """Training on as many photos as King's College has; they are links to a few."""
    photos = list(setup.sets.values())[-1]
    count = setup.epoch_photos
    scene = linked_scene(setup.folder / "memory", photos, count)
    plain, ours = (peak_memory_mb(way, scene, setup.batch, steps=2) for way in ("handout", "ours"))
    store_mb = sum(path.stat().st_size for path in scene.glob(".image_store/*.npy")) / 2**20
    note = f"3 GB at most; {store_mb:.0f} MB of ours are the mapped photos, which give way when others need memory"
    yield cost_row(f"memory, training on {count} photos", plain, ours, "MB resident", plain / _LIMIT_MB, note)


def peak_memory_mb(way: str, scene: Path, batch: int, steps: int) -> float:
    """Largest resident size of a process that trains for some steps.

    Raises:
        WorkbookError: the process failed; its last words are quoted.
    """
    command = [sys.executable, "-m", "posenet_lib.benchmark.memory", way, str(scene), str(batch), str(steps)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise WorkbookError(f"measuring memory failed: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])["peak_mb"]


def _train(way: str, scene_folder: str, batch: int, steps: int) -> None:
    """Touch every photo once, then take some steps."""
    import itertools

    import numpy as np

    from posenet_lib.benchmark import handout
    from posenet_lib.benchmark.input_rows import AUGMENTATION
    from posenet_lib.benchmark.training_rows import our_step
    from posenet_lib.core.config import TrainConfig
    from posenet_lib.data.batches import EpochOrder, make_batches
    from posenet_lib.data.dataset import PoseDataset
    from posenet_lib.models.posenet import PoseNet
    from posenet_lib.scenes.scene import load_scene
    from posenet_lib.training.step import stand_in_loss

    train = load_scene(scene_folder).train
    if way == "handout":
        loader = handout.loader(train.records, handout.mean_image(train.records[:1]), batch)
        step = handout.training_step(PoseNet(trunk="googlenet-bn"), stand_in_loss)
    else:
        store = train.open_store(show_progress=False)
        data = PoseDataset(store, train.records, np.zeros(store.image_shape, np.float32), augmentation=AUGMENTATION)
        loader = make_batches(data, batch, EpochOrder(len(data), 0))
        for _ in loader:  # every photo's memory is touched
            pass
        step = our_step(TrainConfig(trunk="googlenet-bn", device="cpu"))
    for part in itertools.islice(loader, steps):
        step(part)


if __name__ == "__main__":
    _train(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    print(json.dumps({"peak_mb": own_peak_mb()}))
