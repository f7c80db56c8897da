"""How fast grading is: a made-up class of right and wrong answers, graded from nothing.

posenet grade --benchmark 100
python -m posenet_lib.grading.outside.speed COUNT JOBS

The second prints what it has measured as JSON. `posenet benchmark` calls it in a process of its own, because its own
process has trained networks by then: it would be slow to fork, and its memory would be counted as grading's.
"""

import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.process_memory import own_peak_mb
from posenet_lib.core.workspace import notebooks_dir
from posenet_lib.grading.outside.grade_class import ClassGrading, grade_class
from posenet_lib.grading.outside.hidden_cells.question_data import find_questions, load_questions
from posenet_lib.workbook.notebook_files import fill_answers, read_notebook


def make_class(folder: Path, count: int) -> None:
    """`count` students, both notebooks each: every second one has one wrong answer."""
    questions = load_questions()
    reference = {data.grade_id: data.reference for data in questions}
    wrong = [(file.parent.parent.name, file) for file in sorted(find_questions().glob("*/wrong/*.py"))]
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


@dataclass(frozen=True)
class GradingSpeed:
    """How a class was graded."""

    count: int
    full: int  # of them with full points
    seconds: float
    jobs: int
    driver_mb: int
    grader_mb: int  # the largest process that grades a submission

    @property
    def a_minute(self) -> float:
        """Submissions."""
        return 60 * self.count / self.seconds

    def __str__(self) -> str:
        return (
            f"{self.count} submissions in {self.seconds:.1f} s with {self.jobs} jobs: {self.a_minute:.0f} a minute "
            f"({self.full} with full points).\n"
            f"Memory: {self.driver_mb} MB for the driver, at most {self.grader_mb} MB for the process that grades a "
            "submission."
        )


def run_benchmark(count: int, jobs: int, *, sandboxed: bool = True) -> GradingSpeed:
    """Grade such a class and measure."""
    with tempfile.TemporaryDirectory(prefix="posenet-benchmark-") as name:
        folder = Path(name)
        make_class(folder / "class", count)
        began = time.perf_counter()
        cache = folder / "expected_outputs"
        results = grade_class(
            ClassGrading(folder / "class", folder / "out", jobs, sandboxed=sandboxed, expected_outputs_cache=cache)
        )
        seconds = time.perf_counter() - began
    most = max(result.memory_mb for result in results)
    full = sum(result.points == result.max_points for result in results)
    return GradingSpeed(count, full, seconds, jobs, round(own_peak_mb()), most)


if __name__ == "__main__":
    try:
        print(json.dumps(asdict(run_benchmark(int(sys.argv[1]), int(sys.argv[2])))))
    except WorkbookError as error:
        sys.exit(str(error).partition("\n")[0])  # one line of a table
