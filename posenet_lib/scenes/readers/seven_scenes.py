"""7-Scenes (Shotton et al., CVPR 2013) -> a scene in the workbook's own format.

The data set's layout: ``seq-NN/frame-NNNNNN.color.png`` with ``frame-NNNNNN.pose.txt`` beside it, a 4x4 matrix that
takes camera coordinates to world coordinates in metres; `TrainSplit.txt` and `TestSplit.txt` name the sequences.
People film their own scenes in the same layout: one sequence, other photo sizes, no split, no data set's camera.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.readers.matrix_files import camera_from_file, read_matrix
from posenet_lib.scenes.readers.photo_files import photo_header, refuse_photos
from posenet_lib.scenes.readers.read_pose import Camera, ReadPose, Source, camera_matrix, from_camera_to_world

HELP = "Turn a 7-Scenes scene or sequence into a scene here."
CONVENTION = (
    "Read as the data set is: frame-NNNNNN.pose.txt is a 4x4 matrix, camera to world, camera axes x right, y down, "
    "z forward, metres. The split is that of TrainSplit.txt and TestSplit.txt. The camera is that of "
    "camera-intrinsics.txt, else the data set's colour camera (525 px at 640x480), scaled to the photos."
)
SOURCE = "the published folder with seq-NN folders, or one sequence's folder"

# The page of the data set gives its depth camera, 585 px, and so does the camera-intrinsics.txt in some packages of it.
# The photos are the colour camera's, which was never calibrated; all who use it take the Kinect's usual 525 px (DSAC*,
# ACE, and Brachmann et al., "On the Limits of Pseudo Ground Truth in Visual Camera Re-localisation", ICCV 2021). On
# RedKitchen, neighbouring photos agree best with 500 to 525 px (tried with `data.depth_from_neighbours`).
_FOCAL_PX, _DEPTH_PX, _SIZE_PX = 525.0, 585.0, (640, 480)


def add_options(parser: argparse.ArgumentParser) -> None:
    """None beside those that all formats have."""


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import 7scenes` reads."""
    refuse_photos(options.photos)
    own_split = not (options.test_blocks or options.test_folder or options.test_list)
    return read_seven_scenes(options.source, own_split=own_split)


def read_seven_scenes(source: Path, *, own_split: bool = True) -> Source:
    """All sequences, or those that the split files name.

    Raises:
        WorkbookError: frames, poses or split files are missing or wrong (named).
    """
    if not source.is_dir():
        raise WorkbookError(f"{source}: no such folder")
    sequences = sorted(folder for folder in source.glob("seq-*") if folder.is_dir())
    splits = {"train": source / "TrainSplit.txt", "test": source / "TestSplit.txt"}
    if own_split and sequences and all(path.is_file() for path in splits.values()):
        named = {label: _sequences_in(path) for label, path in splits.items()}
        if both := set(named["train"]) & set(named["test"]):
            raise WorkbookError(f"{splits['test']}: {min(both).name} is in TrainSplit.txt too, so the test is no test")
        poses = [p for label in named for folder in named[label] for p in _read_sequence(folder, label)]
        split_note = "the data set's own, of TrainSplit.txt and TestSplit.txt"
    else:
        poses, split_note = [p for folder in sequences or [source] for p in _read_sequence(folder)], ""
    camera, notes = _camera(source, poses)
    return Source([replace(pose, camera=camera) for pose in poses], notes, split_note)


def refuse_without_split(source: Path) -> None:
    """What `import-7scenes` says where neither the data set nor the user gives a split; `import 7scenes` goes on."""
    raise WorkbookError(
        f"{source} has no TrainSplit.txt and TestSplit.txt beside seq-NN folders; for a single sequence say which "
        "frames test, for example --test-blocks 100:4 (or `posenet scene import 7scenes`, which tests the last "
        "20 percent)"
    )


def _camera(source: Path, poses: Sequence[ReadPose]) -> tuple[Camera | None, list[str]]:
    """A file beside the photos goes before the data set's own numbers, which fit photos of that shape only."""
    photo = next((pose.image_path for pose in poses if photo_header(pose.image_path)), poses[0].image_path)
    for folder in dict.fromkeys([source, photo.parent, photo.parent.parent]):
        if (folder / INTRINSICS).is_file():
            camera = camera_from_file(folder / INTRINSICS, photo)
            if not np.array_equal(camera.matrix, _official_matrix(_DEPTH_PX)):
                return camera, []
            return Camera(_official_matrix(_FOCAL_PX), _SIZE_PX), [
                f"{folder / INTRINSICS} holds the data set's depth camera, {_DEPTH_PX:g} px; the photos are its colour "
                f"camera's, {_FOCAL_PX:g} px, which is taken."
            ]
    header = photo_header(photo)
    (width, height), (official_width, official_height) = header.upright_px if header else _SIZE_PX, _SIZE_PX
    if width * official_height != height * official_width:
        return None, [
            f"The photos are {width}x{height}, which no camera of the data set makes; "
            f"{INTRINSICS} beside them (three rows of a camera matrix) would tell their camera."
        ]
    notes = [f"The camera is the data set's, {_FOCAL_PX:g} px at 640x480, scaled to {width}x{height}: wrong for a film "
             f"of your own, which needs {INTRINSICS} beside the photos."]  # fmt: skip
    return Camera(_official_matrix(_FOCAL_PX), _SIZE_PX), notes if (width, height) != _SIZE_PX else []


def _official_matrix(focal_px: float) -> np.ndarray:
    width, height = _SIZE_PX
    return camera_matrix(focal_px, focal_px, width / 2, height / 2)


def _sequences_in(split: Path) -> list[Path]:
    """`sequence1` on a line means the folder `seq-01`."""
    folders = []
    for number, line in enumerate(split.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if not line.strip():
            continue
        match = re.fullmatch(r"seq(?:uence)?-?\s*(\d{1,9})", line.strip())
        if not match:
            raise WorkbookError(f"{split}, line {number}: {line.strip()!r} is no sequence; expected 'sequence1'")
        folder = split.parent / f"seq-{int(match[1]):02d}"
        if not folder.is_dir():
            raise WorkbookError(f"{split}, line {number}: {folder} does not exist (is the sequence unpacked?)")
        if folder in folders:
            raise WorkbookError(f"{split}, line {number}: {line.strip()!r} is named twice; keep one")
        folders.append(folder)
    return folders


def _read_sequence(folder: Path, label: str = "") -> list[ReadPose]:
    frames = (
        (re.fullmatch(r"frame-(\d{1,12})\.color\.(png|jpe?g)", path.name, re.I), path) for path in folder.iterdir()
    )
    photos = sorted((path, int(match[1])) for match, path in frames if match)
    if not photos:
        raise WorkbookError(f"{folder}: no frame-NNNNNN.color.png (or .jpg) in it")
    return [_read_frame(photo, number, label) for photo, number in photos]


def _read_frame(photo: Path, number: int, label: str) -> ReadPose:
    pose_file = photo.with_name(photo.name.split(".")[0] + ".pose.txt")
    name = f"{photo.parent.resolve().name}/{photo.name}"
    return from_camera_to_world(name, photo, read_matrix(pose_file), str(pose_file), split=label, number=number)
