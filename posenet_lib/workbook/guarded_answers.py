"""A student's answers while a run uses them: what goes wrong inside is one message, with the answer's own line."""

import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook.answers import is_answer_file
from posenet_lib.workbook.questions import question


class AnswerLoss(nn.Module):
    """A student's PoseLoss in training; what it holds moves to the GPU with it. Args: `loss`, an instance of it."""

    def __init__(self, loss: Callable[[PoseNetOutput, Pose], Tensor]):
        super().__init__()
        self.answer = loss

    def forward(self, output: PoseNetOutput, target: Pose) -> Tensor:
        """A scalar, with a gradient in training.

        Raises:
            WorkbookError: the answer fails, or returns something that cannot be trained with.
        """
        value = _call("PoseLoss", self.answer, output, target)
        if not isinstance(value, Tensor) or value.dim() != 0:
            what = f"a tensor of shape {tuple(value.shape)}" if isinstance(value, Tensor) else repr(value)[:80]
            raise _unusable("PoseLoss", f"returned {what}; a tensor with one number is needed")
        if torch.is_grad_enabled() and not value.requires_grad:
            raise _unusable(
                "PoseLoss", "returned a tensor without a gradient; NumPy, .item(), .detach() or torch.tensor cut it off"
            )
        return value


def mean_image_by(
    generate_mean_image: Callable[[Iterable[Image.Image]], np.ndarray],
    photos: Iterable[Image.Image],
    shape: tuple[int, int, int],
) -> np.ndarray:
    """A student's mean image of these photos, (H, W, 3) float32 in 0..255.

    Raises:
        WorkbookError: the answer fails, or returns something that is no mean image of photos of this `shape`.
    """
    mean_image = np.asarray(_call("generate_mean_image", generate_mean_image, photos))
    wanted = f"finite numbers in 0..255 of shape {shape} are needed"
    if mean_image.shape != shape or mean_image.dtype.kind not in "fiu":
        raise _unusable(
            "generate_mean_image", f"returned an array of {mean_image.dtype}, shape {mean_image.shape}; {wanted}"
        )
    low, high = float(mean_image.min()), float(mean_image.max())
    if not (np.isfinite([low, high]).all() and low >= 0 and 1 < high <= 255):  # photos are never as dark as 1
        raise _unusable("generate_mean_image", f"returned numbers from {low:.4g} to {high:.4g}; {wanted}")
    return mean_image.astype(np.float32)


def _call(name: str, answer: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return answer(*arguments)
    except WorkbookError:
        raise
    except Exception as error:
        # An answer may use another, as PoseLoss uses head_loss: the line that failed is the last one of any answer.
        lines = [line for line in traceback.extract_tb(error.__traceback__) if is_answer_file(Path(line.filename))]
        place = f" in {Path(lines[-1].filename).name}, line {lines[-1].lineno}: `{lines[-1].line}`" if lines else ""
        raise _unusable(name, f"raised {type(error).__name__}: {error}{place}") from error


def _unusable(name: str, what: str) -> WorkbookError:
    return WorkbookError(f"your {name} {what}. Run the check of {question(name).place}")
