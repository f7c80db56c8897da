"""Growth with the number of photos."""

import json

import pytest

from posenet_lib.benchmark.scaling import growth, measure_scaling


def test_growth_is_the_exponent():
    assert growth([100, 300, 1000], [2.0, 6.0, 20.0]) == pytest.approx(1)
    assert growth([10, 20, 40], [3.0, 12.0, 48.0]) == pytest.approx(2)


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
