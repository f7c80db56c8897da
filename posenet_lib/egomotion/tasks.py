"""What each task trains, on which photos: the learner and its batches; and the two stages of flow."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from torch import nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.checkpoint import EgomotionCheckpoint, load_checkpoint
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.fit import FREE, Batches, Learner
from posenet_lib.egomotion.frames import read_frames
from posenet_lib.egomotion.parts import Parts
from posenet_lib.egomotion.residual import FlowBatches, FlowLearner
from posenet_lib.egomotion.stereo import StereoBatches, StereoLearner, read_stereo_pairs
from posenet_lib.egomotion.video import VideoBatches, VideoLearner
from posenet_lib.models.checkpoint import LAST
from posenet_lib.scenes.scene import Scene
from posenet_lib.training.resume import check_same_settings

_SAME = ("width", "height", "step", "scales")  # the second stage sees what the first one saw


class Prepared(NamedTuple):
    """What `fit` needs."""

    learner: Learner
    batches: Batches
    baseline_m: float | None
    photos: str  # how many, in words


def prepared(
    scene: Scene, config: EgomotionConfig, parts: Parts, first_stage: EgomotionCheckpoint | None = None
) -> Prepared:
    """Read a task's photos and make its networks; `first_stage` as `first_stage_of` finds it."""
    if config.task == "stereo":
        pairs = read_stereo_pairs(scene, scene.train, config)
        learner = StereoLearner(config, parts, pairs.camera, pairs.baseline_m)
        return Prepared(learner, StereoBatches(pairs, config), pairs.baseline_m, f"{len(pairs.frames)} stereo pairs")
    frames = read_frames(scene, scene.train, config.width, config.height)
    if first_stage is None:
        learner, batches = VideoLearner(config, parts, frames.camera), VideoBatches(frames, config)
    else:
        networks = first_stage.build()
        learner = FlowLearner(config, parts, frames.camera, networks)
        batches = FlowBatches(frames, networks, config)
    return Prepared(learner, batches, None, f"{len(frames)} photos")


def first_stage_of(config: EgomotionConfig, given: Path | None, resumed: Path | None) -> EgomotionCheckpoint | None:
    """The depth and motion that a flow network is trained on top of; None for the other tasks.

    Args:
        given: a run or a checkpoint of `--task video`.
        resumed: a run of `--task flow` that goes on: it holds its own first stage.

    Raises:
        WorkbookError: it is missing, of another task, or made for other photos; or it is given where none is needed;
            or a run is to go on with other settings.
    """
    if config.task != "flow":
        if given is not None:
            raise WorkbookError(f"a first stage is for --task flow, not for --task {config.task}")
        return None
    if resumed is not None:
        own = load_checkpoint(resumed, which=LAST)
        check_same_settings(resumed, own.config, config, FREE)
        return own
    if given is None:
        raise WorkbookError("--task flow needs depth and motion: train --task video first, then give its --first-stage")
    first = load_checkpoint(given)
    if first.config.task == "stereo":
        raise WorkbookError(f"{given}: learned from stereo pairs, so it knows no motion; give a run of --task video")
    different = [name for name in _SAME if getattr(first.config, name) != getattr(config, name)]
    if different:
        wanted = " ".join(f"--{name} {getattr(first.config, name)}" for name in different)
        raise WorkbookError(f"{given} was trained with other settings; give {wanted}")
    return first


def second_stages(checkpoint: EgomotionCheckpoint, beside: Sequence[EgomotionCheckpoint]) -> dict[str, nn.ModuleDict]:
    """Networks with a flow network, by name: of the checkpoint, if it has one, and of those beside it.

    Raises:
        WorkbookError: one of those beside it has none, or was made for other photos.
    """
    stages = {}
    for one in [checkpoint, *beside] if checkpoint.config.task == "flow" or beside else []:
        if one.config.task != "flow" or any(
            getattr(one.config, name) != getattr(checkpoint.config, name) for name in _SAME
        ):
            raise WorkbookError(f"--beside compares runs of --task flow with the same {', '.join(_SAME)}")
        name = f"full flow, consistency {one.config.consistency:g}"
        stages[name if name not in stages else f"{name} ({len(stages) + 1})"] = one.build()
    return stages
