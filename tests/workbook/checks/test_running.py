"""Running an answer inside a check."""

import sys

import pytest

from posenet_lib.workbook.checks import train_step
from posenet_lib.workbook.checks.running import SubCheck, run_sub_checks
from posenet_lib.workbook.feedback import RAISED


def test_exit_in_an_answer_does_not_end_the_kernel():
    results, _ = run_sub_checks((SubCheck("exits", lambda answer: sys.exit(3)),), None)
    assert results[0].outcome == RAISED


HOW = "train_step(model, loss_function, optimizer, images, target, clip_norm) has to work."


def _message(answer: object) -> str:
    results, _ = run_sub_checks(train_step.SUB_CHECKS[:1], answer)
    assert results[0].outcome == RAISED
    return results[0].message


def test_an_answer_that_does_not_take_the_arguments_reads_how_it_is_called():
    for answer in (lambda: 0, lambda model, loss_function: 0, lambda a, b, c, d, e, f, g: 0):
        assert _message(answer).endswith(HOW)


def _wrong_types(model, loss_function, optimizer, images, target, clip_norm):
    return images + "b"


def _own_call_is_wrong(model, loss_function, optimizer, images, target, clip_norm):
    return _wrong_types(model)


def _loss_without_target(model, loss_function, optimizer, images, target, clip_norm):
    return loss_function(model(images))


def _model_gets_too_much(model, loss_function, optimizer, images, target, clip_norm):
    return loss_function(model(images, target), target)


def _misspelt(model, loss_function, optimizer, images, target, clip_norm):
    return nothing  # noqa: F821


@pytest.mark.parametrize(
    "answer", [_wrong_types, _own_call_is_wrong, _loss_without_target, _model_gets_too_much, _misspelt]
)
def test_another_error_does_not(answer):
    message = _message(answer)
    assert "in line" in message and "has to work" not in message
