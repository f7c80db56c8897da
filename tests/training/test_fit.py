"""Training through its real entry points: learning, resuming, several processes, bad input."""

import csv
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from posenet_lib.training.best_epoch import best_epoch

from posenet_lib.cli import main
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.models.checkpoint import BEST, LAST, load_checkpoint
from posenet_lib.training.history import EpochRecord
from posenet_lib.training.schedule import learning_rate

SOLUTIONS = Path(__file__).parent / "solutions"
# Without dropout two processes draw nothing different; float32 leaves rounding only.
PLAIN = ["--dropout", "0", "--aux-dropout", "0", "--precision", "float32", "--batch-size", "4", "--device", "cpu"]


def train(scene, out, *more) -> list[str]:
    return ["train", "--scene", str(scene), "--answers", str(SOLUTIONS), "--out", str(out), *more]


def history(out: Path) -> list[dict]:
    with open(out / "history.csv", newline="") as file:
        return list(csv.DictReader(file))


def assert_same_model(first: Path, second: Path, **tolerance) -> None:
    first, second = load_checkpoint(first, which=LAST), load_checkpoint(second, which=LAST)
    assert first.model.keys() == second.model.keys()
    for name, value in first.model.items():
        torch.testing.assert_close(value, second.model[name], msg=lambda text, n=name: f"{n}: {text}", **tolerance)


