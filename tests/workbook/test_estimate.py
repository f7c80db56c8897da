"""How long training will take: the arithmetic."""

import pytest

from posenet_lib.workbook.estimate import TrainingEstimate


def test_the_estimate_multiplies():
    estimate = TrainingEstimate(step_s=0.5, batch_size=32, photos=456, minutes=8)
    assert estimate.steps == 960
    assert estimate.epochs == pytest.approx(960 * 32 / 456)
    assert estimate.handout_minutes == pytest.approx(200 * 1220 / 32 * 0.5 / 60)
    text = str(estimate)
    assert "1 h 04 min" in text
    assert "4 h 07 min" in text
