"""Grading's parts, without a sandbox: finding answers, assembling, hidden cells, reports, messages, self check."""

import ast
import json
import os
import socket
import struct
import sys
import threading
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest

from posenet_lib import cli
from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.inside import wire
from posenet_lib.grading.inside.probe_kit import Probe, to_array
from posenet_lib.grading.outside import check_messages as teaching
from posenet_lib.grading.outside import sandbox as sandbox_module
from posenet_lib.grading.outside.answer_cells import Unreadable, find_answers, read_cells
from posenet_lib.grading.outside.assemble import assemble, others_used
from posenet_lib.grading.outside.bubblewrap import bwrap_command, kernel_environment
from posenet_lib.grading.outside.expected_outputs import fingerprint as bake_fingerprint
from posenet_lib.grading.outside.feedback_page import feedback_page
from posenet_lib.grading.outside.gradescope import gradescope_json
from posenet_lib.grading.outside.question_data import load_questions, modules_to_preload, parse_probes
from posenet_lib.grading.outside.report import grades_csv, histogram_text
from posenet_lib.grading.outside.results import CheckLine, GroupResult, QuestionResult, StudentResult, load_result
from posenet_lib.grading.outside.sandbox import Sandbox
from posenet_lib.grading.outside.similar import cell_text, fingerprint, similar_csv
from posenet_lib.grading.outside.submissions import find_submissions, likely_order, read_files

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = load_questions()


def code(source, **more):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **more}


# ---------------------------------------------------------------- finding answers


def test_answers_are_found_by_id_then_todo_line_then_decorated_definition():
    by_id = code("x = 1", id="head_loss")
    by_line = code("# TODO 2: head_loss\nx = 2")
    by_name = code("import torch\n\n@answer\n# comment\ndef head_loss(a, b, c):\n    return 3")
    undecorated = code("def head_loss():\n    return 4")
    for cells, expected in (
        ([undecorated, by_name, by_line, by_id], by_id),
        ([undecorated, by_name, by_line], by_line),
        ([undecorated, by_name], by_name),
    ):
        assert find_answers([("a", cells)], ["head_loss"]).sources == {"head_loss": expected["source"]}
    assert find_answers([("a", [undecorated])], ["head_loss"]).sources == {}


@pytest.mark.parametrize("line", ["# TODO 2: head_loss", "#TODO 2 head_loss", "\n\n# TODO 2:head_loss (mine)"])
def test_todo_line_may_vary_a_little(line):
    assert find_answers([("a", [code(f"{line}\npass")])], ["head_loss"]).sources


def test_todo_line_of_another_name_is_none():
    cells = [code("# TODO 2: head_loss_old\npass"), code("print('# TODO 2: head_loss')")]
    assert not find_answers([("a", cells)], ["head_loss"]).sources


def test_class_and_qualified_decorator_are_found():
    cells = [code("@workbook.answer\n@other(1)\n\nclass PoseLoss(nn.Module):\n    pass")]
    assert find_answers([("a", cells)], ["PoseLoss"]).sources


def test_line_ends_and_lists_of_lines():
    cells = [code(["# TODO 2: head_loss\r\n", "x = 1\r", 7, "y = 2"])]
    assert find_answers([("a", cells)], ["head_loss"]).sources["head_loss"] == "# TODO 2: head_loss\nx = 1\ny = 2"


def test_enormous_cell_is_left_out_with_a_remark():
    found = find_answers([("a", [code("#" * 300_000, id="head_loss")])], ["head_loss"])
    assert not found.sources and "300,000 characters" in found.remarks[0]


def test_pathological_text_takes_no_time():
    began = time.perf_counter()
    for text in ("@" + "a." * 200_000, "@answer\n" + "@x\n" * 100_000, "\n" * 500_000, "#" + " TODO" * 100_000):
        find_answers([("a", [code(text)])], ["head_loss"])
    assert time.perf_counter() - began < 3


