"""Checks of `head_loss` (TODO 2): values known by hand, one property of the formula at a time, and the gradient."""

import math
from collections.abc import Callable

import numpy as np
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook.checks.head_loss_results import (
    backward,
    compare,
    compare_gradient,
    require_scalar,
)
from posenet_lib.workbook.checks.known_mistakes.head_loss import Batch, head_cause, position_cause
from posenet_lib.workbook.checks.known_poses import BATCH, NO_SHIFT, NO_TURN, NON_UNIT, SIMPLE, Probe, with_norms
from posenet_lib.workbook.checks.running import SubCheck, Wrong, once

Answer = Callable[[Pose, Pose, float], torch.Tensor]


def call(answer: Answer, probe: Probe) -> torch.Tensor:
    """One call on fresh tensors, with gradients on whatever the notebook has switched off."""
    with torch.enable_grad():
        return answer(*probe.poses(), probe.beta)


def expect(answer: Answer, probe: Probe, detail: str) -> None:
    """Compare with the loss that the probe's known errors give."""

    # `sqrt(... + 1e-8)`, a usual guard against the root's infinite slope, adds 1e-4 where an error is 0.
    compare(call(answer, probe), _right(probe), lambda: once(_cause, answer), detail, slack=1.5e-4 * (1 + probe.beta))


def _cause(answer: Answer) -> str | None:
    """The known mistake that gives this answer's numbers on poses with errors of every kind, if there is just one."""

    def loss_of(batch: Batch, beta: float) -> float:
        position, quaternion, *true = (torch.from_numpy(part.copy()) for part in batch)
        predicted = Pose(position.requires_grad_(), quaternion.requires_grad_())
        try:
            with torch.enable_grad():
                return require_scalar(answer(predicted, Pose(*true), beta))
        except ZeroDivisionError:
            return math.nan

    try:
        return head_cause(loss_of) or position_cause(loss_of)
    except Exception:  # whatever the answer raises here; the checks have calls of their own, which show it
        return None


def _right(probe: Probe) -> float:
    metres, quaternion = probe.lengths
    return float(np.mean(metres + probe.beta * quaternion))


def _scalar(answer: Answer) -> None:
    require_scalar(call(answer, Probe(BATCH, 10.0)))


def _position(answer: Answer) -> None:
    detail = "One photo, wrong by (3, 4, 0) m: the length is 5. Its quaternion is right."
    expect(answer, Probe((SIMPLE._replace(**NO_TURN),), 40.0), detail)


def _position_batch(answer: Answer) -> None:
    photos = tuple(photo._replace(**NO_TURN) for photo in BATCH)
    expect(answer, Probe(photos, 40.0), "Three photos, wrong by 3, 7 and 11 m; their quaternions are right.")


def _orientation(answer: Answer) -> None:
    detail = "Three photos whose quaternions are wrong by 0.5, 0.9 and 0.2 and positions by 3, 7 and 11 m; beta is 40."
    expect(answer, Probe(BATCH, 40.0), detail)


def _normalised_target(answer: Answer) -> None:
    detail = (
        "As before (0.5, 0.9, 0.2 and 3, 7, 11 m; beta 40), but the target's quaternions have lengths 2, 0.5 and 3."
    )
    expect(answer, Probe(NON_UNIT, 40.0), detail)


def _negated(answer: Answer) -> None:
    opposite = SIMPLE._replace(quaternion_error=(-1.6, -1.2, 0, 0), quaternion_distance=2.0)
    detail = (
        "The prediction is -q where the truth is q, so the quaternions are 2 apart; position wrong by 5 m; beta 40."
    )
    expect(answer, Probe((opposite,), 40.0), detail)


def _other_betas(answer: Answer) -> None:
    for beta in (0.0, 0.5, 250.0, 1750.0):
        expect(answer, Probe(BATCH, beta), f"Mean position error 7 m, mean quaternion error 0.5333; beta is {beta:g}.")


