"""`posenet benchmark`: how fast this machine does the workbook's work, and how fast the handout's way is on it."""

import argparse
import json
import sys
from typing import Any

from posenet_lib.commands.options import add_command, add_settings, read_settings
from posenet_lib.core.config import BenchmarkConfig

GROUPS = ("input", "training", "inference", "memory", "grading")


def add_parsers(commands: Any) -> None:
    """Declare `benchmark`."""
    parser = add_command(
        commands,
        "benchmark",
        run_benchmark,
        "Measure the handout's way and this workbook's on the same photos: one table, about six minutes on two cores.",
    )
    parser.add_argument("--scene", metavar="DIR", help="take a scene's training photos (default: some are made)")
    parser.add_argument(
        "--only", choices=GROUPS, action="append", help="one group of rows (can be given several times)"
    )
    parser.add_argument("--scaling", action="store_true", help="how cost grows to a million photos, in place of rows")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    add_settings(parser.add_argument_group("settings"), BenchmarkConfig)


def run_benchmark(options: argparse.Namespace) -> None:
    """`posenet benchmark`."""
    config = read_settings(options, BenchmarkConfig)
    if config.device == "cuda":
        from posenet_lib.benchmark.gpu import require_gpu

        require_gpu()
    from posenet_lib.benchmark.rows import table
    from posenet_lib.benchmark.run import run_rows, run_scaling
    from posenet_lib.core.device import device_summary
    from posenet_lib.scenes.scene import load_scene

    scene = load_scene(options.scene) if options.scene else None
    if options.scaling:
        scaling = run_scaling(config, scene)
        print(json.dumps(scaling.as_dict(), indent=2) if options.json else scaling)
        return

    def say(group: str) -> None:
        print(f"measuring: {group}", file=sys.stderr, flush=True)

    rows = run_rows(config, scene, list(dict.fromkeys(options.only or GROUPS)), say)
    if options.json:
        print(json.dumps([row.as_dict() for row in rows], indent=2))
    else:
        print(f"{device_summary()}; {'the scene ' + scene.name if scene else 'photos made for this'}.")
        print(table(rows))
