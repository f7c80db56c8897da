"""`posenet train`: the student's answers on any scene."""

import argparse
import contextlib
import io
import os
import sys
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command, add_scene_option, add_settings, read_settings
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.shell import quoted

_BATCH_NORM = "googlenet-bn"  # the trunk that trains from scratch far faster


def add_parsers(commands: Any) -> None:
    """Declare `train`."""
    parser = add_command(
        commands,
        "train",
        run_train,
        "Train PoseNet on a scene with your own mean image and loss (notebooks 01 and 04).",
    )
    add_scene_option(parser)
    parser.add_argument("--answers", type=Path, metavar="DIR", help="folder of recorded answers (default: answers/)")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder for checkpoints and logs")
    parser.add_argument("--resume", action="store_true", help="go on with an interrupted run, with the same settings")
    settings = parser.add_argument_group("settings")
    add_settings(settings, TrainConfig)
    settings.add_argument("--batch-norm", action="store_true", help=f"short for --trunk {_BATCH_NORM}")


def run_train(options: argparse.Namespace) -> None:
    """`posenet train`."""
    if options.batch_norm:
        if options.trunk not in (TrainConfig.trunk, _BATCH_NORM):
            raise WorkbookError(f"--batch-norm is short for the trunk {_BATCH_NORM}, but the trunk is {options.trunk}")
        options.trunk = _BATCH_NORM
    config = read_settings(options, TrainConfig)
    # Of several processes, one speaks. Accelerate would know which, but wakes up later.
    speaks = os.environ.get("RANK", "0") == "0"
    with contextlib.nullcontext() if speaks else contextlib.redirect_stdout(io.StringIO()):
        _train(options, config, speaks)


def _train(options: argparse.Namespace, config: TrainConfig, speaks: bool) -> None:
    from posenet_lib.core.device import device_summary
    from posenet_lib.scenes.check.once import warnings_about
    from posenet_lib.scenes.scene import load_scene
    from posenet_lib.training.best_epoch import best_epoch
    from posenet_lib.workbook.train_with_answers import train_with_answers

    scene, processes = load_scene(options.scene), int(os.environ.get("WORLD_SIZE", "1"))
    for warning in warnings_about(options.scene) if speaks else ():
        print(warning, file=sys.stderr)
    shared = f" in {processes} processes" if processes > 1 else ""
    print(f"Training on {scene.name}, {len(scene.train)} photos; {device_summary(config)}{shared}.")
    history = train_with_answers(
        scene,
        config,
        options.out,
        answers_dir=options.answers,
        resume=options.resume,
        on_epoch=lambda history: _print_epoch(history, scene.unit),
        show_progress=sys.stderr.isatty(),
    )
    best = best_epoch(history)
    print(
        f"Best epoch {best.epoch}: {best.held_out_position_m:.2f} {scene.unit}, {best.held_out_rotation_deg:.2f} deg "
        f"on held-out training photos. Next: posenet evaluate --scene {quoted(options.scene)} "
        f"--checkpoint {quoted(options.out)}"
    )


def _print_epoch(history, unit: str) -> None:
    r = history[-1]
    cut = "" if r.share == 1 else f"  ({100 * r.share:.0f} % of the photos, then the time was up)"
    print(
        f"epoch {r.epoch:3d}  loss {r.train_loss:8.3f}  held out {r.held_out_position_m:6.2f} {unit} "
        f"{r.held_out_rotation_deg:6.2f} deg  {r.elapsed_s / 60:5.1f} min  {r.photos_per_s:4.0f} photos/s{cut}",
        flush=True,
    )
