"""`posenet scene align`: two scenes in one frame of reference, or a scale for one that has none."""

import argparse
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command
from posenet_lib.core.errors import WorkbookError


def add_parsers(kinds: Any) -> None:
    """Declare it."""
    command = add_command(
        kinds,
        "align",
        run_align,
        "Scale, rotation and shift that move a scene onto another one, from photos that both have.",
    )
    command.add_argument("scene", type=Path, metavar="A", help="the scene's folder")
    command.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="B",
        help="another scene's folder, a pose list, or a table NAME X Y Z of positions measured in metres",
    )
    command.add_argument(
        "--pair",
        nargs=2,
        action="append",
        metavar=("A.jpg", "B.jpg"),
        help="two photos taken at one place; three such pairs or more, where the names differ",
    )
    command.add_argument("--out", type=Path, metavar="DIR", help="also write A, moved into B's frame of reference")


def run_align(options: argparse.Namespace) -> None:
    """`posenet scene align`."""
    from posenet_lib.scenes.align import align, cameras_of, describe
    from posenet_lib.scenes.readers.scene_writing import refuse_used_folder

    if options.out:
        refuse_used_folder(options.out)
    if not options.scene.is_dir():
        raise WorkbookError(f"{options.scene}: no such scene; A is a scene's folder")
    found = align(cameras_of(options.scene), cameras_of(options.to), [tuple(pair) for pair in options.pair or ()])
    print(describe(found))
    if options.out:
        from posenet_lib.scenes.build.moved_scene import write_moved_scene

        write_moved_scene(options.scene, found.similarity, found.unit, options.out)
        print(f"{options.out}: {options.scene} in the frame of reference of {options.to}, in {_words(found.unit)}.")


def _words(unit: str) -> str:
    return "metres" if unit == "m" else unit
