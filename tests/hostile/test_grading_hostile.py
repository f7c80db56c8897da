"""Attacks on the grader, run for real: each scores zero where it attacks, and touches nothing and nobody else."""

import json
import os
import re
import time
from pathlib import Path

import pytest

from posenet_lib.grading.outside.grade_class import ClassGrading, grade_class
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.workbook.notebook_files import fill_answers, read_notebook
from tests.support.places import NOTEBOOKS, ROOT, SOLUTIONS
from tests.support.sandboxes import skip_without_sandbox

pytestmark = pytest.mark.slow  # a class of attackers: minutes

HOSTILE = sorted((ROOT / "tests" / "hostile" / "submissions").glob("*.py"))
_WARM_PROCESS = "posenet_lib.grading.inside.warm_process"
LIMITS = Limits(cell_seconds=4, question_seconds=8)
WRONG_HEAD_LOSS = """
from posenet_lib.workbook import answer

@answer
def head_loss(predicted, target, beta):
    return (predicted.position_m * 0).sum()
"""


def header(file: Path, key: str) -> str:
    return re.search(rf"^# {key}: (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)[1]


def notebooks_with(answers: dict[str, str]) -> dict[str, dict]:
    filled = {}
    for name in ("01_mean_image.ipynb", "04_loss.ipynb"):
        notebook = read_notebook(NOTEBOOKS / name)
        fill_answers(notebook, answers)
        filled[name] = json.loads(json.dumps(notebook))
    return filled


def write(folder: Path, notebooks: dict[str, dict]) -> None:
    folder.mkdir(parents=True)
    for name, notebook in notebooks.items():
        (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


def cell(notebook: dict, name: str) -> dict:
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def notebook_tricks() -> dict[str, dict[str, dict]]:
    """Submissions whose trick is in the notebook file; the answer to head_loss is wrong in each."""
    tricks = {}

    def trick(function):
        notebooks = notebooks_with(SOLUTIONS | {"head_loss": WRONG_HEAD_LOSS})
        function(notebooks["04_loss.ipynb"])
        tricks[function.__name__] = notebooks

    @trick
    def tags(notebook):
        for each in notebook["cells"]:
            each["metadata"]["tags"] = ["nbval-skip", "raises-exception", "nbval-ignore-output", "skip-execution"]

    @trick
    def deleted_checks(notebook):
        notebook["cells"] = [each for each in notebook["cells"] if not each["id"].startswith("check_")]

    @trick
    def edited_checks(notebook):
        cell(notebook, "check_head_loss")["source"] = "print('passed')"
        cell(notebook, "check_head_loss")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "passed"}]

    @trick
    def duplicated_ids(notebook):
        for each in notebook["cells"]:
            if each["id"].startswith("check_") or each["cell_type"] == "markdown":
                each["id"] = "head_loss"

    @trick
    def ids_of_the_grader(notebook):
        notebook["cells"].insert(0, {**cell(notebook, "imports"), "id": "setup", "source": "raise SystemExit"})
        notebook["cells"].insert(0, {**cell(notebook, "imports"), "id": "probe_position", "source": "print(0)"})

    @trick
    def another_kernel(notebook):
        notebook["metadata"]["kernelspec"] = {"name": "bash", "display_name": "x", "language": "bash", "argv": ["true"]}

    @trick
    def patches_in_other_cells(notebook):
        patch = "import torch\ntorch.randn = lambda *s, **k: torch.zeros(*s)\nimport os; os._exit(0)"
        notebook["cells"].insert(1, {**cell(notebook, "imports"), "id": "patch", "source": patch})

    @trick
    def points_in_metadata(notebook):
        for each in notebook["cells"]:
            each["metadata"]["nbgrader"] = {"points": 1000, "grade": True, "grade_id": "head_loss", "solution": True}

    return tricks


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """All attacks and, between them, students who did nothing wrong: one class."""
    skip_without_sandbox()
    tmp = tmp_path_factory.mktemp("hostile")
    before = traces()
    attacked = {}
    for index, file in enumerate(HOSTILE):
        answers = SOLUTIONS | {
            header(file, "attacks"): file.read_text(encoding="utf-8").replace("@REPOSITORY@", str(ROOT))
        }
        if header(file, "attacks") == "PoseLoss":
            answers["head_loss"] = WRONG_HEAD_LOSS  # so that the reference takes its place
        write(tmp / "class" / f"{index:03}_{file.stem}", notebooks_with(answers))
        attacked[f"{index:03}_{file.stem}"] = header(file, "attacks")
        if index % 6 == 0:
            write(tmp / "class" / f"{index:03}z_neighbour", notebooks_with(SOLUTIONS))
    for name, notebooks in notebook_tricks().items():
        write(tmp / "class" / name, notebooks)
        attacked[name] = "head_loss"
    beside = tmp / "class" / "tags"
    (beside / "conftest.py").write_text("import os\nos.environ['HOSTILE'] = '1'\nopen('/tmp/hostile-conftest', 'w')\n")
    (beside / "pytest.ini").write_text("[pytest]\naddopts = --nbval-lax -k nothing\n")
    (beside / "sitecustomize.py").write_text("raise SystemExit\n")
    (beside / "posenet_lib").mkdir()
    (beside / "posenet_lib" / "__init__.py").write_text("raise SystemExit\n")
    grading = ClassGrading(
        tmp / "class", tmp / "out", jobs=2, limits=LIMITS, expected_outputs_cache=tmp / "expected_outputs"
    )
    results = {result.student: result for result in grade_class(grading)}
    time.sleep(0.5)
    return results, attacked, tmp, before, traces()