@pytest.mark.parametrize("data", [b"", b"  \n", b"{", b"[]", b'"x"', b'{"nbformat": 4}', b'{"nbformat": "4"}', b"\xff"])
def test_what_is_no_notebook_has_a_reason(data):
    with pytest.raises(Unreadable, match=r"\w+ \w+"):
        read_cells(data)


def test_notebook_with_byte_order_mark_is_read():
    assert read_cells(b'\xef\xbb\xbf{"nbformat": 4, "cells": [{"cell_type": "code"}]}')


# ---------------------------------------------------------------- whose


def test_submissions_of_every_form(tmp_path):
    (tmp_path / "ada").mkdir()
    for name in (
        "bob.zip",
        "eve__01_mean_image.ipynb",
        "eve__04_loss.ipynb",
        "a__b__04_loss.ipynb",
        "solo.ipynb",
        "notes.txt",
    ):
        (tmp_path / name).touch()
    (tmp_path / ".DS_Store").touch()
    found = {submission.student: len(submission.paths) for submission in find_submissions(tmp_path)}
    assert found == {"ada": 1, "bob": 1, "eve": 2, "a__b": 1, "solo": 1}


def test_odd_names_become_safe_file_names(tmp_path):
    for name in ("..zip", "a\nb.zip", "x;rm -rf ~.zip", "ü.zip"):
        (tmp_path / name).touch()
    students = {submission.student for submission in find_submissions(tmp_path)}
    assert not [name for name in students if "/" in name or "\n" in name or name.startswith(".") or not name]
    assert "ü" in students


def test_long_names_and_names_that_are_no_text_are_kept_apart(tmp_path):
    for letter in "ab":
        (tmp_path / f"{'x' * 240}{letter}.zip").touch()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.zip")).touch()
    found = find_submissions(tmp_path)
    assert len({submission.student for submission in found}) == 3
    for submission in found:
        assert len(submission.student) < 120
        "; ".join(read_files(submission).problems).encode()


def test_no_submissions_is_an_error(tmp_path):
    with pytest.raises(WorkbookError, match="holds no submissions"):
        find_submissions(tmp_path)
    with pytest.raises(WorkbookError, match="no such folder"):
        find_submissions(tmp_path / "absent")


def test_the_notebook_with_the_right_name_comes_first():
    names = ["x/other.ipynb", "x/04_loss (1).ipynb", "ada__04_loss.ipynb", "x/01_mean_image.ipynb"]
    ordered = sorted(names, key=lambda name: likely_order(name, "04_loss.ipynb"))
    assert ordered[:2] == ["ada__04_loss.ipynb", "x/04_loss (1).ipynb"]


# ---------------------------------------------------------------- questions and assembling


def test_questions_have_all_their_files():
    for data in QUESTIONS:
        assert sum(group.points for group in data.groups) == data.question.points
        for kind, least in (("wrong_answers", 25), ("right_answers", 10)):
            assert len(list((ROOT / "tests" / kind / data.grade_id).glob("*.py"))) >= least


def test_hidden_cells_are_not_in_what_students_get():
    places = [*ROOT.glob("posenet_lib/**/*.py"), *ROOT.glob("notebooks/*.ipynb")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in places)
    for data in QUESTIONS:
        for group in data.groups:
            assert group.lost not in text
            assert not [line for line in group.code.splitlines() if "manual_seed(" in line and line.strip() in text]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "begins with a line like"),
        ("\n# %% a: T (1 point)\nx = 1\n", "needs a line '# lost:"),
        ("\n# %% a: T (1 point)\n# lost: y\nx = (\n", "is not Python"),
        ("\n# %% a: T (1 point)\n# lost: y\n# %% b: no points\n# lost: y\n", "begins with a line like"),
        ("\n# %% a: T (1 point)\n# lost: y\n# %% a: T (1 point)\n# lost: y\n", "two hidden cells"),
    ],
)
def test_bad_probe_files_are_explained(text, message):
    with pytest.raises(WorkbookError, match=message):
        parse_probes(text, Path("tests/probes/x.py"))