def test_one_batch_is_learned(small_scene, tmp_path, capsys):
    out = tmp_path / "run"
    settings = ["--batch-norm", "--epochs", "60", "--batch-size", "8", "--dropout", "0", "--aux-dropout", "0"]
    settings += ["--colour-jitter", "0", "--erase", "0", "--beta", "20"]  # nothing but the crop varies
    assert main(train(small_scene, out, *settings)) == 0
    rows = history(out)
    assert len(rows) == 60
    first, last = float(rows[0]["train_loss"]), float(rows[-1]["train_loss"])
    assert last < 0.25 * first, f"loss went from {first} to {last} only"
    assert {path.name for path in out.iterdir()} == {BEST, LAST, "history.csv", "tensorboard"}
    assert list((out / "tensorboard").glob("events.*"))

    # The checkpoint alone is enough to predict: no answers, no scene.
    photo = small_scene / "walk01" / "frame00001.jpg"
    assert main(["predict", str(photo), "--checkpoint", str(out), "--out", str(tmp_path / "p.json")]) == 0
    (row,) = json.loads((tmp_path / "p.json").read_text())
    assert row["image"] == str(photo)
    assert np.linalg.norm([row[c] for c in "wpqr"]) == pytest.approx(1, abs=1e-5)

    capsys.readouterr()
    predictions = tmp_path / "predictions.csv"
    arguments = ["evaluate", "--scene", str(small_scene), "--checkpoint", str(out), "--json"]
    assert main([*arguments, "--predictions", str(predictions)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["count"] == 4
    assert set(result["baselines"]) == {"mean_pose", "nearest_photo", "oracle"}
    with open(predictions, newline="") as file:
        assert len(list(csv.DictReader(file))) == 4

    # Neither a second run into the same folder nor a resume with other settings mixes two experiments.
    assert main(train(small_scene, out, *settings)) == 2
    assert "--resume" in capsys.readouterr().err
    assert main(train(small_scene, out, "--resume", *settings, "--beta", "9")) == 2
    assert "beta 20.0 (now 9.0)" in capsys.readouterr().err


def test_killed_and_resumed_is_uninterrupted(small_scene, tmp_path):
    settings = ["--batch-norm", "--epochs", "4", "--batch-size", "4", "--device", "cpu"]
    command = [sys.executable, "-m", "posenet_lib.cli"]
    subprocess.run([*command, *train(small_scene, tmp_path / "whole", *settings)], check=True, capture_output=True)

    cut = tmp_path / "cut"
    process = subprocess.Popen([*command, *train(small_scene, cut, *settings)], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (cut / "history.csv").is_file() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)  # into the middle of the next epoch
    assert process.poll() is None, "the run ended before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert 1 <= len(history(cut)) < 4
    subprocess.run([*command, *train(small_scene, cut, *settings, "--resume")], check=True, capture_output=True)

    assert_same_model(tmp_path / "whole", cut, atol=1e-6, rtol=1e-5)
    for whole, resumed in zip(history(tmp_path / "whole"), history(cut), strict=True):
        assert float(whole["train_loss"]) == pytest.approx(float(resumed["train_loss"]), rel=1e-4)
        assert float(whole["held_out_loss"]) == pytest.approx(float(resumed["held_out_loss"]), rel=1e-4)


@pytest.mark.parametrize("count", ["2", pytest.param("4", marks=pytest.mark.slow)])
def test_several_processes_give_the_result_of_one(count, small_scene, tmp_path):
    """The plain trunk: batch norm sees each process's own part of a batch, as everywhere."""
    settings = [*PLAIN, "--epochs", "2", "--learning-rate", "1e-4"]
    module = ["-m", "posenet_lib.cli"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    one = [sys.executable, *module, *train(small_scene, tmp_path / "one", *settings)]
    subprocess.run(one, check=True, capture_output=True, env=environment)
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", count]
    launch += ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no", *module]
    arguments = train(small_scene, tmp_path / count, *settings)
    done = subprocess.run([*launch, *arguments], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    for alone, shared in zip(history(tmp_path / "one"), history(tmp_path / count), strict=True):
        assert float(alone["train_loss"]) == pytest.approx(float(shared["train_loss"]), rel=1e-3)
        assert float(alone["held_out_loss"]) == pytest.approx(float(shared["held_out_loss"]), rel=1e-2)


def test_max_minutes_ends_in_time_with_the_rate_at_zero(small_scene, tmp_path, monkeypatch):
    looks = itertools.count()
    clock = SimpleNamespace(perf_counter=lambda: 0.2 * next(looks))  # time passes only when somebody looks at it
    monkeypatch.setattr("posenet_lib.training_loop.time", clock)
    main(train(small_scene, tmp_path / "run", "--batch-norm", "--batch-size", "4", "--max-minutes", "0.1"))
    last = history(tmp_path / "run")[-1]
    assert 0.2 * next(looks) >= 6, "the time is used up"
    assert float(last["elapsed_s"]) < 8
    assert float(last["learning_rate"]) < 1e-4


def test_missing_answers_name_the_notebook(small_scene, tmp_path, capsys):
    arguments = ["train", "--scene", str(small_scene), "--out", str(tmp_path / "run")]
    assert main([*arguments, "--answers", str(tmp_path)]) == 2
    assert "notebooks/04_loss.ipynb" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("output.main.position_m.sum() * float('nan')", "loss became nan in epoch 1"),
        ("float(output.main.position_m.sum())", "your PoseLoss returned -?[0-9.]+; a tensor with one number is needed"),
        ("output.main.position_m.square().sum(1)", r"returned a tensor of shape \(4,\); a tensor with one number"),
        ("output.main.position_m.detach().sum()", "returned a tensor without a gradient; NumPy"),
        (
            "output.aux1.position_m.sum() + output.third",
            "raised AttributeError: .*third.* in PoseLoss.py, line 6",
        ),
        ("sum(head.position_m.mean() for head in output)", "raised AttributeError: 'NoneType'"),  # held-out photos
    ],
)
def test_an_unusable_loss_is_named(body, words, small_scene, tmp_path, capsys):
    pose_loss = (
        "import torch\nclass PoseLoss(torch.nn.Module):\n"
        "    def __init__(self, beta=1.0, head_weights=(1, 1, 1)):\n        super().__init__()\n"
        f"    def forward(self, output, target):\n        return {body}\n"
    )
    assert main(train_with(small_scene, tmp_path, PoseLoss=pose_loss)) == 2
    assert re.search(words, capsys.readouterr().err)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("total / 0", "your generate_mean_image raised ZeroDivisionError"),
        ("np.zeros((256, 455, 3))", "returned numbers from 0 to 0; finite numbers in 0..255"),
        ("np.full((256, 455, 3), 0.4)", "returned numbers from 0.4 to 0.4; finite numbers in 0..255"),
        ("np.zeros((3, 256, 455))", r"shape \(3, 256, 455\); finite numbers in 0..255 of shape \(256, 455, 3\)"),
    ],
)
def test_an_unusable_mean_image_is_named(body, words, small_scene, tmp_path, capsys):
    answer = (
        f"import numpy as np\ndef generate_mean_image(photos, smaller_side=256):\n    total = 1\n    return {body}\n"
    )
    assert main(train_with(small_scene, tmp_path, generate_mean_image=answer)) == 2
    assert re.search(words, capsys.readouterr().err)
    assert not (tmp_path / "run").exists()


