"""`posenet release`: the bundle for students, the instructors' edition, or the autograder for Gradescope."""

import argparse
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command
from posenet_lib.core.errors import WorkbookError


def add_parsers(commands: Any) -> None:
    """Declare `release`."""
    parser = add_command(
        commands, "release", run_release, "Make the zip that students get: no reference answers, no hidden tests."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help="zip to make")
    parser.add_argument(
        "--repo",
        metavar="OWNER/NAME",
        help="GitHub repository of the notebooks: adds Colab badges and set-up cells (default: the clone's origin)",
    )
    parser.add_argument(
        "--gradescope", action="store_true", help="make the autograder for Gradescope instead (holds the answers)"
    )
    parser.add_argument(
        "--instructor",
        action="store_true",
        help="make the instructors' edition instead: everything, and folded answers to the questions to think about",
    )
    parser.add_argument(
        "--policy", type=Path, metavar="late.toml", help="with --gradescope: late days, and what students see there"
    )
    parser.add_argument("--no-check", action="store_true", help="do not try the bundle after making it")


def run_release(options: argparse.Namespace) -> None:
    """`posenet release`."""
    from posenet_lib.grading.release.release import release_autograder, release_bundle, release_instructors

    if options.gradescope and options.instructor:
        raise WorkbookError("--gradescope and --instructor make different zips; give one of them")
    if options.policy and not options.gradescope:
        raise WorkbookError("--policy belongs to --gradescope; for a class, give it to posenet grade")
    if options.gradescope and (options.repo or options.no_check):
        raise WorkbookError("--repo and --no-check belong to the students' zip; --gradescope knows no badges or checks")
    if options.instructor and options.no_check:
        raise WorkbookError("--no-check belongs to the students' zip; --instructor makes one that is not tried anyway")
    if options.gradescope:
        print(release_autograder(options.out, options.policy))
    elif options.instructor:
        print(release_instructors(options.out, options.repo))
    else:
        print(release_bundle(options.out, options.repo, check=not options.no_check))