def baked_for(data):
    return {group.name: {"chosen": [[0]], "expected": f"secret of {group.name}\n"} for group in data.groups}


def test_assembled_notebook_has_only_ours_and_one_cell_of_theirs():
    data = QUESTIONS[1]
    answer = "# NBVAL_SKIP\n%%script true\nanything 'at' all"
    notebook = assemble(data, answer, QUESTIONS, baked_for(data))
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == ["setup", "head_loss", *(f"probe_{g.name}" for g in data.groups)]
    assert notebook.cells[1].source == answer
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert all(cell.execution_count is None and not cell.outputs for cell in notebook.cells[:2])
    assert all(cell.execution_count == 1 and len(cell.outputs) == 1 for cell in notebook.cells[2:])


def test_no_cell_source_holds_an_expected_output():
    for data in QUESTIONS:
        for cell in assemble(data, data.reference, QUESTIONS, baked_for(data)).cells:
            assert "secret of" not in cell.source


def test_reference_stands_in_for_earlier_questions_that_are_used():
    first, second, third = QUESTIONS
    assert others_used(third, third.reference, QUESTIONS) == [second]
    assert others_used(third, "class PoseLoss: pass", QUESTIONS) == []
    assert others_used(second, "uses PoseLoss and head_loss_old", QUESTIONS) == []
    assert others_used(third, "generate_mean_image head_loss", QUESTIONS) == [first, second]


def test_the_warm_process_imports_what_set_up_cells_import():
    modules = modules_to_preload()
    assert {"torch", "numpy", "posenet_lib.grading.probe_kit", "posenet_lib.workbook.checks.pose_loss"} <= set(modules)


def test_baked_numbers_are_made_again_when_something_changes():
    assert bake_fingerprint(QUESTIONS) == bake_fingerprint(QUESTIONS)
    assert bake_fingerprint(QUESTIONS[:2]) != bake_fingerprint(QUESTIONS)


# ---------------------------------------------------------------- the kit


@pytest.mark.parametrize("kind", ["float32", "float64", "torch", "torch64", "list", "requires_grad"])
def test_shown_numbers_are_the_same_wherever_they_were_computed(kind):
    import torch

    values = np.array([1.1, -2.5e-4, 1000.0, 3.3333333])
    made = {
        "float32": values.astype(np.float32),
        "float64": values,
        "torch": torch.tensor(values, dtype=torch.float32),
        "torch64": torch.tensor(values),
        "list": values.tolist(),
        "requires_grad": torch.tensor(values).requires_grad_(),
    }[kind]
    probe = Probe([[0, 2, 3]])
    probe.show(made, 0.01)
    assert probe.lines == ["0: (4,) 110 100000 333"]


def test_what_is_no_number_is_shown_as_none():
    probe = Probe([[0, 1, 2]])
    probe.show([float("nan"), float("inf"), 1e300], 1.0)
    assert probe.lines == ["0: (3,) none none none"]
    assert to_array(3).shape == ()


# ---------------------------------------------------------------- messages


def test_messages_are_bounded_before_they_are_read():
    ours, theirs = socket.socketpair()
    theirs.sendall(struct.pack(">I", 2**31) + b"x")
    with pytest.raises(wire.WireError) as caught:
        wire.receive(ours, 1000, time.monotonic() + 1)
    assert caught.value.kind == "large"
    theirs.close()


@pytest.mark.parametrize(
    ("data", "kind"), [(b"{", "garbled"), (b"[1]", "garbled"), (b"[" * 900, "garbled"), (b"\xff", "garbled")]
)
def test_rubbish_is_no_message(data, kind):
    ours, theirs = socket.socketpair()
    theirs.sendall(struct.pack(">I", len(data)) + data)
    with pytest.raises(wire.WireError) as caught:
        wire.receive(ours, 1000, time.monotonic() + 1)
    assert caught.value.kind == kind


