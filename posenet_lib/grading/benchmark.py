"""How fast grading is: a made-up class of right and wrong answers, graded from nothing.

posenet grade --benchmark 100
"""

import json
import resource
import tempfile
import time
from pathlib import Path

import nbformat

from posenet_lib.grading.question_data import load_questions, tests_dir
from posenet_lib.grading.run import ClassRun, grade_class
from posenet_lib.notebook_files import fill_answers, read_notebook
from posenet_lib.workspace import notebooks_dir


def make_class(folder: Path, count: int) -> None:
    """`count` students, both notebooks each: every second one has one wrong answer."""
    questions = load_questions()
    reference = {data.grade_id: data.reference for data in questions}
    wrong = [(file.parent.name, file) for file in sorted((tests_dir() / "wrong_answers").glob("*/*.py"))]
    for number in range(count):
        answers = dict(reference)
        if number % 2:
            name, file = wrong[(number * 7) % len(wrong)]
            answers[name] = file.read_text(encoding="utf-8")
        student = folder / f"student{number:03}"
        student.mkdir(parents=True)
        for notebook_name in sorted({data.question.notebook for data in questions}):
            notebook = read_notebook(notebooks_dir() / notebook_name)
            fill_answers(notebook, answers)
            (student / notebook_name).write_text(json.dumps(notebook), encoding="utf-8")
            nbformat.validate(notebook)


def run_benchmark(count: int, jobs: int, *, sandboxed: bool = True) -> str:
    """Grade such a class and report."""
    with tempfile.TemporaryDirectory(prefix="posenet-benchmark-") as name:
        folder = Path(name)
        make_class(folder / "class", count)
        began = time.perf_counter()
        run = ClassRun(folder / "class", folder / "out", jobs, sandboxed=sandboxed, baked_cache=folder / "baked")
        results = grade_class(run)
        seconds = time.perf_counter() - began
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    most = max(result.memory_mb for result in results)
    full = sum(result.points == result.max_points for result in results)
    return (
        f"{count} submissions in {seconds:.1f} s with {jobs} jobs: {60 * count / seconds:.0f} a minute "
        f"({full} with full points).\n"
        f"Memory: {own} MB for the driver, at most {most} MB for the process that grades a submission."
    )
