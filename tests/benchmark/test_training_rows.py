"""Training rows measure the step that training takes."""

from posenet_lib.benchmark.training_rows import training_tasks
from posenet_lib.training.step import TrainingStep


def test_the_step_is_training_s_own(setup, monkeypatch):
    taken = []
    real = TrainingStep.__call__
    monkeypatch.setattr(TrainingStep, "__call__", lambda self, *rest: taken.append(1) or real(self, *rest))
    (task, _) = training_tasks(setup)
    names = [row.row for row in task.measure()]
    assert taken
    assert [name.split(",")[0] for name in names] == [
        "training step",
        "whole epoch",
        "input's share of the epoch (5 % at most)",
    ]
