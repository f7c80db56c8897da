"""Checks of `PoseLoss` (TODO 3): the weighted sum over three heads whose losses are known by hand."""

import traceback
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook.checks.head_loss import SUB_CHECKS as HEAD_LOSS_CHECKS
from posenet_lib.workbook.checks.head_loss_results import backward, compare, compare_gradient, require_scalar
from posenet_lib.workbook.checks.known_heads import (
    DEFAULT_BETA,
    DEFAULT_WEIGHTS,
    HEADS,
    METRES,
    OTHER_WEIGHTS,
    QUATERNION,
    batch,
)
from posenet_lib.workbook.checks.known_mistakes.pose_loss import HeadBatch, heads_cause
from posenet_lib.workbook.checks.known_poses import NON_UNIT, Probe, with_norms
from posenet_lib.workbook.checks.running import SubCheck, Wrong, once, run_sub_checks
from posenet_lib.workbook.feedback import PASSED


def _with_head_loss_first(check: Callable[[type], None]) -> Callable[[type], None]:
    """A wrong `head_loss` makes every `PoseLoss` wrong: name it as the cause before any other."""

    def run(answer: type) -> None:
        try:
            check(answer)
        except Exception as error:
            if (
                isinstance(error, NotImplementedError)
                and traceback.extract_tb(error.__traceback__)[-1].name != "head_loss"
            ):
                raise
            head_loss = getattr(getattr(answer, "forward", None), "__globals__", {}).get("head_loss")
            if callable(head_loss) and any(r.outcome != PASSED for r in run_sub_checks(HEAD_LOSS_CHECKS, head_loss)[0]):
                raise Wrong(
                    "`head_loss`, which PoseLoss uses, is not right yet: finish TODO 2, check(head_loss)."
                ) from None
            raise

    return run


def _make(answer: type, *arguments: object, **named: object) -> nn.Module:
    if hasattr(answer, "_init_"):
        raise Wrong("The method is called `_init_`. Python looks for `__init__`, with two underscores on each side.")
    made = answer(*arguments, **named)
    if not isinstance(made, nn.Module):
        raise Wrong("PoseLoss must be a class derived from nn.Module: `class PoseLoss(nn.Module):`.")
    if "_parameters" not in vars(made):
        raise Wrong("`__init__` does not call `super().__init__()`. nn.Module needs that before anything else.")
    trainable = [name for name, parameter in made.named_parameters() if parameter.requires_grad]
    if trainable:
        raise Wrong(
            "beta, the head weights or other numbers are trainable parameters, so training would make the loss small "
            "by changing them. Keep beta and the weights as plain numbers; this loss has nothing to learn.",
            f"Trainable: {', '.join(trainable)[:80]}.",
        )
    return made


def _expect(
    made: nn.Module,
    detail: str,
    beta: float = DEFAULT_BETA,
    weights: tuple[float, float, float] = DEFAULT_WEIGHTS,
    evaluation: bool = False,
) -> None:
    output, target = batch()
    output = output._replace(aux1=None, aux2=None) if evaluation else output
    with torch.enable_grad():
        got = made(output, target)
    counted = slice(2, 3) if evaluation else slice(0, 3)
    expected = float(np.array(weights)[counted] @ (METRES + beta * QUATERNION)[counted])

    compare(got, expected, lambda: once(_evaluation_cause if evaluation else _training_cause, type(made)), detail)


def _training_cause(answer: type) -> str | None:
    return heads_cause(_losses_of(answer), evaluation=False)


def _evaluation_cause(answer: type) -> str | None:
    return heads_cause(_losses_of(answer), evaluation=True)


def _losses_of(answer: type) -> Callable[[HeadBatch, float, tuple[float, ...], bool], float]:
    """What a fresh object of the class gives for made-up predictions."""

    def loss_of(made: HeadBatch, beta: float, weights: tuple[float, ...], evaluation: bool) -> float:
        position, quaternion = (torch.from_numpy(part.copy()) for part in made.heads[2][2:])
        heads = [Pose(*(torch.from_numpy(part.copy()).requires_grad_() for part in head[:2])) for head in made.heads]
        aux = (None, None) if evaluation else heads[:2]
        with torch.enable_grad():
            loss = answer(beta=beta, head_weights=weights)(PoseNetOutput(heads[2], *aux), Pose(position, quaternion))
        return require_scalar(loss)

    return loss_of


