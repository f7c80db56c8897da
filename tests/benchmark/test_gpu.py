"""The rows of a GPU."""

import pytest

from posenet_lib.benchmark.gpu import gpu_rows


def test_the_gpu_rows_code_runs_on_the_cpu(setup):
    rows = list(gpu_rows(setup, device="cpu", steps=1))
    assert [row.row.split(",")[1].strip() for row in rows[:2]] == ["float32", "bf16"]
    assert rows[-1].row == "200 epochs"
    assert rows[-1].ours * 60 == pytest.approx(200 * rows[-2].ours)