def test_silence_and_slow_drips_end_at_the_deadline():
    ours, theirs = socket.socketpair()
    threading.Thread(
        target=lambda: [theirs.send(byte) or time.sleep(0.05) for byte in (b"\0", b"\0", b"\1", b"\0", *[b"x"] * 5)],
        daemon=True,
    ).start()
    began = time.monotonic()
    with pytest.raises(wire.WireError) as caught:
        wire.receive(ours, 1000, began + 0.3)
    assert caught.value.kind == "late" and time.monotonic() - began < 1


# ---------------------------------------------------------------- sandbox


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux")
def test_the_sandbox_shows_no_part_of_the_repository_but_what_is_needed(monkeypatch):
    command = bwrap_command(kernel_environment("/scratch"))
    shown = [
        target
        for flag, _, target in zip(command, command[1:], command[2:], strict=False)
        if flag.startswith("--ro-bind")
    ]
    inside = sorted(str(Path(p).relative_to(ROOT)) for p in shown if Path(p).is_relative_to(ROOT) and ".venv" not in p)
    assert inside == ["data/PracticeCourt", "environment.yml", "notebooks/00_start_here.ipynb", "posenet_lib"]
    assert str(Path.home()) not in shown and "/" not in shown and "/etc" not in shown
    assert {
        "--unshare-net",
        "--unshare-pid",
        "--unshare-ipc",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
    } <= set(command)
    monkeypatch.setenv("SECRET_TOKEN", "x")
    assert "SECRET_TOKEN" not in " ".join(bwrap_command(kernel_environment("/scratch")))


def test_missing_bubblewrap_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(sandbox_module.shutil, "which", lambda name: None)
    with pytest.raises(WorkbookError, match="apt-get install bubblewrap") as caught:
        Sandbox([]).start()
    for part in ("not installed", "apparmor_restrict_unprivileged_userns", "--no-sandbox", "container"):
        assert part in str(caught.value)