def _defaults(answer: type) -> None:
    try:
        _expect(_make(answer), f"PoseLoss() has beta 500 and weights (0.3, 0.3, 1). {HEADS}")
    except Wrong:
        _expect(
            _make(answer, beta=DEFAULT_BETA, head_weights=DEFAULT_WEIGHTS),
            f"beta is 500, the weights are (0.3, 0.3, 1). {HEADS}",
        )
        raise Wrong("The defaults must be beta=500.0 and head_weights=(0.3, 0.3, 1.0).") from None


def _weights(answer: type) -> None:
    made = _make(answer, beta=40.0, head_weights=OTHER_WEIGHTS)
    _expect(made, f"beta is 40, the weights are {OTHER_WEIGHTS}. {HEADS}", 40.0, OTHER_WEIGHTS)


def _betas(answer: type) -> None:
    for beta in (0.0, 12.5, 1200.0):
        _expect(_make(answer, beta=beta), f"beta is {beta:g}, the weights are (0.3, 0.3, 1). {HEADS}", beta)


def _evaluation(answer: type) -> None:
    for training in (False, True):  # the output decides, not the mode: a loss is often left in training mode
        made = _make(answer, beta=40.0, head_weights=OTHER_WEIGHTS).train(training)
        detail = "The main head's errors are 21 m and 0.178; beta is 40, its weight 2."
        _expect(made, detail, 40.0, OTHER_WEIGHTS, evaluation=True)


def _side_by_side(answer: type) -> None:
    first = _make(answer, beta=40.0, head_weights=OTHER_WEIGHTS)
    second = _make(answer, beta=DEFAULT_BETA, head_weights=DEFAULT_WEIGHTS)
    try:
        for _ in range(2):
            _expect(second, "", DEFAULT_BETA)
            _expect(first, "", 40.0, OTHER_WEIGHTS)
    except Wrong:
        # Alone it may be right: then the objects, or the calls, are not independent.
        alone = _make(answer, beta=40.0, head_weights=OTHER_WEIGHTS)
        _expect(alone, f"beta is 40, the weights are {OTHER_WEIGHTS}. {HEADS}", 40.0, OTHER_WEIGHTS)
        cause = (
            "Two PoseLoss objects, or two calls of one, disturb each other. Keep beta and the weights in `self`, and "
        )
        raise Wrong(f"{cause}start the sum anew in each `forward`.") from None


def _gradient(answer: type) -> None:
    output, target = batch()
    with torch.enable_grad():
        got = _make(answer, beta=40.0, head_weights=OTHER_WEIGHTS)(output, target)
    require_scalar(got)
    if got.grad_fn is not None:
        _weights(answer)  # a gradient can only be right where the value is
    backward(got)
    metres, quaternion = (lengths[:, None] for lengths in Probe(NON_UNIT, 0.0).lengths)
    along = (
        Probe(NON_UNIT, 0.0).column("position_error") / metres / 3,
        (40 * Probe(NON_UNIT, 0.0).column("quaternion_error") / quaternion / 3),
    )
    for name, weight in zip(("aux1", "aux2", "main"), OTHER_WEIGHTS, strict=True):
        for what, leaf, direction in zip(("position", "quaternion"), getattr(output, name), along, strict=True):
            compare_gradient(f"{what} of head {name}", leaf, weight * direction)


_ARGUMENTS = "PoseLoss(beta=..., head_weights=(..., ..., ...)) has to work, with these names."
_ALONE = "In evaluation, output.aux1 and output.aux2 are None: add those heads only if they are there."
_SUB_CHECKS = (
    SubCheck("training, with the default values", _defaults, call="PoseLoss() has to work without arguments."),
    SubCheck("training, with other head weights", _weights, call=_ARGUMENTS),
    SubCheck("training, with other values of beta", _betas, call=_ARGUMENTS),
    SubCheck("evaluation: the main head alone", _evaluation, _ALONE),
    SubCheck("two losses side by side", _side_by_side),
    SubCheck("gradient for every head", _gradient),
)
SUB_CHECKS = tuple(with_norms(one._replace(run=_with_head_loss_first(one.run))) for one in _SUB_CHECKS)
