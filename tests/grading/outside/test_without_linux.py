"""On Windows and macOS: nothing is graded there, and every command says so instead of breaking off."""

import os
import subprocess
import sys
import types

from posenet_lib import cli
from posenet_lib.benchmark.grading_row import grading_tasks
from posenet_lib.grading.outside.hand_ins.hand_in import hand_in
from tests.support.places import NOTEBOOKS

# As on Windows: Python has no module `resource`; and there is no bubblewrap.
WITHOUT_RESOURCE = "import sys; sys.modules['resource'] = None; "


def without_resource(code: str, folder) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PATH": str(folder)}
    command = [sys.executable, "-c", WITHOUT_RESOURCE + code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def one_submission(folder) -> None:
    (folder / "class").mkdir()
    hand_in(NOTEBOOKS, folder / "class" / "ada.zip", run_checks=False)


def test_the_benchmark_starts_without_the_module_resource(tmp_path):
    done = without_resource("from posenet_lib.benchmark.run import GROUPS; print(len(GROUPS))", tmp_path)
    assert not done.stderr and int(done.stdout) == 6


def test_its_row_about_grading_says_in_one_line_why_it_is_empty(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    setup = types.SimpleNamespace(config=types.SimpleNamespace(quick=False))
    (task,) = grading_tasks(setup)
    (row,) = task.measure()
    assert row.ours is None and row.note == "not measured: grading a class needs Linux"


def test_grading_a_class_comes_to_the_advice_about_a_container(tmp_path):
    one_submission(tmp_path)
    grade = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    done = without_resource(f"from posenet_lib import cli; sys.exit(cli.main({grade!r}))", tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "grade in a container, see notebooks/README.md" in done.stderr


def test_no_sandbox_is_for_linux_too(tmp_path, monkeypatch, capsys):
    one_submission(tmp_path)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cli.main(["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--no-sandbox"]) == 2
    assert "that is for Linux alone" in (said := capsys.readouterr().err) and "in a container" in said