def _components(answer: Answer) -> None:
    still = SIMPLE._replace(**NO_SHIFT, **NO_TURN)
    ignored = ""
    for index, name in enumerate("xyzwpqr"):
        error = [0.0] * 7
        error[index] = 2.0
        if index < 3:
            photo = still._replace(position_error=tuple(error[:3]), distance_m=2.0)
        else:
            photo = still._replace(quaternion_error=tuple(error[3:]), quaternion_distance=2.0)
        probe = Probe((photo,), 3.0)
        if abs(require_scalar(call(answer, probe))) < 1e-3:
            ignored += name
        else:
            expect(answer, probe, f"One photo: {name} is wrong by 2, everything else is right, beta is 3.")
    whole = {"xyz": "The position error is missing.", "wpqr": "The orientation error is missing."}
    if ignored:
        cause = f"An error in {', '.join(ignored)} does not change the loss. Use all 3 + 4 numbers, without slices."
        raise Wrong(whole.get(ignored, cause))


def _gradient(answer: Answer) -> None:
    probe = Probe(NON_UNIT, 40.0)
    predicted, target = probe.poses()
    with torch.enable_grad():
        loss = answer(predicted, target, probe.beta)
    require_scalar(loss)
    if loss.grad_fn is not None:
        expect(answer, probe, "A gradient can only be right where the value is.")
    backward(loss)
    metres, quaternion = (lengths[:, None] for lengths in probe.lengths)
    # The gradient of a length points along the difference and has length 1.
    compare_gradient("position", predicted.position_m, probe.column("position_error") / metres / 3)
    compare_gradient("quaternion", predicted.quaternion_wxyz, 40 * probe.column("quaternion_error") / quaternion / 3)


def _perfect(answer: Answer) -> str | None:
    probe = Probe(tuple(photo._replace(**NO_SHIFT, **NO_TURN) for photo in BATCH), 40.0)
    predicted, target = probe.poses()
    with torch.enable_grad():
        loss = answer(predicted, target, probe.beta)
    if not abs(require_scalar(loss)) < 0.05:
        raise Wrong("A perfect prediction must have loss 0.", f"Yours is {loss.item():.4g}.")
    if loss.grad_fn is not None:
        loss.backward()
    gradients = [leaf.grad for leaf in predicted if leaf.grad is not None]
    if any(not torch.isfinite(gradient).all() for gradient in gradients):
        return (
            "Right, with one piece of advice: where an error is exactly 0, your gradient is NaN. One such photo spoils "
            "the training. The root has no slope at 0; `torch.linalg.vector_norm` takes 0 there."
        )
    return None


def _unchanged(answer: Answer) -> None:
    predicted, target = Probe(NON_UNIT, 40.0).poses()
    before = [tensor.detach().clone() for tensor in (*predicted, *target)]
    with torch.enable_grad():
        answer(predicted, target, 40.0)
    names = ("predicted position", "predicted quaternion", "target position", "target quaternion")
    for name, old, new in zip(names, before, (*predicted, *target), strict=True):
        if not torch.equal(old, new.detach()):
            raise Wrong(
                f"Your code changed the {name} that it was given. Make a new tensor: `a = a / b`, not `a /= b`."
            )


_SUB_CHECKS = (
    SubCheck("one number for a batch", _scalar),
    SubCheck("position error of one photo", _position, "(The batch has one photo here: does `squeeze` drop its axis?)"),
    SubCheck("every component counts", _components),
    SubCheck("position error of a batch", _position_batch),
    SubCheck("orientation error of a batch", _orientation),
    SubCheck("the target quaternion is normalised", _normalised_target),
    SubCheck("q against -q", _negated),
    SubCheck("other values of beta", _other_betas),
    SubCheck("a perfect prediction", _perfect),
    SubCheck("gradient", _gradient),
    SubCheck("the poses stay as they were", _unchanged),
)
SUB_CHECKS = tuple(with_norms(sub_check) for sub_check in _SUB_CHECKS)