def test_blocked_bubblewrap_says_how_to_allow_it(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(WorkbookError, match="blocked here: bwrap: setting up uid map"):
        Sandbox([]).start()


# ---------------------------------------------------------------- reports


def result(student="ada", passed=(True, False), **more) -> StudentResult:
    groups = [GroupResult(f"g{n}", f"Title {n}", 1.5, ok, "mend `this`") for n, ok in enumerate(passed)]
    row = QuestionResult("head_loss", 2, "The loss", 3.0, "graded", "", groups, [], "abc")
    for name, value in more.items():
        setattr(row, name, value)
    return StudentResult(student, "key", [row])


def test_results_survive_writing(tmp_path):
    saved = result(checks=[CheckLine("a", "wrong", "because")])
    saved.save(tmp_path)
    assert load_result(tmp_path, "ada") == saved
    (tmp_path / "ada.json").write_text('{"student": "ada"')
    assert load_result(tmp_path, "ada") is None


def test_incomplete_run_has_no_points():
    broken = result(passed=(True, True), status="incomplete", reason="took too long")
    assert broken.points == 0 and broken.status == "incomplete" and broken.needs_a_look
    assert "took too long" in broken.reason


def test_grades_csv_runs_no_formula():
    text = grades_csv([result("=1+1"), result("ok", reason='a "quoted", reason\nof two lines')])
    assert "'=1+1" in text and text.count("\n") == 3
    assert cell_text("@x") == "'@x" and cell_text("x@y") == "x@y"


def test_histogram_counts_everyone():
    text = histogram_text([result(passed=(n % 2 == 0, True)) for n in range(9)])
    assert "9 students" in text and text.count("#") == 9


def test_feedback_escapes_and_names_causes():
    page = feedback_page(
        result(
            "<script>x</script>",
            checks=[CheckLine("one", "wrong", "use `x < y`, <b>now</b>\x00"), CheckLine("two", "passed", "")],
        )
    )
    assert "<script>" not in page and "<b>now" not in page and "\x00" not in page
    assert "<code>x &lt; y</code>" in page and "✘ lost" in page and "✔ passed" in page
    assert "mend <code>this</code>" in page
    assert "1 of 2 passed" in page


def test_gradescope_file_adds_up():
    document = json.loads(gradescope_json(result(checks=[CheckLine("one", "wrong", "why")])))
    assert document["score"] == 1.5 == sum(test["score"] for test in document["tests"])
    assert document["stdout_visibility"] == "hidden"
    missing = json.loads(gradescope_json(StudentResult("a", "k", [QuestionResult("x", 1, "T", 3, reason="no cell")])))
    assert missing["score"] == 0 and missing["tests"][0]["output"] == "no cell"


ONE_PROGRAM = """\
# mine
@answer
def f(photos, side=256):
    '''Doc.'''
    total = 0
    for p in photos:
        total = total + p
    return total
"""
THE_SAME = """\
import numpy
@answer
def f(pictures: list, s: int = 256) -> int:
    acc: int = 0
    for x in pictures: acc = acc + x  # add
    return acc
"""


def test_same_program_with_other_names_and_comments_is_similar():
    one, two = ONE_PROGRAM, THE_SAME
    other = one.replace("total + p", "p + total")
    assert fingerprint(one) == fingerprint(two) != fingerprint(other)
    assert fingerprint("def (") == "" == fingerprint("-" * 100_000 + "1")
    text = similar_csv([result("a"), result("b"), result("c", fingerprint="")], {"head_loss": "abc"})
    assert "head_loss,2,a b,yes" in text


def test_only_known_texts_pass_when_a_reference_is_in_the_kernel():
    known = "beta multiplies both errors. It belongs to the orientation error alone."
    assert teaching._known(CheckLine("gradient", "wrong", known + " Expected 7, got 3.")).message == known
    leak = teaching._known(CheckLine("def head_loss(...)", "raised", "RuntimeError: def head_loss(predicted, ..."))
    assert leak == CheckLine("a check", "raised", teaching._WITHHELD)


# ---------------------------------------------------------------- commands


def fill(path: Path, sources: dict[str, str]) -> Path:
    from posenet_lib.workbook.notebook_files import fill_answers, read_notebook

    notebook = read_notebook(ROOT / "notebooks" / path.name)
    fill_answers(notebook, sources)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_self_check_of_a_right_and_of_an_untouched_notebook(tmp_path, capfd):
    right = fill(tmp_path / "01_mean_image.ipynb", {data.grade_id: data.reference for data in QUESTIONS})
    assert cli.main(["grade", "--self", str(right)]) == 0
    assert "all 10 checks passed" in capfd.readouterr().out
    assert cli.main(["grade", "--self", str(ROOT / "notebooks" / "01_mean_image.ipynb")]) == 1
    assert "not attempted" in capfd.readouterr().out


def test_self_check_of_something_else_is_explained(tmp_path, capsys):
    assert cli.main(["grade", "--self", str(ROOT / "notebooks" / "02_transforms.ipynb")]) == 2
    assert "has no answer cell" in capsys.readouterr().err
    assert cli.main(["grade", "--self", str(tmp_path / "absent.ipynb")]) == 2


def test_grade_needs_its_arguments(tmp_path, capsys):
    assert cli.main(["grade"]) == 2
    assert "--out" in capsys.readouterr().err
    (tmp_path / "class" / "ada").mkdir(parents=True)
    assert cli.main(["grade", str(tmp_path / "class"), "--out", str(tmp_path / "class" / "out")]) == 2
    assert "inside the submissions" in capsys.readouterr().err


def test_no_question_is_named_in_the_grading_code():
    for file in (ROOT / "posenet_lib" / "grading").glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        texts = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not texts & {data.grade_id for data in QUESTIONS}, file
