"""How long training will take: the arithmetic."""

import pytest

from posenet_lib.training.plan import TrainingPlan
from posenet_lib.workbook.estimate import TrainingEstimate


def test_the_estimate_multiplies():
    plan = TrainingPlan(224, "square", (224, 224), step_s=0.5, paper_step_s=0.5, reason="the paper's size")
    estimate = TrainingEstimate(plan, batch_size=32, photos=456, minutes=8)
    assert estimate.steps == 960
    assert estimate.epochs == pytest.approx(960 * 32 / 456)
    assert estimate.handout_minutes == pytest.approx(200 * 1220 / 32 * 0.5 / 60)
    text = str(estimate)
    assert "1 h 04 min" in text
    assert "4 h 07 min" in text
    assert "8 minutes: about 960 steps, or 67.4 epochs" in text
    assert "opening large photo files" in text, "faster than the student's run: the boast is true"


def test_small_pictures_do_not_flatter_the_comparison():
    plan = TrainingPlan(112, "wide", (112, 192), step_s=1.0, paper_step_s=3.5, reason="few epochs")
    estimate = TrainingEstimate(plan, batch_size=32, photos=456, minutes=8)
    assert estimate.steps == 480
    assert estimate.handout_minutes == pytest.approx(200 * 1220 / 32 * 3.5 / 60)
    assert "192 x 112 pixels (few epochs)" in str(estimate)
    slower = TrainingPlan(112, "wide", (112, 192), step_s=3.0, paper_step_s=10.5, reason="few epochs")
    text = str(TrainingEstimate(slower, batch_size=32, photos=456, minutes=1))
    assert "5.4 times as long: King's College wants a GPU" in text
    assert "opening large photo files" not in text, "no boast where it is not true"
    assert "1 minute: about 20 steps, or 1.4 epochs" in text
