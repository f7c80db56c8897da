"""`posenet experiment`: many training runs from one file."""

import argparse
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command
from posenet_lib.core.errors import WorkbookError


def add_parsers(commands: Any) -> None:
    """Declare `experiment`."""
    parser = add_command(
        commands,
        "experiment",
        run_command,
        "Train and evaluate every combination that a TOML file asks for; go on where it was stopped; write table.csv, "
        "table.md and figures. data/variants/variants.toml is an example.",
    )
    parser.add_argument("config", type=Path, metavar="CONFIG.toml", help="scene, settings, and what is to differ")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for runs, tables and figures")
    parser.add_argument("--answers", type=Path, metavar="DIR", help="folder of recorded answers (default: answers/)")
    parser.add_argument("--plan", action="store_true", help="only list the runs; needs no --out")


def run_command(options: argparse.Namespace) -> None:
    """`posenet experiment`."""
    from posenet_lib.experiment.plan import read_experiment

    if not (options.plan or options.out):
        raise WorkbookError("give --out DIR, the folder for runs, tables and figures (or --plan to see the runs)")
    experiment = read_experiment(options.config)
    minutes = [config.max_minutes for config in {run.config for run in experiment.runs}]
    total = f", {sum(minutes):g} minutes of training" if all(minutes) else ""
    inputs = sorted({(run.config.input_size, run.config.input_crop) for run in experiment.runs})
    # `train` may choose smaller pictures for a slow computer; here all computers get the same.
    pictures = ", ".join(f"{crop} crops of {size} pixels" for size, crop in inputs)
    print(f"{len(experiment.runs)} runs on {experiment.scene}{total}; {pictures} (image_size, crop).")
    beside = {run.config.input_crop == "wide" and run.config.turn_crops == "auto" for run in experiment.runs}
    if len(beside) > 1 and any(run.config.move is None for run in experiment.runs):
        print(
            "Some of them also show photos as from beside (wide crops, with turned labels), others do not: give `move` "
            "in [settings] to compare only what you vary."
        )
    if options.plan:
        for run in experiment.runs:
            print(f"  {run.name}, seed {run.config.seed}; {', '.join(test.test_time for test in run.test_times)}")
        return
    from posenet_lib.experiment.run import run_experiment

    run_experiment(experiment, options.out, answers_dir=options.answers)
    print(f"\n{(options.out / 'table.md').read_text(encoding='utf-8')}\nTables and figures: {options.out}")
