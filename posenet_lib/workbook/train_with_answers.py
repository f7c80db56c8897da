"""The bridge from a student's recorded answers to a training run; notebook 05 and `posenet train` both cross it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.device import make_accelerator
from posenet_lib.scenes.scene import Scene, Split
from posenet_lib.training.fit import fit
from posenet_lib.training.history import EpochRecord
from posenet_lib.training.losses import make_loss
from posenet_lib.training.losses.beta import beta_for
from posenet_lib.training.losses.parts import AnswerParts, LossParts
from posenet_lib.workbook.answers import load_answer
from posenet_lib.workbook.guarded_answers import AnswerLoss, mean_image_by
from posenet_lib.workbook.parts import own_or


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

    Each step is the student's `train_step` where that is recorded and passes its check. Whatever is trained with, the
    student's loss with fixed beta judges the epochs.

    Raises:
        WorkbookError: an answer is missing (it says which notebook to finish), or its result cannot be used.
    """
    pose_loss = load_answer("PoseLoss", answers_dir)
    with make_accelerator(config).main_process_first():  # it decodes the photos, the others find them decoded
        mean_image = mean_image_of(scene.train, answers_dir, show_progress=show_progress)
    beta = beta_for(config, scene.train)

    def checked(**settings: Any) -> AnswerLoss:
        return AnswerLoss(pose_loss(**settings))

    judge = checked(beta=beta, head_weights=config.head_weights)
    halves = AnswerParts(checked, config.head_weights)
    loss = make_loss(LossParts(judge, halves.position, halves.rotation, scene, config))
    return fit(
        scene,
        mean_image,
        loss,
        config,
        out,
        judge=judge,
        plain_step=own_or(None, "train_step", answers_dir),
        resume=resume,
        on_epoch=on_epoch,
        show_progress=show_progress,
    )


def mean_image_of(train: Split, answers_dir: str | Path | None = None, *, show_progress: bool = True) -> np.ndarray:
    """The student's mean image of a scene's training photos, (H, W, 3) float32 in 0..255.

    The photos come resized from the store: decoding the originals once more would take minutes on a large scene.

    Raises:
        WorkbookError: the answer is missing, fails, or returns something that is no mean image of these photos.
    """
    generate_mean_image = load_answer("generate_mean_image", answers_dir)
    store = train.open_store(show_progress=show_progress)
    return mean_image_by(generate_mean_image, store.photos(), store.image_shape)
