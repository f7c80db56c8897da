"""Expected outputs of the hidden cells: the reference runs on each student's own inputs, in the same sandbox.

The inputs of hidden cells are drawn from a seed that stays outside: another one for each run of grading and for each
student in it. So whoever has seen a hidden cell knows nothing about the inputs of anybody else, nor of the next run.

Every number is printed as a whole multiple of a step, so a value that lies where rounding changes could print
differently for float32 and float64. Such values are not shown: the reference records all numbers, and only those that
lie well inside their step are chosen. Inputs are drawn anew for every student, so some result of few numbers has none
that lies so well inside, once in a thousand students or so; then the best of them are shown.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import posenet_lib
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.core.workspace import cache_dir
from posenet_lib.grading.inside.probe_kit import shown_line
from posenet_lib.grading.outside.hidden_cells.assemble import ExpectedOutput, assemble
from posenet_lib.grading.outside.hidden_cells.question_data import QuestionData
from posenet_lib.grading.outside.kernels.kernel import RunEnded, running
from posenet_lib.grading.outside.kernels.limits import REFERENCE_LIMITS
from posenet_lib.grading.outside.kernels.sandbox import Sandbox, SandboxDied

_MARGIN = 0.2  # of a step: a shown value is so far from where its rounding would change
_LEAST_MARGIN = 0.02  # of a step: where a result has fewer than `_ENOUGH` such values; rounding noise is far smaller
_ENOUGH = 4  # numbers that have to agree, so that no wrong result agrees by chance
_SHOWN = 16  # numbers of one result
_KEPT = 20  # runs in the cache

ExpectedOutputs = Mapping[str, Mapping[str, ExpectedOutput]]  # grade_id -> name of the hidden cell -> its output


def expected_outputs(
    questions: Sequence[QuestionData],
    sandbox: Sandbox,
    folder: Path | None = None,
    seed: int = 0,
    *,
    kept: bool = True,
) -> ExpectedOutputs:
    """Expected outputs of all hidden cells, from the cache where nothing has changed: a run that goes on.

    Args:
        questions: all questions.
        sandbox: where the reference runs if something has changed.
        folder: where they are kept; by default in the cache of the user who grades. Kernels never see it.
        seed: the hidden cells draw their inputs from it.
        kept: whether there is a cache; those of one student are needed once.

    Raises:
        WorkbookError: the reference does not run, or one of its results has no number that can be shown safely.
    """
    if not kept:
        return {data.grade_id: _expected_outputs_of(data, questions, sandbox, seed) for data in questions}
    folder = folder or cache_dir() / "expected_outputs"
    file = folder / f"{fingerprint(questions, seed)}.json"
    try:
        return _from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        pass
    made = {data.grade_id: _expected_outputs_of(data, questions, sandbox, seed) for data in questions}
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(file) as temporary:
            temporary.touch(mode=0o600)
            temporary.write_text(_to_json(made), encoding="utf-8")
        for old in sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            old.unlink()
    except OSError:
        pass  # no place to keep them: they are made again next time
    return made


def _to_json(outputs: ExpectedOutputs) -> str:
    return json.dumps(
        {grade_id: {name: asdict(output) for name, output in cells.items()} for grade_id, cells in outputs.items()}
    )


def _from_json(text: str) -> ExpectedOutputs:
    return {
        grade_id: {name: ExpectedOutput(**output) for name, output in cells.items()}
        for grade_id, cells in json.loads(text).items()
    }


def fingerprint(questions: Sequence[QuestionData], seed: int = 0) -> str:
    """Changes with anything that the expected numbers depend on."""
    digest = hashlib.sha256(repr([seed, [data.version for data in questions]]).encode())
    for package in ("numpy", "pillow", "torch"):
        digest.update(version(package).encode())
    root = Path(posenet_lib.__file__).parent
    for file in sorted(root.glob("**/*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:24]


def _expected_outputs_of(
    data: QuestionData, questions: Sequence[QuestionData], sandbox: Sandbox, seed: int
) -> dict[str, ExpectedOutput]:
    recorded = _run_reference(data, questions, sandbox, seed)
    return {group.name: expected_output(json.loads(recorded[group.name]), data, group.name) for group in data.groups}


def expected_output(recorded: Sequence[Mapping[str, Any]], data: QuestionData, cell: str) -> ExpectedOutput:
    """The lines that the hidden cell prints when it is told which numbers to show."""
    lines, chosen = [], []
    for line in recorded:
        if "said" in line:
            lines.append(line["said"])
            continue
        steps = np.array(line["steps"])
        indices = _choose(steps, data, cell)
        lines.append(shown_line(len(chosen), line["shape"], [steps[index] for index in indices]))
        chosen.append(indices)
    return ExpectedOutput(chosen, "\n".join(lines), [line["kind"] for line in recorded])


def _choose(steps: np.ndarray, data: QuestionData, cell: str) -> list[int]:
    """Indices of numbers that no rounding noise can turn, spread over the result."""
    finite = np.where(np.isfinite(steps), steps, 0.5)  # half a step is where rounding can turn either way
    margin = 0.5 - np.abs(finite - np.rint(finite))
    safe = np.flatnonzero(margin >= _MARGIN)
    if len(safe) < _ENOUGH:
        best = np.argsort(-margin, kind="stable")[:_ENOUGH]
        safe = best[margin[best] >= _LEAST_MARGIN]
    if not len(safe):
        raise WorkbookError(
            f"tests/questions/{data.grade_id}/probes.py, cell '{cell}': one of its results has no number that is safe "
            "to show; change its step or its inputs"
        )
    order = np.random.default_rng(len(steps)).permutation(safe)
    return sorted(int(index) for index in order[:_SHOWN])


def _run_reference(
    data: QuestionData, questions: Sequence[QuestionData], sandbox: Sandbox, seed: int
) -> dict[str, str]:
    """What the reference prints, by hidden cell: all of its numbers, as JSON."""
    notebook, printed = assemble(data, data.reference, questions, None, seed), {}
    try:
        with running(sandbox, REFERENCE_LIMITS) as kernel:
            for cell in notebook.cells:
                where = f"the reference of {data.grade_id} fails in {cell.id}"
                kernel.execute_cell_input(cell.source)
                if errors := kernel.errors():
                    raise WorkbookError(f"{where}: {errors[0]['traceback'][0]}")
                printed[cell.id.removeprefix("probe_")] = kernel.probed()
    except RunEnded as ended:
        raise WorkbookError(f"{where}: it {ended}") from None
    except SandboxDied as died:
        raise WorkbookError(f"the reference of {data.grade_id} was not run to its end: {died}") from None
    return printed
