"""All rows, one after the other, in a temporary folder."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from posenet_lib.benchmark.grading_row import grading_rows
from posenet_lib.benchmark.inference_rows import inference_rows
from posenet_lib.benchmark.input_rows import input_rows
from posenet_lib.benchmark.memory import memory_rows
from posenet_lib.benchmark.rows import Row
from posenet_lib.benchmark.scaling import Scaling, measure_scaling
from posenet_lib.benchmark.setup import Setup, make_setup
from posenet_lib.benchmark.training_rows import training_rows
from posenet_lib.core.config import BenchmarkConfig
from posenet_lib.scenes.scene import Scene

GROUPS: dict[str, Callable[[Setup], Iterator[Row]]] = {
    "input": input_rows,
    "training": training_rows,
    "inference": inference_rows,
    "memory": memory_rows,
    "grading": grading_rows,
}


def run_rows(
    config: BenchmarkConfig, scene: Scene | None, groups: list[str], on_group: Callable[[str], None]
) -> list[Row]:
    """Measure the groups named, or those that a GPU has (`config.device`).

    Args:
        scene: whose photos; None makes some.
        on_group: told what comes next.
    """
    with tempfile.TemporaryDirectory(prefix="posenet-benchmark-") as folder:
        on_group("photos")
        setup = make_setup(config, Path(folder), scene and scene.train.records)
        if config.device == "cuda":
            from posenet_lib.benchmark.gpu import gpu_rows

            on_group("training on the GPU")
            return list(gpu_rows(setup))
        rows = []
        for group in groups:
            on_group(group)
            rows += GROUPS[group](setup)
        return rows


def run_scaling(config: BenchmarkConfig, scene: Scene | None) -> Scaling:
    """Costs of more and more photos."""
    with tempfile.TemporaryDirectory(prefix="posenet-benchmark-") as folder:
        return measure_scaling(make_setup(config, Path(folder), scene and scene.train.records))
