"""`posenet scene check` and `posenet scene convert`: wrong data is found before training, and repaired."""

import argparse
import json
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command
from posenet_lib.core.shell import quoted
from posenet_lib.scenes.scene import PRACTICE_COURT


def add_parsers(kinds: Any) -> None:
    """Declare both."""
    check = add_command(
        kinds,
        "check",
        run_check,
        "Is a scene's data right? Conventions, units, outliers, shared photos, cameras; exit status 1 if not.",
    )
    check.add_argument("scene", nargs="?", default=PRACTICE_COURT, metavar="DIR", help="a scene's folder or name")
    check.add_argument("--json", action="store_true", help="print JSON: a list of findings")

    convert = add_command(
        kinds, "convert", run_convert, "A repaired copy of a scene: other conventions, units and lists become ours."
    )
    convert.description += (
        " Lists are read with any separators, decimal commas, headings, UTF-16 and photo endings, whatever --from says."
    )
    convert.add_argument("source", type=Path, metavar="SRC", help="the scene's folder; it stays as it is")
    convert.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make")
    convert.add_argument(
        "--from",
        dest="steps",
        nargs="+",
        default=[],
        metavar="STEP",
        help="what differs, one or several of: qfirst, xyzw, c2w, t, opengl, opk, opk-w2c, hloc, colmap (conventions); "
        "mm, cm, inch, feet, km (units); offset, lost, outliers, shared, one-shape, exif, intrinsics. "
        "`posenet scene check SRC` says which",
    )
    convert.add_argument(
        "--list", dest="label", choices=("train", "test"), help="conventions and units of this list alone"
    )
    convert.add_argument(
        "--walk",
        dest="walks",
        action="append",
        default=[],
        metavar="FOLDER",
        help="conventions and units of the photos in this folder alone; may be given several times",
    )


def run_check(options: argparse.Namespace) -> int:
    """`posenet scene check`."""
    from posenet_lib.scenes.check import check_facts
    from posenet_lib.scenes.check.facts import read_facts
    from posenet_lib.scenes.scene import find_scene

    name, folder = find_scene(options.scene)
    facts = read_facts(folder)
    findings = check_facts(facts)
    if options.json:
        print(json.dumps([finding.as_dict() for finding in findings], indent=2))
    else:
        print(f"{name}: {len(facts.train)} training and {len(facts.test)} test photos")
        for number, finding in enumerate(findings, start=1):
            print(f"\n{number}. {finding}")
        if facts.lists_only:
            print("\nThere are no photos here: only the lists were checked.")
        print(f"\n{len(findings)} findings" if len(findings) > 1 else "\n1 finding" if findings else "\nNothing found.")
    return 1 if findings else 0


def run_convert(options: argparse.Namespace) -> None:
    """`posenet scene convert`."""
    from posenet_lib.scenes.check.once import warnings_about
    from posenet_lib.scenes.repair import convert_scene

    steps = [step for word in options.steps for step in word.split(",") if step]
    made = convert_scene(options.source, options.out, steps, options.label, options.walks)
    for note in made.notes:
        print(note)
    print(f"{options.out}: {made.train_count} training and {made.test_count} test photos.")
    warnings = warnings_about(options.out)
    for warning in warnings:
        print(warning)
    if not warnings:
        print(f"The check finds nothing more. Next: posenet scene info {quoted(options.out)}")
