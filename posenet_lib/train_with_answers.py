"""The bridge from a student's recorded answers to a training run; notebook 05 and `posenet train` both cross it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from posenet_lib import quaternion
from posenet_lib.answer_in_use import AnswerLoss, mean_image_by
from posenet_lib.config import TrainConfig
from posenet_lib.history import EpochRecord
from posenet_lib.losses import AnswerParts, LearnedWeighting, Reprojection
from posenet_lib.scene_points import visible_points
from posenet_lib.scenes import Scene, Split
from posenet_lib.training import fit
from posenet_lib.workbook import load_answer


def train_with_answers(
    scene: Scene,
    config: TrainConfig,
    out: str | Path,
    *,
    answers_dir: str | Path | None = None,
    resume: bool = False,
    on_epoch: Callable[[Sequence[EpochRecord]], None] | None = None,
    show_progress: bool = True,
) -> list[EpochRecord]:
    """`training.fit` with the student's mean image and loss, or with a loss made from the student's (`losses`).

    Whatever is trained with, the student's loss with fixed beta judges the epochs.

    Raises:
        WorkbookError: an answer is missing (it says which notebook to finish), or its result cannot be used.
    """
    pose_loss = load_answer("PoseLoss", answers_dir)
    mean_image = mean_image_of(scene.train, answers_dir, show_progress=show_progress)
    beta = config.beta if config.beta is not None else default_beta(scene.train)

    def checked(**settings: Any) -> AnswerLoss:
        return AnswerLoss(pose_loss(**settings))

    judge = loss = checked(beta=beta, head_weights=config.head_weights)
    if config.loss != "answer":
        parts = AnswerParts(checked, config.head_weights)
        loss = LearnedWeighting(parts.position, parts.rotation)
    if config.loss == "reprojection":
        loss = Reprojection(visible_points(scene), loss, config.reprojection_after)
    return fit(
        scene,
        mean_image,
        loss,
        config,
        out,
        judge=judge,
        resume=resume,
        on_epoch=on_epoch,
        show_progress=show_progress,
    )


def default_beta(train: Split) -> float:
    """What training takes unless it is told: a third of `balanced_beta`.

    Orientation is learned faster than position, so a balance at the start weighs it too much at the end. On RedKitchen
    half of the balanced beta and less gave better positions than the balanced one, and no worse orientations.
    """
    return balanced_beta(train) / 3


def balanced_beta(train: Split) -> float:
    """The beta at which both terms of the loss start equally large: spread of positions over spread of orientations.

    Spread is the mean distance from the mean pose, in metres and in the quaternion's own length. Kendall et al. 2015,
    section 3.1, find the best beta where both errors are balanced.
    """
    poses = train.poses
    mean_wxyz = quaternion.mean(poses.quaternion_wxyz)
    nearer = np.where(poses.quaternion_wxyz @ mean_wxyz < 0, -1.0, 1.0)[:, None] * poses.quaternion_wxyz
    position_m = np.linalg.norm(poses.position_m - poses.position_m.mean(axis=0), axis=1).mean()
    rotation = np.linalg.norm(nearer - mean_wxyz, axis=1).mean()
    return float(position_m / max(rotation, 1e-3))


def mean_image_of(train: Split, answers_dir: str | Path | None = None, *, show_progress: bool = True) -> np.ndarray:
    """The student's mean image of a scene's training photos, (H, W, 3) float32 in 0..255.

    The photos come resized from the store: decoding the originals once more would take minutes on a large scene.

    Raises:
        WorkbookError: the answer is missing, fails, or returns something that is no mean image of these photos.
    """
    generate_mean_image = load_answer("generate_mean_image", answers_dir)
    store = train.open_store(show_progress=show_progress)
    return mean_image_by(generate_mean_image, store.photos(), store.image_shape)
