"""`posenet scene import FORMAT`: one sub-command for each of `choices.READERS`, with the options that all have."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command
from posenet_lib.core.choices import READERS, find
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.shell import quoted
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.readers.matrix_files import camera_from_file
from posenet_lib.scenes.readers.read_pose import Source, scaled
from posenet_lib.scenes.readers.scene_writing import refuse_used_folder, write_scene
from posenet_lib.scenes.readers.splitting import add_split_options, split_choice
from posenet_lib.scenes.unit import UNITS


def add_parsers(kinds: Any) -> None:
    """Declare `scene import FORMAT` for every reader, and the older name `scene import-7scenes`."""
    parser = kinds.add_parser(
        "import",
        help="poses and photos of another tool or data set become a scene here",
        description="Poses and photos of another tool or data set become a scene here: two pose lists, the photos "
        "(linked where possible) and the camera. Every format's --help says which convention it is read in. Frames "
        "without a pose (lost tracking) are left out and counted.",
    )
    formats = parser.add_subparsers(title="formats", metavar="FORMAT", required=True)
    for name, place in READERS.items():
        _add_format(formats, name, find(place))
    _add_format(kinds, "import-7scenes", find(READERS["7scenes"])).set_defaults(needs_split=True)


def _add_format(formats: Any, name: str, reader: Any) -> argparse.ArgumentParser:
    command = add_command(formats, name, run, reader.HELP)
    command.description = f"{reader.HELP} {reader.CONVENTION}"
    command.add_argument("source", type=Path, metavar="SRC", help=reader.SOURCE)
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make")
    command.add_argument(
        "--photos",
        type=Path,
        metavar="DIR",
        help="the photos' folder, where it is not beside the poses (7scenes, 12scenes, ace: it always is)",
    )
    command.add_argument(
        "--unit",
        type=float,
        metavar="METRES",
        help="length of the source's unit in metres: 0.01 for centimetres (default: 1; where the format does not tell, "
        "the scene counts in 'units')",
    )
    command.add_argument(
        "--skip-missing", action="store_true", help="leave out photos that are listed and are not there"
    )
    add_split_options(command)
    reader.add_options(command)
    command.set_defaults(read=reader.read, needs_split=False)
    return command


def run(options: argparse.Namespace) -> None:
    """`posenet scene import ...`."""
    choice = split_choice(options)
    refuse_used_folder(options.out)
    if not options.source.exists():
        raise WorkbookError(f"{options.source}: no such file or folder")
    if options.photos and not options.photos.is_dir():
        raise WorkbookError(f"--photos {options.photos}: no such folder")
    if options.unit is not None and not 0 < options.unit < float("inf"):
        raise WorkbookError(f"--unit {options.unit:g}: a length above 0 in metres is needed, such as 0.01")
    source = options.read(options)
    if options.needs_split and not (choice.given or source.split_note):
        from posenet_lib.scenes.readers.seven_scenes import refuse_without_split

        refuse_without_split(options.source)
    source = _with_camera_beside(source, options.source)
    if options.unit is not None:
        source = scaled(source, options.unit)
    made = write_scene(source, options.out, choice, skip_missing=options.skip_missing)
    for note in made.notes:
        print(note)
    if source.unit == UNITS:
        print(
            "Nobody knows how long the source's unit is, so the scene counts in 'units'. --unit says it in metres "
            "(--unit 1: positions are in metres already); posenet scene align finds it from measured positions."
        )
    from posenet_lib.scenes.check.once import warnings_about

    for warning in warnings_about(options.out):
        print(warning)
    print(
        f"{options.out}: {made.train_count} training and {made.test_count} test photos. "
        f"Next: posenet scene info {quoted(options.out)}"
    )


def _with_camera_beside(source: Source, place: Path) -> Source:
    """Where the source gives no camera, `camera-intrinsics.txt` beside its poses does."""
    path = (place if place.is_dir() else place.parent) / INTRINSICS
    if not path.is_file() or not source.poses or any(pose.camera for pose in source.poses):
        return source
    camera = camera_from_file(path, source.poses[0].image_path)
    return replace(source, poses=[replace(pose, camera=camera) for pose in source.poses])
