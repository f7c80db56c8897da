"""Training through the command: killed and resumed, and in several processes."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from posenet_lib.models.checkpoint import LAST, load_checkpoint
from tests.support.training import history_rows, launched, train_command

# Without dropout two processes draw nothing different; float32 leaves rounding only.
PLAIN = [
    "--image-size",
    "112",
    "--dropout",
    "0",
    "--aux-dropout",
    "0",
    "--precision",
    "float32",
    "--batch-size",
    "4",
    "--device",
    "cpu",
]


def assert_same_model(first: Path, second: Path, **tolerance) -> None:
    first, second = load_checkpoint(first, which=LAST), load_checkpoint(second, which=LAST)
    assert first.model.keys() == second.model.keys()
    for name, value in first.model.items():
        torch.testing.assert_close(value, second.model[name], msg=lambda text, n=name: f"{n}: {text}", **tolerance)


def test_killed_and_resumed_is_uninterrupted(small_scene, tmp_path):
    settings = ["--batch-norm", "--image-size", "112", "--epochs", "4", "--batch-size", "4", "--device", "cpu"]
    command = [sys.executable, "-m", "posenet_lib.cli"]
    subprocess.run(
        [*command, *train_command(small_scene, tmp_path / "whole", *settings)], check=True, capture_output=True
    )

    cut = tmp_path / "cut"
    process = subprocess.Popen([*command, *train_command(small_scene, cut, *settings)], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (cut / "history.csv").is_file() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)  # into the middle of the next epoch
    assert process.poll() is None, "the run ended before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert 1 <= len(history_rows(cut)) < 4
    subprocess.run([*command, *train_command(small_scene, cut, *settings, "--resume")], check=True, capture_output=True)

    assert_same_model(tmp_path / "whole", cut, atol=1e-6, rtol=1e-5)
    for whole, resumed in zip(history_rows(tmp_path / "whole"), history_rows(cut), strict=True):
        assert float(whole["train_loss"]) == pytest.approx(float(resumed["train_loss"]), rel=1e-4)
        assert float(whole["held_out_loss"]) == pytest.approx(float(resumed["held_out_loss"]), rel=1e-4)


@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_several_processes_give_the_result_of_one(count, small_scene, tmp_path):
    """The plain trunk: batch norm sees each process's own part of a batch, as everywhere."""
    settings = [*PLAIN, "--epochs", "2", "--learning-rate", "1e-4"]
    module = ["-m", "posenet_lib.cli"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    one = [sys.executable, *module, *train_command(small_scene, tmp_path / "one", *settings)]
    subprocess.run(one, check=True, capture_output=True, env=environment)
    arguments = train_command(small_scene, tmp_path / str(count), *settings)
    done = subprocess.run([*launched(count), *arguments], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.findall("Training on.*", done.stdout)[0].endswith(f" in {count} processes.")
    for words in ("Training on", "train_step: yours", "Best epoch"):
        assert done.stdout.count(words) == 1, "one of them speaks"
    for alone, shared in zip(history_rows(tmp_path / "one"), history_rows(tmp_path / str(count)), strict=True):
        assert float(alone["train_loss"]) == pytest.approx(float(shared["train_loss"]), rel=1e-3)
        assert float(alone["held_out_loss"]) == pytest.approx(float(shared["held_out_loss"]), rel=1e-2)
