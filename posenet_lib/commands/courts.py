"""`posenet courts`: a court for each student of a class, and runs graded on it."""

import argparse
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command
from posenet_lib.commands.workers import add_workers_option

_NAMED = 5  # students in one line


def add_parsers(commands: Any) -> None:
    """Declare `courts give` and `courts grade`."""
    parser = commands.add_parser("courts", help="a court for each student of a class, and runs graded on it")
    kinds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    give = add_command(kinds, "give", run_give, "A court for each student: seeds from a roster and a secret.")
    give.add_argument("--roster", type=Path, required=True, metavar="students.csv", help="names and ids of the class")
    give.add_argument("--secret", type=Path, required=True, metavar="FILE", help="made if there is none; keep it")
    give.add_argument("--out", type=Path, required=True, metavar="seeds.csv", help="who is in it keeps the seed")

    grade = add_command(
        kinds, "grade", run_grade, "Grade each student's checkpoint on hidden photos of the student's own court."
    )
    grade.add_argument("runs", type=Path, metavar="FOLDER", help="with STUDENT/best.safetensors, STUDENT.safetensors")
    grade.add_argument("--seeds", type=Path, required=True, metavar="seeds.csv", help="from `posenet courts give`")
    grade.add_argument("--secret", type=Path, required=True, metavar="FILE", help="decides where photos are taken")
    grade.add_argument("--out", type=Path, required=True, metavar="runs.csv", help="errors, points and reasons")
    grade.add_argument("--policy", type=Path, metavar="runs.toml", help="points, full_at, nothing_at")
    add_workers_option(grade)


def run_give(options: argparse.Namespace) -> None:
    """`posenet courts give`."""
    from posenet_lib.grading.outside.hand_ins.plain_text import plain_line
    from posenet_lib.grading.outside.policies.roster import read_roster
    from posenet_lib.grading.outside.runs.student_seeds import (
        give_seeds,
        not_in_roster,
        read_secret,
        read_seeds,
        write_seeds,
    )

    people = read_roster(options.roster)
    earlier = read_seeds(options.out) if options.out.exists() else []
    made = not options.secret.exists()
    students = give_seeds(people, read_secret(options.secret, make=True), earlier)
    write_seeds(options.out, students)
    if made:
        print(f"{options.secret}: a new secret. Keep it to yourself, and keep it: it decides what is graded.")
    old = {student.seed for student in earlier}
    new = sum(student.seed not in old for student in students)
    print(f"{options.out}: {len(students)} courts, {new} of them new. Send each student the line with their command.")
    if others := not_in_roster(students, people):
        names = ", ".join(plain_line(person.name) for person in others[:_NAMED])
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        print(f"{len(others)} in the table, but not in this roster: {names}{more}. Their lines stay as they are.")


def run_grade(options: argparse.Namespace) -> None:
    """`posenet courts grade`."""
    from posenet_lib.core.progress import progress_bar
    from posenet_lib.grading.outside.runs.grade_runs import RunsGrading, grade_runs, summary_lines, write_runs
    from posenet_lib.grading.outside.runs.run_policy import RunPolicy, read_run_policy
    from posenet_lib.grading.outside.runs.student_seeds import read_secret, read_seeds

    policy = read_run_policy(options.policy) if options.policy else RunPolicy()
    students, secret = read_seeds(options.seeds), read_secret(options.secret)
    with progress_bar(desc="Rendering", unit="court", delay=0.5) as bar:  # no bar where nothing is rendered

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        grading = RunsGrading(options.runs, students, secret, policy, workers=options.workers, progress=show)
        results = grade_runs(grading)
    write_runs(options.out, results, policy)
    print("\n".join(summary_lines(results, policy)))
    print(f"\n{options.out}: {len(results)} lines.")
