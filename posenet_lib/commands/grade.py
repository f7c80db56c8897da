"""`posenet grade`: a class, one's own notebook, or a benchmark."""

import argparse
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command
from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.kernels.limits import Limits


def add_parsers(commands: Any) -> None:
    """Declare `grade`."""
    parser = add_command(
        commands,
        "grade",
        run_grade,
        "Grade a class: points, feedback pages, reports. With --self: check your own notebook.",
    )
    parser.add_argument(
        "submissions",
        nargs="?",
        type=Path,
        metavar="SUBMISSIONS",
        help="folder with STUDENT/*.ipynb, STUDENT.zip or STUDENT__01_mean_image.ipynb",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="where results go; a run that was stopped continues")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="submissions at once")
    parser.add_argument(
        "--regrade", action="append", default=[], metavar="STUDENT", help="grade again (can be given several times)"
    )
    parser.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="draw students' hidden inputs from this number; by default a new one for each --out (results/ keep it)",
    )
    parser.add_argument(
        "--roster", type=Path, metavar="students.csv", help="write canvas.csv and moodle.csv, and say who is missing"
    )
    parser.add_argument(
        "--assignment", default="PoseNet workbook", metavar="NAME", help="its name in canvas.csv and moodle.csv"
    )
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="late.toml",
        help="deadline, grace days, extensions, penalty",
    )
    parser.add_argument(
        "--metadata", type=Path, metavar="FILE", help="Gradescope's submission_metadata (.json or .yml): hand-in times"
    )
    parser.add_argument(
        "--compare-with",
        action="append",
        default=[],
        type=Path,
        metavar="OLD_RESULTS",
        help="look for the same answers in another run's --out too (can be given several times)",
    )
    parser.add_argument(
        "--cell-seconds", type=float, default=Limits.cell_seconds, metavar="N", help="time for one cell"
    )
    parser.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run students' code WITHOUT bubblewrap: only in a container or machine that is itself the sandbox",
    )
    parser.add_argument(
        "--self", dest="own", type=Path, metavar="NOTEBOOK", help="run the visible checks of your own notebook"
    )
    parser.add_argument(
        "--benchmark", type=int, metavar="N", help="grade N made-up submissions and say how many a minute"
    )
    parser.set_defaults(defaults=vars(parser.parse_args([])))


def run_grade(options: argparse.Namespace) -> int:
    """`posenet grade`."""
    if options.own is not None:
        _refuse_others(options, "own")
        from posenet_lib.grading.outside.hand_ins.self_check import check_notebook

        return 0 if check_notebook(options.own) else 1
    if options.benchmark is not None:
        _refuse_others(options, "benchmark", "jobs", "no_sandbox")
        if options.benchmark < 1:
            raise WorkbookError(f"--benchmark is {options.benchmark}; it must be at least 1")
        from posenet_lib.grading.outside.speed import run_benchmark

        print(run_benchmark(options.benchmark, options.jobs, sandboxed=not options.no_sandbox))
        return 0
    if not options.submissions or not options.out:
        raise WorkbookError("give SUBMISSIONS and --out DIR (or --self NOTEBOOK to check your own notebook)")
    _grade(options)
    return 0


def _refuse_others(options: argparse.Namespace, name: str, *used: str) -> None:
    """What is given beside an option that makes no use of it was meant for a class."""
    given = [other for other, default in options.defaults.items() if getattr(options, other) != default]
    if unused := [_flag(other) for other in given if other not in (name, *used)]:
        raise WorkbookError(f"{_flag(name)} makes no use of {', '.join(unused)}; leave that out, or {_flag(name)}")


def _flag(name: str) -> str:
    return {"own": "--self", "submissions": "SUBMISSIONS"}.get(name, f"--{name.replace('_', '-')}")


def _grade(options: argparse.Namespace) -> None:
    from posenet_lib.core.progress import progress_bar
    from posenet_lib.grading.outside.finish_class import finish_class, read_course_files
    from posenet_lib.grading.outside.grade_class import ClassGrading, grade_class
    from posenet_lib.grading.outside.pages.report import histogram_text, to_look_at

    if options.cell_seconds <= 0:
        raise WorkbookError(f"--cell-seconds is {options.cell_seconds:g}; it must be above 0")
    if options.no_sandbox:
        print("Without a sandbox, students' code can read files and the network, and end other programs of its user.")
    files = read_course_files(
        options.out,
        options.submissions,
        policy=options.policy,
        metadata=options.metadata,
        roster=options.roster,
        compare_with=options.compare_with,
        assignment=options.assignment,
    )
    limits = Limits(cell_seconds=options.cell_seconds, question_seconds=3 * options.cell_seconds)
    grading = ClassGrading(
        options.submissions,
        options.out,
        jobs=options.jobs,
        regrade=options.regrade,
        sandboxed=not options.no_sandbox,
        limits=limits,
        seed=options.seed,
        progress=progress_bar,
    )
    results = grade_class(grading)
    after = finish_class(files, results)
    print(f"\n{histogram_text(results)}")
    look = to_look_at(results)
    print(f"\nRuns that need a look: {len(look) or 'none'}")
    for line in look:
        print(f"  {line[:300]}")
    print("")
    for line in after:
        print(line)
    print(f"\nGraded now: {grading.graded_now}, kept from before: {len(results) - grading.graded_now}.")
    print(f"{options.out / 'grades.csv'}, feedback/, gradescope/, junit/, similar/, history.csv, histogram.png")
