"""All rows, one after the other, in a temporary folder."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from posenet_lib.benchmark.gpu import gpu_tasks
from posenet_lib.benchmark.grading_row import grading_tasks
from posenet_lib.benchmark.inference_rows import inference_tasks
from posenet_lib.benchmark.input_rows import input_tasks
from posenet_lib.benchmark.memory import memory_tasks
from posenet_lib.benchmark.rows import Row, Task
from posenet_lib.benchmark.scaling import Scaling, measure_scaling
from posenet_lib.benchmark.setup import Setup, make_setup
from posenet_lib.benchmark.slider_rows import slider_tasks
from posenet_lib.benchmark.training_rows import training_tasks
from posenet_lib.core.config import BenchmarkConfig
from posenet_lib.scenes.scene import Scene

GROUPS: dict[str, Callable[[Setup], list[Task]]] = {
    "input": input_tasks,
    "training": training_tasks,
    "inference": inference_tasks,
    "sliders": slider_tasks,
    "memory": memory_tasks,
    "grading": grading_tasks,
}


def run_rows(
    config: BenchmarkConfig, scene: Scene | None, groups: Sequence[str], say: Callable[[str], None]
) -> Iterator[Row]:
    """Measure the groups named, or what a GPU has (`config.device`); each row comes as soon as it is measured.

    Args:
        scene: whose photos; None makes some.
        say: told what comes next, and how much is done.
    """
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="posenet-benchmark-") as folder:
        say("making photos" if scene is None else "reading photos")
        setup = make_setup(config, Path(folder), scene and scene.train.records)
        chosen = [gpu_tasks] if config.device == "cuda" else [GROUPS[group] for group in groups]
        tasks = [task for group in chosen for task in group(setup)]
        for number, task in enumerate(tasks, 1):
            say(f"{number} of {len(tasks)}: {task.title} (after {time.perf_counter() - began:.0f} s)")
            yield from task.measure()


def run_scaling(config: BenchmarkConfig, scene: Scene | None) -> Scaling:
    """Costs of more and more photos."""
    with tempfile.TemporaryDirectory(prefix="posenet-benchmark-") as folder:
        return measure_scaling(make_setup(config, Path(folder), scene and scene.train.records))
