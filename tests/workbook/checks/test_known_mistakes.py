"""A known mistake gets its own cause or none, never the cause of another; right numbers and unknown ones get none."""

import numpy as np
import pytest

from posenet_lib.workbook.checks.known_mistakes import head_loss as head
from posenet_lib.workbook.checks.known_mistakes import mean_image as photos
from posenet_lib.workbook.checks.known_mistakes import pose_loss as heads
from posenet_lib.workbook.checks.known_mistakes.head_loss_factors import RULES
from posenet_lib.workbook.checks.known_mistakes.mean_image_mistakes import AFTER, AVERAGES, BEFORE
from posenet_lib.workbook.checks.known_mistakes.mean_image_photo_weights import COUNT, dotted_mean, dotted_photos
from posenet_lib.workbook.checks.known_mistakes.pose_loss_weights import weight_rules


def head_losses(metres, quaternion, factors=lambda beta: (1.0, beta, 0.0)):
    """An answer whose errors for the fit's own batches are known."""
    made, _, _ = head._known_structures()
    place = {id(batch): number for number, batch in enumerate(made)}

    def loss_of(batch, beta):
        a, c, d = factors(beta)
        return float(a * metres[place[id(batch)]] + c * quaternion[place[id(batch)]] + d)

    return loss_of


def test_right_losses_have_no_cause():
    right = head._known_structures()[1][0]
    assert head.head_cause(head_losses(right.metres, right.quaternion)) is None


def test_each_way_to_get_errors_is_named_or_nothing_is_said():
    single = [structure for structure in head._known_structures()[1] if structure.parts == 1]
    told = 0
    for structure in single[::6]:
        cause = head.head_cause(head_losses(structure.metres, structure.quaternion))
        assert cause in (structure.text, None)
        told += cause is not None
    assert told > 0.9 * len(single[::6])


@pytest.mark.parametrize("number", range(len(RULES)))
def test_each_factor_is_named_or_nothing_is_said(number):
    text, rule = RULES[number]
    right = head._known_structures()[1][0]

    def factors(beta):
        values = rule(beta)
        return values if np.isfinite(values).all() else (np.nan,) * 3

    cause = head.head_cause(head_losses(right.metres, right.quaternion, factors))
    assert cause in (text, None)
    assert cause or "missing" in text or "logarithm" in text or "divide" in text.lower()


def test_unknown_losses_have_no_cause():
    rng = np.random.default_rng(3)
    assert head.head_cause(lambda batch, beta: float(rng.uniform(1, 100))) is None
    assert head.head_cause(lambda batch, beta: float("nan")) is None


def weighted_losses(rule):
    made, ways = heads._terms()
    place, right = {id(batch): number for number, batch in enumerate(made)}, ways[0][1]

    def loss_of(batch, beta, weights, evaluation):
        a, c = rule(np.array(weights), beta)
        row = right[place[id(batch)]]
        kept = slice(2, 3) if evaluation else slice(0, 3)
        return float(np.sum((a * row[:3] + c * row[3:6])[kept]))

    return loss_of


def test_each_use_of_the_weights_is_named_or_nothing_is_said():
    single = [(text, rule) for text, parts, rule in weight_rules() if parts == 1]
    told = 0
    for text, rule in single:
        cause = heads.heads_cause(weighted_losses(rule), evaluation=False)
        assert cause in (text, None)
        told += cause is not None
    assert told > 0.9 * len(single)
    assert heads.heads_cause(weighted_losses(lambda w, beta: (w, w * beta)), evaluation=False) is None


def made_image(before, average, after):
    def image_of(given, side):
        return after(average(before(np.stack([np.asarray(photo, dtype=np.float64) for photo in given]))))

    return image_of


STEPS = [
    *((text, made_image(step, AVERAGES[0][1], AFTER[0][1])) for text, step in BEFORE if text),
    *((text, made_image(BEFORE[0][1], step, AFTER[0][1])) for text, step in AVERAGES if text),
    *((text, made_image(BEFORE[0][1], AVERAGES[0][1], step)) for text, step in AFTER if text),
]


@pytest.mark.parametrize("number", range(0, len(STEPS), 8))
def test_each_mistake_with_photos_is_named_or_nothing_is_said(number):
    text, image_of = STEPS[number]
    assert photos.mean_image_cause(image_of) in (text, None)


def test_shares_of_photos_are_read_off():
    def of_weights(weights):
        def image_of(given, side):
            stack = np.stack([np.asarray(photo, dtype=np.float64) for photo in given])
            used = np.resize(weights(len(stack)), len(stack))
            return np.tensordot(used, stack, 1)

        return image_of

    assert photos.mean_image_cause(of_weights(lambda n: np.full(n, 1 / n))) is None
    first = photos.mean_image_cause(of_weights(lambda n: (np.arange(n) < 100) / min(n, 100)))
    assert first.startswith("Only the first 100 photos count")
    assert photos.mean_image_cause(of_weights(lambda n: np.arange(1, n + 1) / n**2)).startswith("Late photos")
    assert np.allclose(np.mean([np.asarray(photo) for photo in dotted_photos()], axis=0), dotted_mean())
    assert len(dotted_photos()) == COUNT and all(COUNT % size for size in range(2, COUNT))