def is_of_a_kernel(uid: int) -> bool:
    """Whether kernels get such user ids, see `kernels.user_ids`; the first range is that of containers with few ids."""
    return 20000 <= uid < 65000 or 0x70000000 <= uid < 0x80000000


def traces() -> dict[str, set[str]]:
    """Processes, files and sockets of the machine that an attack could have left."""
    status, command = {}, {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            status[entry] = dict(
                re.findall(r"^(\w+):\s+(\S+)", Path(f"/proc/{entry}/status").read_text(), re.MULTILINE)
            )
            command[entry] = Path(f"/proc/{entry}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            status.pop(entry, None)

    def oldest(entry: str) -> str:
        parent = status[entry]["PPid"]
        return oldest(parent) if parent in status and parent != "1" else entry

    # What was left behind has lost its parent; another run of the grader, at the same time, has not.
    processes = {
        f"{entry} {fields['Uid']} {command[entry]}"
        for entry, fields in status.items()
        if fields["State"] != "Z"
        and (is_of_a_kernel(int(fields["Uid"])) or _WARM_PROCESS in command[entry])
        and ("bwrap" in command[oldest(entry)] or _WARM_PROCESS in command[oldest(entry)] or oldest(entry) == entry)
    }
    places = [Path(place) for place in ("/tmp", "/dev/shm", "/var/tmp")]
    files = {
        str(path) for place in places for path in place.iterdir() if "hostile" in path.name or "still" in path.name
    }
    files |= {str(path) for path in ROOT.glob("**/hostile*") if ".git" not in path.parts}
    files |= {str(path) for path in Path(os.__file__).parent.glob("site-packages/hostile*")}
    tables = [
        Path(f"/proc/net/{name}").read_text().splitlines()
        for name in ("tcp", "tcp6")
        if Path(f"/proc/net/{name}").exists()
    ]
    # Column 3 is the state (0A: listening), column 7 the user: kernels have one of their own where the grader is root.
    rows = [line.split() for table in tables for line in table[1:]]
    listening = {row[1] for row in rows if row[3] == "0A" and is_of_a_kernel(int(row[7]))}
    return {"processes": processes, "files": files, "listening": listening}


def question(result, name):
    return next(row for row in result.questions if row.grade_id == name)


NAMES = [f"{index:03}_{file.stem}" for index, file in enumerate(HOSTILE)] + list(notebook_tricks())


def test_there_are_enough_attacks():
    assert len(NAMES) >= 25


@pytest.mark.parametrize("student", NAMES)
def test_attack_scores_zero_where_it_attacks_and_nowhere_else(student, hostile):
    results, attacked, *_ = hostile
    result = results[student]
    row = question(result, attacked[student])
    assert row.points == 0
    assert row.reason if row.status == "incomplete" else row.groups
    others = [q for q in result.questions if q.grade_id != attacked[student]]
    if attacked[student] == "PoseLoss":
        others = [q for q in others if q.grade_id != "head_loss"]
    assert [q.points for q in others] == [q.max_points for q in others], others
    # Within its limits: three questions and their messages, none longer than its limit by much.
    assert result.seconds < 2 * LIMITS.question_seconds + 12


def test_neighbours_are_untouched(hostile):
    results, *_ = hostile
    neighbours = [result for name, result in results.items() if name.endswith("_neighbour")]
    assert len(neighbours) >= 8
    assert {result.points for result in neighbours} == {10}


def test_nothing_is_left_behind(hostile):
    _, _, tmp, before, after = hostile
    assert after["processes"] - before["processes"] == set()
    assert after["files"] - before["files"] == set()
    assert after["listening"] - before["listening"] == set()
    assert not (tmp / "out" / "grader.log").exists(), (tmp / "out" / "grader.log").read_text()


def test_memory_of_the_grader_stays_small(hostile):
    results, *_ = hostile
    held = int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]) >> 10  # each fork starts with it
    assert max(result.memory_mb for result in results.values()) < held + 600


def test_no_secret_in_what_students_get(hostile):
    _, _, tmp, *_ = hostile
    secrets = ["torch.linalg.vector_norm(target.quaternion_wxyz", "unit_wxyz = target.quaternion_wxyz / length"]
    secrets += ["manual_seed(1505)", "LOAD_GLOBAL", "orientation_error", "added.append"]
    secrets += ["manual_seed(seed)", "of this run of grading", "rng.permutation(greys)"]
    for folder in ("feedback", "gradescope"):
        for file in (tmp / "out" / folder).iterdir():
            text = file.read_text(encoding="utf-8")
            assert len(text) < 200_000
            assert not [secret for secret in secrets if secret in text], file
