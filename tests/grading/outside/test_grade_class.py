"""Grading for real: right answers, wrong answers and bad files go through the sandbox as one class each."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside import grade_class as grade_class_module
from posenet_lib.grading.outside import results as results_module
from posenet_lib.grading.outside.grade_class import ClassGrading, grade_class
from posenet_lib.grading.outside.grade_one import grade_one
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions
from posenet_lib.workbook.notebook_files import fill_answers, read_notebook
from tests.support.places import ANSWERS, GRADED, NOTEBOOKS, RIGHT_ANSWERS, ROOT, SOLUTIONS, WRONG_ANSWERS, question_of
from tests.support.sandboxes import skip_without_sandbox

NAMES = tuple(GRADED)
FULL = {"generate_mean_image": 3, "head_loss": 4, "PoseLoss": 3}


@pytest.fixture(scope="module", autouse=True)
def sandbox_possible():
    """Only where bubblewrap can't run there is nothing to test here; the reason is its own message."""
    skip_without_sandbox()


def write_student(folder: Path, answers: dict[str, str], *, ids: bool = True, line_end: str = "\n") -> None:
    """Both notebooks, as a student hands them in."""
    folder.mkdir(parents=True)
    for name in ("01_mean_image.ipynb", "04_loss.ipynb"):
        notebook = read_notebook(NOTEBOOKS / name)
        fill_answers(notebook, answers)
        for cell in notebook.cells:
            if not ids:  # as Colab writes them
                del cell["id"]
                cell["metadata"] = {"id": "dQw4w9WgXcQ"}
            cell["source"] = cell["source"].replace("\n", line_end)
        if not ids:
            notebook["nbformat_minor"] = 0
        (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


def grade(tmp: Path, **options) -> dict[str, results_module.StudentResult]:
    grading = ClassGrading(tmp / "class", tmp / "out", jobs=2, expected_outputs_cache=tmp.parent / "made", **options)
    return {result.student: result for result in grade_class(grading)}


def question(result, name):
    return next(row for row in result.questions if row.grade_id == name)


def lost_groups(row) -> list[str]:
    return [group.name for group in row.groups if not group.passed]


# ---------------------------------------------------------------- right answers

NOISE = {
    "generate_mean_image": (
        "    return (total / count).astype(np.float32)",
        "    noisy = (total / count) * (1 + 1e-6 * np.random.uniform(-1, 1, np.shape(total)))\n"
        "    return (noisy + np.random.uniform(-5e-3, 5e-3, noisy.shape)).astype(np.float32)",
    ),
    "head_loss": (
        "    return (position_error + beta * orientation_error).mean()",
        "    noise = lambda: 1 + 4e-6 * (2 * torch.rand(1) - 1)\n"
        "    return (position_error * noise() + beta * orientation_error * noise()).mean()",
    ),
    "PoseLoss": ("        return loss", "        return loss * (1 + 4e-6 * float(2 * torch.rand(1) - 1))"),
}


def noisy(name: str) -> str:
    old, new = NOISE[name]
    assert old in SOLUTIONS[name]
    return SOLUTIONS[name].replace(old, new)


def with_todo_line(name: str, source: str) -> str:
    number = {"generate_mean_image": 1, "head_loss": 2, "PoseLoss": 3}[name]
    return source if source.startswith("# TODO") else f"# TODO {number}: {name}\n{source}"


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    tmp = tmp_path_factory.mktemp("right")
    expected = {}
    for index in range(max(map(len, RIGHT_ANSWERS.values()))):
        files = {name: RIGHT_ANSWERS[name][index % len(RIGHT_ANSWERS[name])] for name in NAMES}
        answers = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
        colab = {name: with_todo_line(name, source) for name, source in answers.items()}
        write_student(tmp / "class" / f"style{index}", answers)
        write_student(tmp / "class" / f"colab{index}", colab, ids=False, line_end="\r\n")
        expected |= {f"style{index}": files, f"colab{index}": files}
    write_student(tmp / "class" / "reference", SOLUTIONS)
    write_student(tmp / "class" / "no_todo_line", SOLUTIONS, ids=False)
    for index in range(3):
        write_student(tmp / "class" / f"noise{index}", {name: noisy(name) for name in NAMES})
    return grade(tmp), expected, tmp


def test_there_are_enough_right_styles():
    assert all(len(files) >= 10 for files in RIGHT_ANSWERS.values())


def test_right_answers_get_full_points(right):
    results, expected, _ = right
    bad = {
        (student, expected.get(student, {}).get(row.grade_id)): (lost_groups(row), row.reason)
        for student, result in results.items()
        for row in result.questions
        if row.points != FULL[row.grade_id]
    }
    assert not bad
    assert all(result.status == "graded" and not result.needs_a_look for result in results.values())


def test_reports_of_a_class(right):
    results, _, tmp = right
    out = tmp / "out"
    rows = list(csv.DictReader((out / "grades.csv").open(encoding="utf-8")))
    assert [row["student"] for row in rows] == sorted(results)
    assert {row["total"] for row in rows} == {"10"}
    for folder, suffix in (("feedback", "html"), ("gradescope", "json"), ("junit", "xml"), ("results", "json")):
        assert {file.stem for file in (out / folder).glob(f"*.{suffix}")} == set(results)
    document = json.loads((out / "gradescope" / "reference.json").read_text())
    assert document["score"] == 10
    assert sum(test["max_score"] for test in document["tests"]) == 10
    assert (out / "histogram.png").stat().st_size > 3000
    similar = list(csv.DictReader((out / "similar.csv").open(encoding="utf-8")))
    same = [row["students"].split() for row in similar if row["same as the reference"] == "yes"]
    assert same and all({"reference", "no_todo_line"} <= set(students) for students in same)
    for index in range(3):
        assert any({f"style{index}", f"colab{index}"} <= set(row["students"].split()) for row in similar)


def test_a_second_run_keeps_results_and_regrades_on_request(right):
    _, _, tmp = right
    (tmp / "out" / "results" / "style1.json").unlink()  # as if the first run had been killed before it
    shutil.rmtree(tmp / "class" / "style2")
    write_student(tmp / "class" / "style2", {**SOLUTIONS, "head_loss": "def head_loss(*_): return 0\n"})
    times = {file.stem: file.stat().st_mtime_ns for file in (tmp / "out" / "results").glob("*.json")}
    grading = ClassGrading(tmp / "class", tmp / "out", regrade=["style0"], expected_outputs_cache=tmp.parent / "made")
    results = {result.student: result for result in grade_class(grading)}
    assert grading.graded_now == 3  # killed, handed in again, asked for
    after = {file.stem: file.stat().st_mtime_ns for file in (tmp / "out" / "results").glob("*.json")}
    assert {name for name in times if after[name] != times[name]} == {"style0", "style2"}
    assert results["style2"].points == 6
    with pytest.raises(WorkbookError, match="no such student"):
        grade_class(ClassGrading(tmp / "class", tmp / "out", regrade=["nobody"]))


def test_what_broke_off_is_named_and_graded_again_by_the_next_call(tmp_path, monkeypatch):
    """A fault of the grader, here one of its own errors, is no student's: the same command tries again."""
    for student in ("ada", "bob"):
        write_student(tmp_path / "class" / student, SOLUTIONS)

    def breaks_off(submission, *arguments):
        if submission.student == "bob":
            raise RuntimeError("a fault of the grader")
        return grade_one(submission, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(grade_class_module, "grade_one", breaks_off)
        results = grade(tmp_path)
    assert (results["ada"].points, results["bob"].points) == (10, 0)
    assert results["bob"].needs_a_look and "the grading process broke off" in results["bob"].reason
    assert "a fault of the grader" in (tmp_path / "out" / "grader.log").read_text(encoding="utf-8")
    again = ClassGrading(tmp_path / "class", tmp_path / "out", expected_outputs_cache=tmp_path.parent / "made")
    assert [result.points for result in grade_class(again)] == [10, 10]
    assert again.graded_now == 1


@pytest.mark.slow
def test_a_killed_run_leaves_no_process_and_continues(tmp_path):
    for number in range(8):
        write_student(tmp_path / "class" / f"s{number}", SOLUTIONS)
    command = [
        sys.executable,
        "-m",
        "posenet_lib.cli",
        "grade",
        str(tmp_path / "class"),
        "--out",
        str(tmp_path / "out"),
    ]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    first = subprocess.Popen([*command, "--jobs", "1"], env=environment, stderr=subprocess.DEVNULL)
    results = tmp_path / "out" / "results"
    deadline = time.monotonic() + 120
    while len(list(results.glob("*.json"))) < 2 and first.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    done = {file.stem: file.stat().st_mtime_ns for file in results.glob("*.json")}
    assert 2 <= len(done) < 8
    time.sleep(1)
    assert not [name for name in descendants_by_environment(str(tmp_path / "cache")) if name]
    second = subprocess.run([*command, "--jobs", "2"], env=environment, capture_output=True, text=True, check=True)
    assert f"kept from before: {len(done)}" in second.stdout
    assert all(file.stat().st_mtime_ns == done[file.stem] for file in results.glob("*.json") if file.stem in done)
    assert (tmp_path / "out" / "grades.csv").read_text().count(",10,10,graded") == 8


def descendants_by_environment(mark: str) -> list[str]:
    """Command lines of processes that were started with `mark` in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes():
                found.append((entry / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.slow
def test_as_a_normal_user(tmp_path):
    """The same through user namespaces. Only root can become a normal user here."""
    if os.geteuid() != 0:
        pytest.skip("the other tests have run as a normal user already")
    write_student(tmp_path / "class" / "right", SOLUTIONS)
    attack = (ROOT / "tests" / "hostile" / "submissions" / "kill_parent.py").read_text(encoding="utf-8")
    write_student(tmp_path / "class" / "hostile", SOLUTIONS | {"head_loss": attack})
    script = """
set -e
python="$(readlink -f "$PYTHON")"
case "$python" in /root/*)  # a Python in root's home: show that part of it to everybody, in this mount namespace alone
  mkdir "$DIR/python"; mount --bind "$(dirname "$(dirname "$python")")" "$DIR/python"
  mount -t tmpfs -o mode=755 tmpfs /root; mkdir -p "$(dirname "$(dirname "$python")")"
  mount --bind "$DIR/python" "$(dirname "$(dirname "$python")")" ;;
esac
exec setpriv --reuid 12345 --regid 12345 --clear-groups "$PYTHON" -m posenet_lib.cli grade "$DIR/class" --out "$DIR/out"
"""
    for folder in (tmp_path, *tmp_path.parents):
        if folder != Path("/tmp") and folder.is_relative_to("/tmp"):
            folder.chmod(0o755)
    (tmp_path / "out").mkdir()
    os.chown(tmp_path / "out", 12345, 12345)
    environment = {**os.environ, "PYTHON": sys.executable, "DIR": str(tmp_path), "HOME": str(tmp_path / "out")}
    environment.pop("XDG_CACHE_HOME", None)
    command = ["unshare", "--mount", "bash", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, check=False)
    if "blocked here" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"normal users may not make namespaces here: {done.stderr[:200]}")
    assert done.returncode == 0, done.stderr[-2000:]
    rows = {row["student"]: row for row in csv.DictReader((tmp_path / "out" / "grades.csv").open(encoding="utf-8"))}
    assert (rows["right"]["total"], rows["hostile"]["total"], rows["hostile"]["head_loss"]) == ("10", "6", "0")


# ---------------------------------------------------------------- wrong answers


def header(file: Path, key: str) -> str:
    found = re.search(rf"^# {key}: (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


def wrong_class(tmp: Path, most: int | None = None):
    """A wrong mean image and a wrong PoseLoss make one student; a wrong head_loss another. `most`: of each answer."""
    cases, wrong = {}, {name: files[:most] for name, files in WRONG_ANSWERS.items()}
    for index in range(max(len(wrong["generate_mean_image"]), len(wrong["PoseLoss"]))):
        files = {n: wrong[n][index] for n in ("generate_mean_image", "PoseLoss") if index < len(wrong[n])}
        answers = SOLUTIONS | {name: file.read_text(encoding="utf-8") for name, file in files.items()}
        write_student(tmp / "class" / f"a{index}", answers)
        cases |= {file: f"a{index}" for file in files.values()}
    for index, file in enumerate(wrong["head_loss"]):
        write_student(tmp / "class" / f"b{index}", SOLUTIONS | {"head_loss": file.read_text(encoding="utf-8")})
        cases[file] = f"b{index}"
    return grade(tmp), cases, tmp


@pytest.fixture(scope="module")
def wrong(tmp_path_factory):
    return wrong_class(tmp_path_factory.mktemp("wrong"))


ALL_WRONG = [file for files in WRONG_ANSWERS.values() for file in files]


@pytest.mark.slow  # a class of about 60; the checks meet every one of them in test_checks.py
@pytest.mark.parametrize("file", ALL_WRONG, ids=lambda file: f"{question_of(file)}-{file.stem}")
def test_wrong_answer_loses_what_it_should_with_its_message(file, wrong):
    results, cases, tmp = wrong
    result = results[cases[file]]
    row = question(result, question_of(file))
    assert (row.status, row.reason) == ("graded", "")
    assert lost_groups(row) == header(file, "loses").split(", ")
    worth = {g.name: g.points for data in load_questions() if data.grade_id == row.grade_id for g in data.groups}
    costs = (header(file, "costs") or header(file, "loses")).split(", ")  # a mistake costs its own points once
    assert row.points == sum(points for name, points in worth.items() if name not in costs) < row.max_points
    assert any(header(file, "expect") in line.message for line in row.checks), row.checks
    page = (tmp / "out" / "feedback" / f"{result.student}.html").read_text(encoding="utf-8")
    plain = re.sub(r"</?code>", "`", page).replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">")
    assert header(file, "expect") in plain


@pytest.mark.slow
def test_a_wrong_answer_leaves_the_other_questions_alone(wrong):
    results, cases, _ = wrong
    attacked = {}
    for file, student in cases.items():
        attacked.setdefault(student, set()).add(question_of(file))
    for student, result in results.items():
        others = [row for row in result.questions if row.grade_id not in attacked[student]]
        assert all(row.points == row.max_points for row in others), student


def test_there_are_enough_wrong_answers():
    assert all(len(files) >= 25 for files in WRONG_ANSWERS.values())


@pytest.fixture(scope="module")
def few_wrong(tmp_path_factory):
    return wrong_class(tmp_path_factory.mktemp("few"), 3)


@pytest.mark.parametrize("graded", ["few_wrong", pytest.param("wrong", marks=pytest.mark.slow)])
def test_feedback_shows_no_hidden_cell(graded, request):
    _, _, tmp = request.getfixturevalue(graded)
    secrets = set()
    for data in load_questions():
        for group in data.groups:
            lines = [line.strip() for line in group.code.splitlines() if not line.startswith(("import", "from", "#"))]
            secrets |= {line for line in lines if len(line) > 30}
    assert len(secrets) > 30
    for file in [*(tmp / "out" / "feedback").iterdir(), *(tmp / "out" / "gradescope").iterdir()]:
        text = file.read_text(encoding="utf-8")
        assert not [secret for secret in secrets if secret in text], file


# ---------------------------------------------------------------- bad files


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    tmp = tmp_path_factory.mktemp("bad")
    folder = tmp / "class"
    write_student(folder / "fine", SOLUTIONS)
    write_student(tmp / "zipped", SOLUTIONS)
    good = (tmp / "zipped" / "01_mean_image.ipynb").read_bytes()
    loss = (tmp / "zipped" / "04_loss.ipynb").read_bytes()

    def single(student: str, data: bytes) -> None:
        (folder / f"{student}__01_mean_image.ipynb").write_bytes(data)

    single("single", good)
    (folder / "single__04_loss.ipynb").write_bytes(loss)
    single("no_json", b"\x00\x01 not json")
    single("empty", b"")
    single("other_json", b'{"hello": [1, 2]}')
    single("deep_json", b"[" * 200_000)
    single("nbformat3", b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": []}]}')
    with (folder / "huge__01_mean_image.ipynb").open("wb") as file:
        file.truncate(200 << 20)
    single("no_answer_cells", b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}')
    odd = [None, 3, {"cell_type": "code"}, {"cell_type": "code", "source": {"a": 1}, "id": "generate_mean_image"}]
    single("odd_cells", json.dumps({"nbformat": 4, "cells": odd}).encode())
    notebook = json.loads(good)
    twice = [cell for cell in notebook["cells"] if cell.get("id") == "generate_mean_image"]
    wrong = {**twice[0], "source": "# TODO 1: generate_mean_image\ndef generate_mean_image(*_): return None\n"}
    single("two_first_right", json.dumps({**notebook, "cells": [*notebook["cells"], wrong]}).encode())
    single("two_first_wrong", json.dumps({**notebook, "cells": [wrong, *notebook["cells"]]}).encode())
    surrogate = good.replace(b"total, count = 0.0, 0", b"total, count = 0.0, 0 # \\ud800")
    assert surrogate != good
    single("half_a_character", surrogate)
    (folder / "directory__01_mean_image.ipynb").mkdir()
    (folder / "link__01_mean_image.ipynb").symlink_to(ANSWERS / "head_loss" / "solution.py")
    (folder / "linked_folder").symlink_to(ANSWERS / "head_loss")
    (folder / "nothing").mkdir()
    (folder / "roster.txt").write_text("not a submission")
    (folder / "=cmd()__01_mean_image.ipynb").write_bytes(b"")
    with zipfile.ZipFile(folder / "zip.zip", "w") as archive:
        archive.writestr("inside/01_mean_image.ipynb", good)
        archive.writestr("inside/04_loss.ipynb", loss)
        archive.writestr("__MACOSX/inside/._04_loss.ipynb", b"rubbish")
    with zipfile.ZipFile(folder / "zip_slip.zip", "w") as archive:
        archive.writestr("../../escaped/01_mean_image.ipynb", good)
    with zipfile.ZipFile(folder / "zip_link.zip", "w") as archive:
        info = zipfile.ZipInfo("01_mean_image.ipynb")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with zipfile.ZipFile(folder / "zip_bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("01_mean_image.ipynb", b"0" * (300 << 20))
    (folder / "no_zip.zip").write_bytes(b"PK\x03\x04 broken")
    return grade(tmp), tmp


@pytest.mark.parametrize(
    ("student", "points", "reason"),
    [
        ("fine", 10, ""),
        ("single", 10, ""),
        ("zip", 10, ""),
        ("no_json", 0, "not a notebook"),
        ("empty", 0, "empty"),
        ("other_json", 0, "format"),
        ("deep_json", 0, "not a notebook"),
        ("nbformat3", 0, "format 3"),
        ("huge", 0, "too large (210 MB"),
        ("no_answer_cells", 0, "no answer cell"),
        ("odd_cells", 0, "head_loss: no answer cell"),
        ("two_first_right", 3, "2 different cells for generate_mean_image; the first counts"),
        ("two_first_wrong", 0, "2 different cells"),
        ("half_a_character", 3, ""),
        ("directory", 0, "is a directory"),
        ("link", 0, "is a link"),
        ("linked_folder", 0, "is a link"),
        ("nothing", 0, "no notebook"),
        ("zip_slip", 0, "a path that leaves it"),
        ("zip_link", 0, "holds a link"),
        ("zip_bomb", 0, "too large"),
        ("no_zip", 0, "cannot be opened"),
        ("=cmd()", 0, "empty"),
    ],
)
def test_bad_submission_gets_its_reason_and_the_class_goes_on(student, points, reason, bad):
    results, tmp = bad
    assert results[student].points == points
    assert reason in results[student].reason
    row = next(
        row
        for row in csv.DictReader((tmp / "out" / "grades.csv").open(encoding="utf-8"))
        if row["student"].lstrip("'") == student
    )
    assert reason in row["reason"]
    assert (tmp / "out" / "feedback" / f"{student}.html").is_file()


def test_bad_submissions_leave_nothing(bad):
    results, tmp = bad
    assert "roster" not in results
    assert not list(tmp.rglob("escaped"))
    held = int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]) >> 10  # each fork starts with it
    assert max(result.memory_mb for result in results.values()) < held + 600
    assert "'=cmd()" in (tmp / "out" / "grades.csv").read_text()