def train_with(scene, folder, **answers):
    """The command that trains with the reference answers, but for these."""
    (folder / "answers").mkdir()
    for source in SOLUTIONS.glob("*.py"):
        text = answers.get(source.stem, source.read_text(encoding="utf-8"))
        (folder / "answers" / source.name).write_text(text, encoding="utf-8")
    arguments = ["train", "--scene", str(scene), "--out", str(folder / "run"), "--answers", str(folder / "answers")]
    return [*arguments, "--epochs", "1", "--batch-size", "4", "--batch-norm"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epochs": 0}, "epochs is 0; it must be at least 1"),
        ({"batch_size": 1}, "batch_size is 1"),
        ({"validation_fraction": 0.0}, "validation_fraction"),
        ({"weight_decay": -1.0}, "weight_decay is -1.0; it must be 0 or more"),
        ({"clip_norm": -1.0}, "clip_norm is -1.0"),
        ({"aux_weight": float("nan")}, "aux_weight is nan"),
        ({"beta": float("inf")}, "beta is inf; it must be 0 or more, and finite"),
        ({"learning_rate": float("inf")}, "learning_rate is inf"),
        ({"schedule": "linear"}, "'linear'; choose one of cosine, step, constant"),
    ],
)
def test_bad_settings_name_the_valid_ones(settings, words):
    with pytest.raises(WorkbookError, match=words):
        TrainConfig(**settings)


def test_unknown_settings_raise():
    with pytest.raises(WorkbookError, match="momentum"):
        TrainConfig.from_dict({"momentum": 0.9})


def test_schedules():
    def rates(schedule):
        config = TrainConfig(schedule=schedule, learning_rate=1.0, warmup=0.1)
        return [learning_rate(config, progress) for progress in (0.05, 0.1, 0.5, 0.7, 1.0)]

    assert rates("constant") == pytest.approx([0.5, 1, 1, 1, 1])
    assert rates("step") == pytest.approx([0.5, 1, 0.5, 0.25, 0.25])
    cosine = rates("cosine")
    assert cosine == sorted(cosine[:1]) + sorted(cosine[1:], reverse=True)
    assert cosine[-1] == pytest.approx(0)


def test_one_lucky_epoch_is_not_the_best():
    def epoch(number, loss):
        return EpochRecord(number, 1.0, loss, 1.0, 1.0, 1e-3, 1.0, 1.0)

    losses = [9.0, 8.0, 1.0, 8.0, 4.0, 3.0, 3.5, 3.6]
    history = [epoch(number, loss) for number, loss in enumerate(losses, start=1)]
    assert best_epoch(history).epoch == 8
    assert best_epoch(history[:1]).epoch == 1


@pytest.mark.parametrize("damage", ["missing", "text", "truncated", "foreign"])
def test_a_damaged_checkpoint_is_named(tmp_path, damage):
    from safetensors.torch import save_file

    path = tmp_path / BEST
    if damage != "missing":
        save_file({"a": torch.zeros(100)}, path)
    if damage == "text":
        path.write_text("weights")
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(WorkbookError, match=r"best\.safetensors"):
        load_checkpoint(path)
