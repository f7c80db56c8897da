"""Whether a run may start, or go on, in its folder: no run overwrites another, and none mixes two experiments."""

import dataclasses
from pathlib import Path

import numpy as np

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.models.checkpoint import LAST, Checkpoint, load_checkpoint
from posenet_lib.scenes.scene import Scene


def run_to_resume(out: Path, config: TrainConfig, scene: Scene, resume: bool) -> Checkpoint | None:
    """What to go on from. A new run never overwrites an old one, and a resumed one never changes its settings."""
    exists = (out / LAST).is_file()
    if not resume:
        if exists:
            raise WorkbookError(f"{out} already holds a training run; go on with --resume, or choose another folder")
        return None
    if not exists:
        raise WorkbookError(f"{out} holds no {LAST}, so there is nothing to resume; start without --resume")
    start = load_checkpoint(out, which=LAST)
    if start.scene_name != scene.name:
        raise WorkbookError(f"{out} was trained on the scene {start.scene_name}, not on {scene.name}")
    if not np.array_equal(start.offset_m, scene.offset_m):
        raise WorkbookError(f"{out} was trained on {scene.name} at another place of its map; start a new folder")
    # A longer run and another machine are fine; anything else would make one history of two experiments.
    free = {"epochs", "max_minutes", "precision", "device", "compile"}
    if config.image_size is None:  # the size that was chosen at the start
        free.add("image_size")
    was, now = dataclasses.asdict(start.config), dataclasses.asdict(config)
    if changed := [name for name in was if name not in free and was[name] != now[name]]:
        raise WorkbookError(
            f"{out} was trained with other settings: "
            + ", ".join(f"{name} {was[name]} (now {now[name]})" for name in changed)
            + "; resume with the same, or start a new folder"
        )
    return start
