"""`posenet predict`: the camera pose of photos."""

import argparse
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command, add_settings, read_settings
from posenet_lib.core.config import PredictConfig


def add_parsers(commands: Any) -> None:
    """Declare `predict`."""
    predict = add_command(commands, "predict", run_predict, "The camera pose of photos.")
    predict.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="photos of any size and kind")
    predict.add_argument("--checkpoint", type=Path, required=True, metavar="RUN", help="a run's folder or a checkpoint")
    predict.add_argument("--out", type=Path, metavar="FILE", help="also write them, as .csv or .json")
    add_settings(predict.add_argument_group("settings"), PredictConfig)


def run_predict(options: argparse.Namespace) -> None:
    """`posenet predict`."""
    from posenet_lib.evaluation.predict import predict_photos
    from posenet_lib.evaluation.prediction_file import check_suffix, pose_line, write_predictions
    from posenet_lib.models.checkpoint import load_checkpoint

    if options.out:
        check_suffix(options.out)
    config = read_settings(options, PredictConfig)
    config.check_all_used()
    checkpoint = load_checkpoint(options.checkpoint)
    poses, sigma = predict_photos(checkpoint, options.photos, config)
    unit = checkpoint.unit
    names = [str(photo) for photo in options.photos]
    for row, name in enumerate(names):
        spread = f", sigma {sigma.position_m[row]:.3f} {unit}, {sigma.rotation_deg[row]:.2f} deg" if sigma else ""
        print(pose_line(name, poses.position_m[row], poses.quaternion_wxyz[row], unit) + spread)
    if options.out:
        write_predictions(options.out, names, poses, sigma)
