"""`posenet submit`: one zip of the notebooks to hand in, with a receipt."""

import argparse
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command


def add_parsers(commands: Any) -> None:
    """Declare `submit`."""
    parser = add_command(
        commands,
        "submit",
        run_submit,
        "Check your notebooks, see what will be graded, and write the zip to hand in, with a receipt.",
    )
    parser.add_argument(
        "notebooks", nargs="?", type=Path, metavar="FOLDER", help="folder with your notebooks (default: notebooks/)"
    )
    parser.add_argument("--out", type=Path, default=Path("submission.zip"), metavar="FILE.zip", help="zip to write")
    parser.add_argument("--no-checks", action="store_true", help="do not run the notebooks' checks first")


def run_submit(options: argparse.Namespace) -> None:
    """`posenet submit`."""
    from posenet_lib.core.workspace import notebooks_dir
    from posenet_lib.grading.outside.hand_ins.hand_in import hand_in

    print(hand_in(options.notebooks or notebooks_dir(), options.out, run_checks=not options.no_checks))
