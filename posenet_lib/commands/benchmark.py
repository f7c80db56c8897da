"""`posenet benchmark`: how fast this machine does the workbook's work, and how fast the handout's way is on it."""

import argparse
import json
import sys
from typing import Any

from posenet_lib.commands.options import add_command, add_settings, read_settings
from posenet_lib.core.config import BenchmarkConfig
from posenet_lib.core.errors import WorkbookError

GROUPS = ("input", "training", "inference", "sliders", "memory", "grading")


def add_parsers(commands: Any) -> None:
    """Declare `benchmark`."""
    parser = add_command(
        commands,
        "benchmark",
        run_benchmark,
        "Measure the handout's way and this workbook's on the same photos: one table; at most 7 minutes on two cores.",
    )
    parser.add_argument("--scene", metavar="DIR", help="take a scene's training photos (default: some are made)")
    parser.add_argument(
        "--only", choices=GROUPS, action="append", help="one group of rows (can be given several times)"
    )
    parser.add_argument("--scaling", action="store_true", help="how cost grows to a million photos, in place of rows")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    add_settings(parser.add_argument_group("settings"), BenchmarkConfig)


def run_benchmark(options: argparse.Namespace) -> int:
    """`posenet benchmark`; 130 when it was stopped, after the rows that there are."""
    config = read_settings(options, BenchmarkConfig)
    if options.scaling and (options.only or config.device == "cuda"):
        raise WorkbookError("--scaling measures no rows, and on the CPU: leave --only and --device out")
    if options.only and config.device == "cuda":
        raise WorkbookError("--device cuda measures training on a GPU, and nothing else: leave --only out")
    if config.device == "cuda":
        from posenet_lib.benchmark.gpu import require_gpu

        require_gpu()
    from posenet_lib.benchmark.run import run_rows, run_scaling
    from posenet_lib.scenes.scene import load_scene

    scene = load_scene(options.scene) if options.scene else None
    if options.scaling:
        scaling = run_scaling(config, scene)
        print(json.dumps(scaling.as_dict(), indent=2) if options.json else scaling)
        return 0
    groups = list(dict.fromkeys(options.only or GROUPS))
    rows, stopped = [], False
    try:
        for row in run_rows(config, scene, groups, _say):
            rows.append(row)
    except KeyboardInterrupt:
        stopped = True
    if options.json:
        print(json.dumps([row.as_dict() for row in rows], indent=2))
    else:
        _print_table(config, scene.name if scene else None, rows)
    if stopped:
        _say("stopped; these are the rows that were measured until then" if rows else "stopped before the first row")
    return 130 if stopped else 0


def _say(words: str) -> None:
    print(f"posenet benchmark: {words}", file=sys.stderr, flush=True)


def _print_table(config: BenchmarkConfig, scene_name: str | None, rows: list) -> None:
    from posenet_lib.benchmark.rows import table, verdict
    from posenet_lib.benchmark.setup import machine

    print(f"{machine(config.device)}; {f'the scene {scene_name}' if scene_name else 'photos made for this'}.")
    print(table(rows))
    if config.quick:
        print("A quick run shows that everything works; its times say nothing about this machine.")
    elif rows:
        print(verdict(rows))
