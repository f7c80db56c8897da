"""`posenet predict`: the camera pose of photos."""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command, add_settings, read_settings
from posenet_lib.core.config import PredictConfig
from posenet_lib.core.errors import WorkbookError

_ZOOMED = 0.025  # a smaller difference from 1 is often noise, and not worth a word


def add_parsers(commands: Any) -> None:
    """Declare `predict`."""
    predict = add_command(commands, "predict", run_predict, "The camera pose of photos.")
    predict.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="photos of any size and kind")
    predict.add_argument("--checkpoint", type=Path, required=True, metavar="RUN", help="a run's folder or a checkpoint")
    predict.add_argument(
        "--align",
        metavar="SCENE",
        help="also move each pose until the photo agrees with this scene's training photos around it; it may be zoomed "
        "or cropped about its middle (the scene's focal length must be known)",
    )
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
    if options.align:
        refuse_sigma(config)
    checkpoint = load_checkpoint(options.checkpoint)
    poses, sigma = predict_photos(checkpoint, options.photos, config)
    ends, aligned = [""] * len(options.photos), None
    if options.align:
        aligned = _aligned(options, checkpoint, poses)
        poses, ends = aligned.poses, [_in_words(*photo) for photo in zip(aligned.agrees, aligned.zoom, strict=True)]
    unit = checkpoint.unit
    names = [str(photo) for photo in options.photos]
    for row, name in enumerate(names):
        spread = f", sigma {sigma.position_m[row]:.3f} {unit}, {sigma.rotation_deg[row]:.2f} deg" if sigma else ""
        print(pose_line(name, poses.position_m[row], poses.quaternion_wxyz[row], unit) + spread + ends[row])
    if options.out:
        write_predictions(options.out, names, poses, sigma, aligned.columns() if aligned else None)


def refuse_sigma(config: PredictConfig) -> None:
    """Raises WorkbookError for --align with --test-time mc-dropout."""
    if config.test_time == "mc-dropout":
        raise WorkbookError(
            "--align moves poses, and the sigma of --test-time mc-dropout says nothing about moved ones; leave one out"
        )


def _aligned(options: argparse.Namespace, checkpoint: Any, poses: Any) -> Any:
    """`AlignedPoses`, as the scene's lists have them."""
    from posenet_lib.core.progress import progress_bar
    from posenet_lib.evaluation.photo_alignment import align_poses, known_photos
    from posenet_lib.evaluation.predict import ResizedPhotos
    from posenet_lib.evaluation.scene_report import check_scene
    from posenet_lib.scenes.scene import load_scene

    scene = load_scene(options.align)
    if scene.name != checkpoint.scene_name:
        print(
            f"The network was trained on {checkpoint.scene_name}, and is aligned with {scene.name}: photos agree only "
            "if both are the same place in the same frame.",
            file=sys.stderr,
        )
    check_scene(scene, scene.train.open_store(), checkpoint)
    known = known_photos(scene)
    inside = poses._replace(position_m=poses.position_m - scene.offset_m)
    photos, progress = ResizedPhotos(options.photos, checkpoint), partial(progress_bar, desc="Aligning", leave=False)
    aligned = align_poses(inside, photos, known, any_camera=True, progress=progress)
    there = aligned.poses._replace(position_m=aligned.poses.position_m + scene.offset_m)
    return aligned._replace(poses=there)


def _in_words(agrees: bool, zoom: float) -> str:
    if not agrees:
        return ", not aligned"
    return ", aligned" + (f", looks zoomed {zoom:.2f} times" if abs(zoom - 1) > _ZOOMED else "")
