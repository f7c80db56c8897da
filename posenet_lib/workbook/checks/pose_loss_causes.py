"""The probe for `PoseLoss`, and what typical mistakes give on it."""

import itertools

import numpy as np

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook.checks.known_poses import NON_UNIT, Probe

DEFAULT_BETA, DEFAULT_WEIGHTS = 500.0, (0.3, 0.3, 1.0)
OTHER_WEIGHTS = (0.5, 0.25, 2.0)
# Mean errors of the three heads, in the order aux1, aux2, main: NON_UNIT's own, and those scaled by 2 and 3.
METRES, QUATERNION = np.array([7.0, 14.0, 21.0]), np.array([1.6, 0.8, 1.6 / 3]) / 3
HEADS = "The position errors of aux1, aux2, main are 7, 14, 21 m, their quaternion errors 0.533, 0.267, 0.178."


def batch() -> tuple[PoseNetOutput, Pose]:
    """Fresh predictions of all three heads, and their target."""
    heads = []
    for scale in (1, 2, 3):
        photos = tuple(
            photo._replace(
                position_error=tuple(scale * number for number in photo.position_error),
                quaternion_error=tuple(number / scale for number in photo.quaternion_error),
            )
            for photo in NON_UNIT
        )
        predicted, target = Probe(photos, 0.0).poses()
        heads.append(predicted)
    aux1, aux2, main = heads
    return PoseNetOutput(main, aux1, aux2), target


def weight_mistakes(beta: float, weights: tuple[float, float, float], evaluation: bool) -> dict[str, list[float]]:
    """Cause -> the losses that this mistake gives; everything here is wrong on purpose."""
    w, heads = np.array(weights), METRES + beta * QUATERNION
    main_only = "The auxiliary heads are ignored. In training, all three heads count."
    if evaluation:
        return {
            "The main head's weight is not applied. It counts in evaluation too.": [heads[2]],
            "The main head gets another head's weight. Their order is (aux1, aux2, main).": [
                w[0] * heads[2],
                w[1] * heads[2],
            ],
        }
    orders = [np.array(order) for order in itertools.permutations(weights) if order != tuple(weights)]
    fixed = "The head weights are hard-coded. Use the argument head_weights."
    return {
        main_only: [w[2] * heads[2], heads[2]],
        "The first auxiliary head is ignored.": [w[1:] @ heads[1:]],
        "The second auxiliary head is ignored.": [w[0] * heads[0] + w[2] * heads[2]],
        "One auxiliary head is used twice, the other not at all.": [
            (w[0] + w[1]) * heads[0] + w[2] * heads[2],
            (w[0] + w[1]) * heads[1] + w[2] * heads[2],
        ],
        "The main head's prediction is used for all three heads.": [w.sum() * heads[2]],
        "The main head is ignored.": [w[:2] @ heads[:2]],
        "The head weights are not applied.": [heads.sum(), heads.mean()],
        "The main head's weight is not applied.": [w[:2] @ heads[:2] + heads[2]],
        "The weights go to the wrong heads. Their order is (aux1, aux2, main).": [order @ heads for order in orders],
        fixed: [np.array(DEFAULT_WEIGHTS) @ heads],
        "The sum is divided by the sum of the weights, or by 3, or the heads' predictions were averaged. The formula "
        "adds the three losses.": [
            w @ heads / w.sum(),
            w @ heads / 3,
        ],
        "The head weights are squared. Is each loss multiplied by its weight twice?": [w**2 @ heads],
        "The arguments of `head_loss` are swapped. The prediction comes first, then the truth.": [
            w @ (METRES + beta * _swapped_quaternion_errors())
        ],
        "beta is cut off to a whole number. It may be any float.": (
            [w @ (METRES + int(beta) * QUATERNION)] if beta != int(beta) else []
        ),
        "beta counts for the main head only. Every head uses the same beta.": [
            w @ METRES + beta * w[2] * QUATERNION[2],
            w[2] * heads[2] + w[:2] @ (METRES + QUATERNION)[:2],
        ],
        "beta is multiplied by the head's weight twice. `head_loss` already holds beta.": [
            w @ METRES + beta * (w**2) @ QUATERNION
        ],
        "A head's weight multiplies only its position error. It belongs to the whole loss of that head.": [
            w @ METRES + beta * QUATERNION.sum()
        ],
        "A head's weight multiplies only its orientation error. It belongs to the whole loss of that head.": [
            METRES.sum() + beta * w @ QUATERNION
        ],
        "beta is not applied.": [w @ (METRES + QUATERNION)],
        "beta is hard-coded. Use the argument beta.": [w @ (METRES + b * QUATERNION) for b in (500.0, 250.0, 300.0)],
        "beta and the head weights are both hard-coded. Use the arguments.": [
            np.array(DEFAULT_WEIGHTS) @ (METRES + DEFAULT_BETA * QUATERNION)
        ],
    }


def _swapped_quaternion_errors() -> np.ndarray:
    """[3], aux1, aux2, main: what `head_loss(target, predicted, beta)` finds, which normalises the prediction."""
    output, target = batch()
    truth = target.quaternion_wxyz.numpy()
    predicted = [head.quaternion_wxyz.detach().numpy() for head in (output.aux1, output.aux2, output.main)]
    rows = [one / np.linalg.norm(one, axis=1, keepdims=True) for one in predicted]
    return np.array([np.linalg.norm(truth - row, axis=1).mean() for row in rows])
