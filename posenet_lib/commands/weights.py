"""`posenet weights`: look into weight files."""

import argparse
import json
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command


def add_parsers(commands: Any) -> None:
    """Declare `weights inspect`."""
    parser = commands.add_parser("weights", help="say what a weight file is")
    kinds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    inspect = add_command(
        kinds, "inspect", run_inspect, "What a file is and which trunk it fits; nothing in it is run."
    )
    inspect.add_argument("file", type=Path, metavar="FILE", help="weights, a checkpoint, or anything else")
    inspect.add_argument("--keys", action="store_true", help="also list every array with its shape")
    inspect.add_argument("--json", action="store_true", help="print JSON")


def run_inspect(options: argparse.Namespace) -> int:
    """`posenet weights inspect`. Status 1: these look like weights, but cannot be used."""
    from posenet_lib.weights.inspect import inspect_file

    found = inspect_file(options.file)
    if options.json:
        print(json.dumps(found.as_dict(), indent=2))
        return 1 if found.problem else 0
    print(found)
    if options.keys and found.shapes:
        for name, shape in found.shapes.items():
            print(f"    {name:50} {' x '.join(map(str, shape)) or 'one number'}")
    return 1 if found.problem else 0
