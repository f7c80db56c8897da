"""What losses are made of."""

import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.training.losses.parts import AnswerParts
from posenet_lib.workbook import load_answer
from tests.support.places import ANSWERS


def random_output(batch: int = 5, heads: int = 3) -> PoseNetOutput:
    poses = [Pose(torch.randn(batch, 3), torch.randn(batch, 4)) for _ in range(heads)]
    return PoseNetOutput(*poses, *[None] * (3 - heads))


def test_the_parts_of_a_loss_are_found_without_looking_inside():
    PoseLoss = load_answer("PoseLoss", ANSWERS)  # noqa: N806
    weights = (0.3, 0.2, 1.0)
    parts, output, target = AnswerParts(PoseLoss, weights), random_output(), random_output().main
    whole = PoseLoss(beta=7.0, head_weights=weights)(output, target)
    torch.testing.assert_close(parts.position(output, target) + 7 * parts.rotation(output, target), whole)
    moved = output._replace(main=output.main._replace(position_m=output.main.position_m + 5))
    torch.testing.assert_close(parts.rotation(moved, target), parts.rotation(output, target))
    assert parts.position(moved, target) > parts.position(output, target)
