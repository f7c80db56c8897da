"""`posenet benchmark`: every row from a quick run, and the arithmetic around the measurements. No time is asserted."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from posenet_lib.benchmark import handout
from posenet_lib.benchmark.gpu import gpu_rows
from posenet_lib.benchmark.photos import JPEG, PNG, linked_scene, make_photos
from posenet_lib.benchmark.rows import Row, alternate, cost_row, rate_row, table
from posenet_lib.benchmark.scaling import growth, measure_scaling
from posenet_lib.benchmark.setup import Setup, make_setup
from posenet_lib.benchmark.training_rows import count_gflop
from posenet_lib.cli import main
from posenet_lib.core.config import BenchmarkConfig
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.transforms import CROP
from posenet_lib.scenes.photo_store import open_store
from posenet_lib.scenes.scene import load_scene

KEYS = {"row", "handout", "ours", "unit", "ratio", "target"}
QUICK = BenchmarkConfig(quick=True)


@pytest.fixture
def setup(small_scene, tmp_path) -> Setup:
    """With the practice court's photos: none is made."""
    return make_setup(QUICK, tmp_path, load_scene(small_scene).train.records)


def test_a_quick_run_has_every_row(small_scene, capsys):
    groups = ["--only", "input", "--only", "training", "--only", "inference"]
    assert main(["benchmark", "--quick", "--json", "--scene", str(small_scene), *groups]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(set(row) == KEYS for row in rows)
    assert all(row["ours"] > 0 and row["ratio"] > 0 for row in rows)
    names = " | ".join(row["row"] for row in rows)
    for part in (
        "mean image",
        "epoch's input",
        "batch-norm trunk",
        "plain trunk with LRN",
        "arithmetic",
        "whole epoch",
    ):
        assert part in names
    for part in ("input's share", "one photo", "inference, batch", "dense test"):
        assert part in names


def test_made_photos_weigh_as_real_ones(tmp_path):
    (record,) = make_photos(tmp_path / "png", 1, PNG)
    assert Image.open(record.image_path).size == (1920, 1080)
    assert 1.5e6 < record.image_path.stat().st_size < 3e6
    assert np.linalg.norm(record.quaternion_wxyz) == pytest.approx(1)
    records = make_photos(tmp_path / "jpg", 2, JPEG)
    assert {Image.open(record.image_path).size for record in records} == {(640, 480)}
    scene = load_scene(linked_scene(tmp_path / "linked", records, 5))
    assert len(scene.train) == 5
    assert scene.train.open_store(show_progress=False).image_shape == (256, 341, 3)


def test_both_ways_give_the_same_numbers(setup, monkeypatch):
    """The handout's mean image, and its inputs when it happens to take the centre crop."""
    records = setup.sets[setup.first]
    mean_image = handout.mean_image(records)
    store = open_store(records, setup.folder, "train", show_progress=False)
    np.testing.assert_allclose(mean_image, store.pixels.mean(axis=0, dtype=np.float64), atol=1e-4)
    plain = handout.HandoutDataset(records, mean_image)
    plain.to_input.transforms[0] = lambda image: image[:, 16:240, 115:339]
    ours = PoseDataset(store, records, mean_image)
    for index in range(len(records)):
        image, position_m, quaternion_wxyz = plain[index]
        assert image.shape == (3, CROP, CROP)
        torch.testing.assert_close(ours[index].image, image, atol=1e-6, rtol=0)
        assert torch.equal(ours[index].position_m, position_m)
        assert torch.equal(ours[index].quaternion_wxyz, quaternion_wxyz)


def test_rows_and_their_table():
    faster, cheaper = rate_row("steps", 10, 33, "photos/s", 3.0), cost_row("waiting", 8.0, 2.0, "s", None, "a note")
    assert (faster.ratio, cheaper.ratio) == (3.3, 4.0)
    text = table([faster, cheaper, Row("grading", None, 30.0, "a minute", None, None)])
    assert "3.30" in text
    assert "a note" in text
    assert "nan" not in text.lower()
    assert "None" not in text


def test_ways_are_run_in_turns():
    order = []
    seconds = alternate(lambda: order.append("a"), lambda: order.append("b"), repeats=2)
    assert order == ["a", "b"] * 3, "one round to warm up, then two"
    assert len(seconds) == 2


def test_growth_is_the_exponent():
    assert growth([100, 300, 1000], [2.0, 6.0, 20.0]) == pytest.approx(1)
    assert growth([10, 20, 40], [3.0, 12.0, 48.0]) == pytest.approx(2)


def test_operations_of_a_step():
    """GoogLeNet is known for 1.5 thousand million multiply-adds forward; a step is three times that, twice counted."""
    assert 9.0 < count_gflop(batch_norm=False, batch=1) < 10.5


def test_scaling(setup, monkeypatch):
    monkeypatch.setattr("posenet_lib.benchmark.scaling.peak_memory_mb", lambda *_, **__: 700.0)
    scaling = measure_scaling(setup)
    assert [cost.photos for cost in scaling.measured] == [4, 8, 16]
    assert [cost.photos for cost in scaling.foreseen] == [10_000, 1_000_000]
    many, most = scaling.foreseen
    assert most.store_gb == pytest.approx(100 * many.store_gb)
    assert most.store_gb == pytest.approx(1e6 * 256 * 455 * 3 / 1e9, rel=0.01)
    assert most.training_s >= 99 * many.training_s
    assert "1000000" in str(scaling)
    json.dumps(scaling.as_dict())


def test_the_gpu_rows_code_runs_on_the_cpu(setup):
    rows = list(gpu_rows(setup, device="cpu", steps=1))
    assert [row.row.split(",")[1].strip() for row in rows[:2]] == ["float32", "bf16"]
    assert rows[-1].row == "200 epochs"
    assert rows[-1].ours * 60 == pytest.approx(200 * rows[-2].ours)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--photos", "1"], "photos is 1; it must be at least 2"), (["--scene", "nowhere"], "no scene 'nowhere'")],
)
def test_bad_options(arguments, words, capsys):
    assert main(["benchmark", "--quick", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="this computer has the GPU whose absence is tested")
def test_without_a_gpu_it_says_so(capsys):
    assert main(["benchmark", "--device", "cuda"]) == 2
    assert "no CUDA device" in capsys.readouterr().err
