"""Expected outputs of the hidden cells: the reference runs once, in the same sandbox, and its numbers are kept.

Every number is printed as a whole multiple of a step, so a value that lies where rounding changes could print
differently for float32 and float64. Such values are never shown: the reference's first run records all numbers, and
only those that lie well inside their step are chosen.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import posenet_lib
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.grading.inside.probe_kit import MARGIN, SHOWN
from posenet_lib.grading.outside.assemble import assemble
from posenet_lib.grading.outside.kernel import RunLimits, running
from posenet_lib.grading.outside.question_data import QuestionData
from posenet_lib.grading.outside.sandbox import Sandbox

AllBaked = dict[str, dict[str, dict[str, Any]]]  # grade_id -> group -> {"chosen", "expected"}


def bake(questions: Sequence[QuestionData], sandbox: Sandbox, limits: RunLimits, cache: Path | None = None) -> AllBaked:
    """Expected outputs of all hidden cells, from the cache where nothing has changed.

    Raises:
        WorkbookError: the reference does not run, or one of its results has no number that can be shown safely.
    """
    folder = cache or cache_dir()
    file = folder / f"{fingerprint(questions)}.json"
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        pass
    baked = {data.grade_id: _bake(data, questions, sandbox, limits) for data in questions}
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(file) as temporary:
            temporary.touch(mode=0o600)
            temporary.write_text(json.dumps(baked), encoding="utf-8")
    except OSError:
        pass  # no place to keep them: they are made again next time
    return baked


def cache_dir() -> Path:
    """Of the user who grades; students' kernels never see it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "posenet-grading"


def fingerprint(questions: Sequence[QuestionData]) -> str:
    """Changes with anything that the expected numbers depend on."""
    digest = hashlib.sha256(repr([data.version for data in questions]).encode())
    for package in ("numpy", "pillow", "torch"):
        digest.update(version(package).encode())
    root = Path(posenet_lib.__file__).parent
    for file in sorted(root.glob("**/*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:24]


def _bake(data: QuestionData, questions: Sequence[QuestionData], sandbox: Sandbox, limits: RunLimits) -> dict:
    recorded = _run(data, questions, sandbox, limits, None)
    chosen = {}
    for group in data.groups:
        results = json.loads(recorded[group.name])
        chosen[group.name] = [_choose(np.array(values), data, group.name) for values in results]
    draft = {name: {"chosen": indices, "expected": ""} for name, indices in chosen.items()}
    expected = _run(data, questions, sandbox, limits, draft)
    return {name: {"chosen": draft[name]["chosen"], "expected": expected[name]} for name in draft}


def _choose(steps: np.ndarray, data: QuestionData, group: str) -> list[int]:
    """Indices of numbers that no rounding noise can turn, spread over the result."""
    off = np.abs(steps - np.rint(steps))
    safe = np.flatnonzero(np.isfinite(steps) & (off <= 0.5 - MARGIN))
    if not len(safe):
        raise WorkbookError(
            f"tests/probes/{data.grade_id}.py, cell '{group}': one of its results has no number that is safe to show; "
            "change its step or its inputs"
        )
    order = np.random.default_rng(len(steps)).permutation(safe)
    return sorted(int(index) for index in order[:SHOWN])


def _run(
    data: QuestionData, questions: Sequence[QuestionData], sandbox: Sandbox, limits: RunLimits, baked: dict | None
) -> dict[str, str]:
    notebook, outputs = assemble(data, data.reference, questions, baked), {}
    with running(sandbox, limits) as kernel:
        for cell in notebook.cells:
            kernel.execute_cell_input(cell.source)
            if errors := kernel.errors():
                raise WorkbookError(f"the reference of {data.grade_id} fails in {cell.id}: {errors[0]['traceback'][0]}")
            outputs[cell.id.removeprefix("probe_")] = kernel.printed()
    return outputs
