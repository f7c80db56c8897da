"""`posenet walkthrough`: the main job without a browser."""

import argparse
import time
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.wording import counted


def add_parsers(commands: Any) -> None:
    """Declare `walkthrough`."""
    parser = add_command(
        commands,
        "walkthrough",
        run_walkthrough,
        "Run all notebooks in order on the embedded scene and leave them, the trained network, figures and a page of "
        "results (about 40 minutes on two cores; --minutes shortens the training).",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make")
    parser.add_argument(
        "--answers",
        type=Path,
        metavar="DIR",
        help="folder of answers (default: the reference answers if they are here, else the recorded ones)",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit status 1 if something that the text says to expect did not come true",
    )
    parser.add_argument(
        "--minutes", type=float, metavar="N", help="training time in notebooks 05, 10 and 11 (default: their own)"
    )


def run_walkthrough(options: argparse.Namespace) -> int:
    """`posenet walkthrough`."""
    from posenet_lib.workbook.walkthrough import choose_answers, run_notebooks

    if options.minutes is not None and options.minutes <= 0:
        raise WorkbookError(f"--minutes is {options.minutes}; it must be above 0")
    if options.out.exists() and (not options.out.is_dir() or any(options.out.iterdir())):
        raise WorkbookError(f"{options.out} already holds something; remove it or choose another --out")
    sources, whose = choose_answers(options.answers)
    began = time.perf_counter()
    print(f"Running the notebooks with {whose}.", flush=True)
    walk = run_notebooks(options.out, sources, options.minutes)

    from posenet_lib.workbook.walkthrough_page import write_results

    print(write_results(walk, f"run with {whose}" if options.answers else whose))
    print(walk.expectations)
    minutes = counted(round((time.perf_counter() - began) / 60, 1), "minute")
    print(f"Done in {minutes}. Open {options.out / 'index.html'}")
    return int(options.strict and bool(walk.expectations.failed))
