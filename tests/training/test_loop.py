"""A run's epochs: by count, or by the clock."""

import itertools
from types import SimpleNamespace

from posenet_lib.cli import main
from tests.support.training import history_rows, train_command


def test_max_minutes_ends_in_time_with_the_rate_at_zero(small_scene, tmp_path, monkeypatch):
    looks = itertools.count()
    clock = SimpleNamespace(perf_counter=lambda: 0.2 * next(looks))  # time passes only when somebody looks at it
    monkeypatch.setattr("posenet_lib.training.loop.time", clock)
    main(train_command(small_scene, tmp_path / "run", "--batch-norm", "--batch-size", "4", "--max-minutes", "0.1"))
    last = history_rows(tmp_path / "run")[-1]
    assert 0.2 * next(looks) >= 6, "the time is used up"
    assert float(last["elapsed_s"]) < 8
    assert float(last["learning_rate"]) < 1e-4
