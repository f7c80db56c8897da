"""`posenet evaluate`: a trained network, or any predictions, on a test split."""

import argparse
import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command, add_scene_option, add_settings, read_settings
from posenet_lib.commands.predict import refuse_sigma
from posenet_lib.core.config import PredictConfig
from posenet_lib.core.errors import WorkbookError


def add_parsers(commands: Any) -> None:
    """Declare `evaluate`."""
    evaluate = add_command(
        commands,
        "evaluate",
        run_evaluate,
        "Median errors of a trained network on a scene's test split, beside baselines.",
    )
    add_scene_option(evaluate)
    source = evaluate.add_mutually_exclusive_group()
    source.add_argument("--checkpoint", type=Path, metavar="RUN", help="a run's folder or a checkpoint")
    source.add_argument(
        "--from",
        dest="outside",
        type=Path,
        metavar="FILE",
        help="score any system's predictions: .csv, .json, or a pose list",
    )
    evaluate.add_argument(
        "--structure",
        action="store_true",
        help="also (or alone) locate the test photos in a 3-D map of the training photos; needs the extra [sfm]",
    )
    evaluate.add_argument(
        "--align",
        action="store_true",
        help="also move each pose until the photo agrees with the training photos around it (test photos are "
        "taken to be of the scene's own camera, whose focal length must be known)",
    )
    evaluate.add_argument("--predictions", type=Path, metavar="FILE.csv", help="write each photo's predicted pose")
    evaluate.add_argument("--json", action="store_true", help="print JSON instead of a table")
    evaluate.add_argument(
        "--calibration", type=Path, metavar="FILE.png", help="with mc-dropout: draw errors against predicted sigma"
    )
    add_settings(evaluate.add_argument_group("settings"), PredictConfig)


def run_evaluate(options: argparse.Namespace) -> None:
    """`posenet evaluate`."""
    if options.outside:
        _score(options)
        return
    if not options.checkpoint:
        _locate(options)
        return
    from posenet_lib.core.progress import progress_bar, stage_bar
    from posenet_lib.evaluation.errors import pose_errors
    from posenet_lib.evaluation.prediction_file import check_suffix, write_predictions
    from posenet_lib.evaluation.scene_report import check_scene, evaluate_scene
    from posenet_lib.models.checkpoint import load_checkpoint
    from posenet_lib.scenes.check.once import warnings_about
    from posenet_lib.scenes.scene import load_scene

    if options.predictions:
        check_suffix(options.predictions)
    config = read_settings(options, PredictConfig)
    config.check_all_used()
    if options.align:
        refuse_sigma(config)
    if options.calibration and config.test_time != "mc-dropout":
        raise WorkbookError(f"--calibration needs --test-time mc-dropout; {config.test_time} predicts no sigma")
    if options.calibration:
        from posenet_lib.plots import check_picture, plot_calibration, save_figure

        check_picture(options.calibration)
    checkpoint = load_checkpoint(options.checkpoint)
    scene = load_scene(options.scene)
    for warning in warnings_about(options.scene):
        print(warning, file=sys.stderr)
    known = None
    if options.align:  # which may not be possible here, so before all else
        from posenet_lib.evaluation.photo_alignment import align_poses, known_photos

        check_scene(scene, scene.test.open_store(), checkpoint)
        known = known_photos(scene)
    result = evaluate_scene(scene, checkpoint, config, progress=progress_bar)
    located = None
    if options.structure:
        from posenet_lib.evaluation.structure import describe, locate_test_photos

        located = locate_test_photos(scene, bar=stage_bar)
        result = result.with_method("structure", pose_errors(located.poses, result.true))
    aligned = None
    if known:
        photos, progress = scene.test.open_store(show_progress=False), partial(progress_bar, desc="Aligning")
        aligned = align_poses(result.predicted, photos, known, progress=progress)
        result = result.with_method("aligned", pose_errors(aligned.poses, result.true))
        result = replace(result, predicted=aligned.poses)
    if options.predictions:
        more = aligned.columns() if aligned else None
        write_predictions(options.predictions, result.names, result.predicted_poses, result.sigma, more)
    if options.calibration:
        figure = plot_calibration(result.errors["posenet"], result.sigma, result.calibrations, result.unit)
        save_figure(figure, options.calibration)
    if options.json:
        own = {"aligned_photos": int(aligned.agrees.sum())} if aligned else {}
        print(json.dumps(result.as_dict() | own, indent=2))
    else:
        print(result)
        if aligned:
            print(aligned)
        if located:
            print(describe(located))
        if options.predictions:
            print(f"Predicted poses: {options.predictions}")


def _locate(options: argparse.Namespace) -> None:
    """`posenet evaluate --structure` without a network."""
    from posenet_lib.core.progress import stage_bar
    from posenet_lib.evaluation.prediction_file import check_suffix, write_predictions
    from posenet_lib.evaluation.structure import evaluate_structure
    from posenet_lib.scenes.scene import load_scene

    if not options.structure:
        raise WorkbookError("say what to evaluate: --checkpoint RUN, --from FILE or --structure")
    if options.calibration or options.align or read_settings(options, PredictConfig) != PredictConfig():
        raise WorkbookError(
            "--align, --calibration, --test-time, --crops, --samples and --precision ask a network: --checkpoint"
        )
    if options.predictions:
        check_suffix(options.predictions)
    result = evaluate_structure(load_scene(options.scene), bar=stage_bar)
    if options.predictions:
        write_predictions(options.predictions, result.names, result.predicted_poses)
    print(json.dumps(result.as_dict(), indent=2) if options.json else result)


def _score(options: argparse.Namespace) -> None:
    """`posenet evaluate --from FILE`. The lists are enough; photos need not be there."""
    from posenet_lib.evaluation.outside_predictions import score_predictions
    from posenet_lib.scenes.scene import load_scene

    if options.structure:
        raise WorkbookError("--structure locates the photos itself; leave it out with --from, or give --checkpoint")
    if options.align:
        raise WorkbookError("--align begins with a network's poses: --checkpoint; leave it out with --from")
    if options.predictions:
        raise WorkbookError("--predictions writes what a network predicts; with --from there is nothing to write")
    if options.calibration:
        raise WorkbookError("--calibration needs a network's draws of dropout; a file of predictions has none")
    if read_settings(options, PredictConfig) != PredictConfig():
        raise WorkbookError("--test-time, --crops, --samples and --precision ask a network; leave them out with --from")
    result = score_predictions(load_scene(options.scene, check_images=False), options.outside)
    print(json.dumps(result.as_dict(), indent=2) if options.json else result)
