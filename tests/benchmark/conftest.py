"""A quick run's photos."""

import pytest

from posenet_lib.benchmark.setup import Setup, make_setup
from posenet_lib.core.config import BenchmarkConfig
from posenet_lib.scenes.scene import load_scene


@pytest.fixture
def setup(small_scene, tmp_path) -> Setup:
    """With the practice court's photos: none is made."""
    return make_setup(BenchmarkConfig(quick=True), tmp_path, load_scene(small_scene).train.records)
