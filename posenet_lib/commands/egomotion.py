"""`posenet egomotion`: depth and motion without labels, on the court's walks or on any scene with ordered photos."""

import argparse
import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command, add_settings, court_seed, read_settings
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.shell import quoted
from posenet_lib.egomotion.config import EgomotionConfig

_COURT = "court"


def add_parsers(commands: Any) -> None:
    """Declare `egomotion train`, `egomotion evaluate` and `egomotion predict`."""
    parser = commands.add_parser("egomotion", help="depth and motion without labels (notebooks 09 to 11)")
    kinds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    train = add_command(kinds, "train", run_train, "Train depth, motion and flow networks from photos alone.")
    _add_scene(train)
    train.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder for checkpoints and logs")
    train.add_argument(
        "--first-stage",
        type=Path,
        metavar="RUN",
        help="flow: the run of --task video whose depth and motion are used, and stay as they are; with --resume the "
        "run has them",
    )
    train.add_argument("--resume", action="store_true", help="go on with an interrupted run, with the same settings")
    add_settings(train.add_argument_group("settings"), EgomotionConfig)
    train.add_argument(
        "--no-auto-mask", dest="auto_mask", action="store_false", help="video: the mean over all valid pixels"
    )

    evaluate = add_command(
        kinds,
        "evaluate",
        run_evaluate,
        "Errors of depth, motion and flow beside baselines, on the scene's test photos.",
    )
    _add_scene(evaluate)
    evaluate.add_argument("--checkpoint", type=Path, required=True, metavar="RUN", help="a run's folder or file")
    evaluate.add_argument(
        "--beside",
        type=Path,
        nargs="+",
        default=[],
        metavar="RUN",
        help="other runs of --task flow (with another --consistency, for example) for the same table",
    )
    evaluate.add_argument("--json", action="store_true", help="print JSON")

    predict = add_command(kinds, "predict", run_predict, "Depth of photos: 16-bit PNG in millimetres, and a picture.")
    predict.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    predict.add_argument("--checkpoint", type=Path, required=True, metavar="RUN", help="a run's folder or file")
    predict.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the depth maps go")


def _add_scene(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scene",
        default=_COURT,
        metavar="DIR",
        help="a scene with camera-intrinsics.txt and photos numbered in the order of the walk, "
        f"or '{_COURT}': the court's walks, rendered when they are first needed",
    )
    parser.add_argument("--court-seed", type=court_seed, default=0, metavar="N", help="which court; 0 is PracticeCourt")


def _scene(options: argparse.Namespace):
    from posenet_lib.scenes.scene import load_scene

    if options.scene != _COURT:
        if options.court_seed:
            raise WorkbookError(f"--court-seed {options.court_seed} chooses a court, but the scene is {options.scene}")
        return load_scene(options.scene)
    from posenet_lib.egomotion.court import court_sequences

    return court_sequences(options.court_seed)


def run_train(options: argparse.Namespace) -> None:
    """`posenet egomotion train`."""
    from posenet_lib.core.device import make_accelerator

    config = read_settings(options, EgomotionConfig)
    accelerator = make_accelerator(config)
    with contextlib.nullcontext() if accelerator.is_main_process else contextlib.redirect_stdout(io.StringIO()):
        with accelerator.main_process_first():  # one process renders the walks, the others find them rendered
            scene = _scene(options)
        _train(options, config, scene)


def _train(options: argparse.Namespace, config: EgomotionConfig, scene) -> None:
    from posenet_lib.core.device import device_summary
    from posenet_lib.egomotion.fit import fit
    from posenet_lib.egomotion.parts import Parts
    from posenet_lib.egomotion.tasks import first_stage_of, prepared
    from posenet_lib.workbook.parts import own_or

    first_stage = first_stage_of(config, options.first_stage, options.out if options.resume else None)
    parts = Parts(**{name: own_or(part, name) for name, part in Parts()._asdict().items()})
    task = prepared(scene, config, parts, first_stage)
    pixels = f"{config.width} x {config.height} pixels"
    print(f"Training on {scene.name}, {task.photos} of {pixels}; {device_summary(config)}.")
    history = fit(
        task.learner,
        task.batches,
        config,
        options.out,
        scene_name=scene.name,
        baseline_m=task.baseline_m,
        resume=options.resume,
        on_judgement=_print_judgement,
        show_progress=sys.stderr.isatty(),
    )
    place = f" --court-seed {options.court_seed}" if options.court_seed else ""
    place += "" if options.scene == _COURT else f" --scene {quoted(options.scene)}"
    print(f"{history[-1].step} steps. Next: posenet egomotion evaluate{place} --checkpoint {quoted(options.out)}")


def _print_judgement(history) -> None:
    r = history[-1]
    print(
        f"step {r.step:6d}  loss {r.train_loss:7.4f}  held out {r.held_out_loss:7.4f}  {r.elapsed_s / 60:5.1f} min  "
        f"{r.photos_per_s:4.0f} photos/s",
        flush=True,
    )


def run_evaluate(options: argparse.Namespace) -> None:
    """`posenet egomotion evaluate`."""
    from posenet_lib.egomotion.checkpoint import load_checkpoint
    from posenet_lib.egomotion.flow_truth import STRIDE
    from posenet_lib.egomotion.report import evaluate
    from posenet_lib.egomotion.tasks import second_stages

    checkpoint = load_checkpoint(options.checkpoint)
    stages = second_stages(checkpoint, [load_checkpoint(path) for path in options.beside])
    report = evaluate(checkpoint.build(), checkpoint.config, _scene(options), checkpoint.baseline_m, stages)
    if options.beside and not report.flow:
        raise WorkbookError(
            "--beside compares flow with the exact one, which is known on the court alone, between photos "
            f"{STRIDE} apart; this run has --step {checkpoint.config.step}, and the scene is {report.scene}"
        )
    print(json.dumps(report.as_dict(), indent=2) if options.json else report)


def run_predict(options: argparse.Namespace) -> None:
    """`posenet egomotion predict`."""
    from posenet_lib.egomotion.checkpoint import load_checkpoint
    from posenet_lib.egomotion.predict import predict_photos

    for line in predict_photos(load_checkpoint(options.checkpoint), options.photos, options.out):
        print(line)
