"""The row about grading; the handout has nothing to compare it with."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from posenet_lib.benchmark.rows import Row, Task
from posenet_lib.benchmark.setup import Setup
from posenet_lib.grading.outside.speed import GradingSpeed

_STUDENTS, _FEW, _JOBS = 40, 8, 2


def grading_tasks(setup: Setup) -> list[Task]:
    """A made-up class, graded from nothing. Left out in the quick run."""
    return [] if setup.config.quick else [Task("grading", partial(_grading_row, setup))]


def _grading_row(setup: Setup) -> Iterator[Row]:
    """In a process of its own: one that has trained networks is slow to fork, and its memory would count."""
    if sys.platform != "linux":
        yield _not_measured("grading a class needs Linux")
        return
    students = _STUDENTS if setup.stopwatch.time_left_s else _FEW
    command = [sys.executable, "-m", "posenet_lib.grading.outside.speed", str(students), str(_JOBS)]
    limit_s = setup.stopwatch.time_to_end_s
    own_folder = {**os.environ, "TMPDIR": str(setup.folder)}  # a process that is stopped leaves its files there
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, env=own_folder)
    except subprocess.TimeoutExpired:
        yield _not_measured(f"{students} submissions were not graded in the {limit_s:.0f} s that were left")
        return
    if done.returncode:
        yield _not_measured(done.stderr.strip()[-200:])
        return
    speed = GradingSpeed(**json.loads(done.stdout.splitlines()[-1]))
    yield Row("grading, submissions", None, speed.a_minute, "a minute", None, None, str(speed).replace("\n", "\n    "))


def _not_measured(reason: str) -> Row:
    return Row("grading, submissions", None, None, "a minute", None, None, f"not measured: {reason}")
