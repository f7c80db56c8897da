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


def test_an_epoch_that_ends_with_the_time_says_how_much_of_it_was_done(small_scene, tmp_path, monkeypatch, capsys):
    looks = itertools.count()
    clock = SimpleNamespace(perf_counter=lambda: 0.2 * next(looks))
    monkeypatch.setattr("posenet_lib.training.loop.time", clock)
    main(train_command(small_scene, tmp_path / "run", "--batch-norm", "--batch-size", "2", "--max-minutes", "0.1"))
    *whole, last = [float(row["share"]) for row in history_rows(tmp_path / "run")]
    assert whole and set(whole) == {1.0}
    assert 0 < last < 1
    assert f"({100 * last:.0f} % of the photos, then the time was up)" in capsys.readouterr().out
