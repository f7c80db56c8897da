"""Whether a run may start, or go on, in its folder: no run overwrites another, and none mixes two experiments."""

import dataclasses
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.models.checkpoint import LAST, Checkpoint, load_checkpoint
from posenet_lib.scenes.scene import Scene

Stored = TypeVar("Stored")

# What a run chooses for itself where nothing is said; one that goes on keeps it. Older ones have PyTorch's adam_beta2,
# and no move (`models.checkpoint.current_settings`).
SETTLED_AT_THE_START = ("image_size", "crop", "move", "adam_beta2")


def run_to_resume(out: Path, config: TrainConfig, scene: Scene, resume: bool) -> Checkpoint | None:
    """What to go on from. A new run never overwrites an old one, and a resumed one never changes its settings."""
    start = stored_run(out, resume, load_checkpoint)
    if start is None:
        return None
    if start.scene_name != scene.name:
        raise WorkbookError(f"{out} was trained on the scene {start.scene_name}, not on {scene.name}")
    if not np.array_equal(start.offset_m, scene.offset_m):
        raise WorkbookError(f"{out} was trained on {scene.name} at another place of its map; start a new folder")
    # A longer run and another machine are fine; anything else would make one history of two experiments.
    free = {"epochs", "max_minutes", "precision", "device", "compile"}
    free |= {name for name in SETTLED_AT_THE_START if getattr(config, name) is None}
    check_same_settings(out, start.config, config, free)
    return start


def stored_run(out: Path, resume: bool, load: Callable[..., Stored]) -> Stored | None:
    """The last checkpoint of the run in a folder, to go on from; None for a new run.

    Args:
        load: of a kind of checkpoint, called with the folder and `which`.

    Raises:
        WorkbookError: the folder holds a run and none is to go on, or none and one is.
    """
    exists = (out / LAST).is_file()
    if not resume:
        if exists:
            raise WorkbookError(f"{out} already holds a training run; go on with --resume, or choose another folder")
        return None
    if not exists:
        raise WorkbookError(f"{out} holds no {LAST}, so there is nothing to resume; start without --resume")
    return load(out, which=LAST)


def check_same_settings(out: Path, before: Any, after: Any, free: Collection[str]) -> None:
    """Refuse to go on with other settings, two of one dataclass, than a run began with; those in `free` may change.

    Raises:
        WorkbookError: some others differ; it names them all.
    """
    was, now = dataclasses.asdict(before), dataclasses.asdict(after)
    if changed := [name for name in was if name not in free and was[name] != now[name]]:
        raise WorkbookError(
            f"{out} was trained with other settings: "
            + ", ".join(f"{name} {was[name]} (now {now[name]})" for name in changed)
            + "; resume with the same, or start a new folder"
        )
