"""`posenet benchmark` as a whole: every row from a quick run, and what a stopped one leaves. No time is asserted."""

import json

import pytest

from posenet_lib.benchmark import run
from posenet_lib.benchmark.rows import Task, rate_row
from posenet_lib.cli import main

KEYS = {"row", "handout", "ours", "unit", "ratio", "target"}


def test_a_quick_run_has_every_row(small_scene, capsys):
    groups = ["--only", "input", "--only", "training", "--only", "inference", "--only", "sliders"]
    assert main(["benchmark", "--quick", "--json", "--scene", str(small_scene), *groups]) == 0
    shown = capsys.readouterr()
    rows = json.loads(shown.out)
    assert all(set(row) == KEYS for row in rows)
    assert all(row["ours"] > 0 and row["ratio"] > 0 for row in rows)
    names = " | ".join(row["row"] for row in rows)
    for part in (
        "mean image",
        "epoch's input",
        "views from beside",
        "step, googlenet-bn",
        "step, googlenet,",
        "whole epoch",
    ):
        assert part in names
    for part in ("input's share", "prediction, one photo", "prediction, batch", "crops of one photo", "slider, a live"):
        assert part in names
    assert "9 of 9: steps of sliders" in shown.err, "progress"


def _interrupt():
    raise KeyboardInterrupt


@pytest.fixture
def stops_in_its_second_task(monkeypatch):
    tasks = [Task("first", lambda: [rate_row("steps", 10, 12, "photos/s", 2.0)]), Task("second", _interrupt)]
    monkeypatch.setattr(run, "GROUPS", {"input": lambda setup: tasks})


@pytest.mark.usefixtures("stops_in_its_second_task")
def test_a_stopped_run_shows_the_rows_that_it_has(small_scene, capsys):
    command = ["benchmark", "--only", "input", "--scene", str(small_scene)]
    assert main(command) == 130
    shown = capsys.readouterr()
    assert "steps" in shown.out
    assert "0 of 1 claims" in shown.out
    assert "2 of 2: second" in shown.err
    assert "stopped; these are the rows that were measured until then" in shown.err
    assert main([*command, "--json"]) == 130
    (row,) = json.loads(capsys.readouterr().out)
    assert row["row"] == "steps"
