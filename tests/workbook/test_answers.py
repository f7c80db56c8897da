"""Recording answers in a real IPython shell and in a real kernel, and loading them again."""

import importlib.util
import os
import subprocess
import sys
import traceback
from pathlib import Path

import nbclient
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from posenet_lib.core.errors import WorkbookError
from posenet_lib.workbook import answer_source, load_answer, missing_answers, run_checks
from posenet_lib.workbook.questions import BY_ID
from tests.support.places import ANSWERS, GRADED, SOLUTIONS

DECORATOR = "from posenet_lib.workbook import answer\n"
MEAN = "@answer\ndef generate_mean_image(photos, smaller_side=256):\n"
STUB = DECORATOR + MEAN + '    """What is asked."""\n    raise NotImplementedError\n'


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """An empty workspace."""
    monkeypatch.setenv("POSENET_WORKSPACE", str(tmp_path / "work"))
    return tmp_path / "work"


@pytest.fixture
def notebook(workspace, tmp_path, monkeypatch, capsys):
    """Runs cells in an IPython shell, one after the other; returns what each printed."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    hooks = sys.displayhook, sys.excepthook
    shell = InteractiveShell.instance()
    shell.run_cell(DECORATOR)

    def run(cell: str, store_history: bool = True) -> str:
        capsys.readouterr()
        shell.run_cell(cell, store_history=store_history).raise_error()
        return capsys.readouterr().out

    yield run
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()
    sys.displayhook, sys.excepthook = hooks


def recorded(workspace: Path, name: str = "generate_mean_image") -> str:
    return (workspace / "answers" / f"{name}.py").read_text(encoding="utf-8")


def test_a_cell_is_recorded_and_loaded(notebook, workspace):
    source = SOLUTIONS["generate_mean_image"]
    said = notebook(source)
    assert said == "generate_mean_image: recorded in answers/generate_mean_image.py.\n"
    assert recorded(workspace) == source
    assert answer_source("generate_mean_image") == source
    assert run_checks(load_answer("generate_mean_image")).passed
    assert [file.name for file in (workspace / "answers").iterdir()] == ["generate_mean_image.py"]


def test_an_untouched_stub_is_not_recorded(notebook, workspace):
    assert notebook(STUB) == "generate_mean_image: not attempted yet, so nothing is recorded.\n"
    assert not (workspace / "answers").exists()
    notebook(DECORATOR + MEAN + "    return 1")
    assert "recorded earlier is kept" in " ".join(notebook(STUB).split())
    assert load_answer("generate_mean_image")([]) == 1
    assert "recorded in" in notebook(DECORATOR + MEAN + "    return 2")
    assert load_answer("generate_mean_image")([]) == 2


def test_a_class_with_one_stub_left_is_not_recorded(notebook, workspace):
    notebook("from torch import nn")
    said = notebook(
        "@answer\nclass PoseLoss(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.beta = 1\n    def forward(self, output, target):\n        raise NotImplementedError('TODO')\n"
    )
    assert "not attempted yet" in said
    assert not (workspace / "answers").exists()


def test_imports_of_other_cells_are_added(notebook, workspace):
    notebook("import math, numpy as np, os.path\nfrom PIL import Image\nfrom torch import stack as pile, nn\n")
    notebook("from collections.abc import Iterable\nfrom posenet_lib.scenes.resizing import resize_smaller_side as fit")
    said = notebook(
        MEAN.replace("photos,", "photos: Iterable[Image.Image],")
        + "    return np.sqrt(4), math.pi, os.path.sep, pile, nn.Linear, fit\n"
    )
    assert "Warning" not in said
    lines = recorded(workspace).splitlines()
    for line in (
        "import numpy as np",
        "import math",
        "import os",
        "import PIL.Image as Image",
        "from collections.abc import Iterable",
        "from posenet_lib.scenes.resizing import resize_smaller_side as fit",
        "from posenet_lib.workbook import answer",
        "import torch.nn as nn",
        "from torch import stack as pile",
    ):
        assert line in lines
    assert load_answer("generate_mean_image")([])[0] == 2


def test_future_imports_stay_first(notebook, workspace):
    notebook("import numpy as np")
    notebook("from __future__ import annotations\n" + MEAN + "    return np.float32(1)")
    assert recorded(workspace).startswith("from __future__ import annotations\nfrom posenet_lib.")
    assert "\nimport numpy as np\n@answer" in recorded(workspace)
    assert load_answer("generate_mean_image")([]) == 1


def test_what_only_tries_the_answer_is_left_out(notebook, workspace):
    notebook("photos = [1, 2]")
    said = notebook(
        "import numpy as np\nSCALE = 1.5  # a constant\nTABLE = {}\nTABLE['a'] = 2\nTABLE.update(b=3)\n"
        "def helper(x):\n    # inside\n    return x * SCALE\n\n"
        + MEAN
        + "    return helper(len(photos)) + TABLE['b']\n\n"
        "generate_mean_image.note = 'kept'\nresult = generate_mean_image(photos)\nprint(result, 'seen')\n"
        "for photo in photos:\n    print(photo)\n%time 1 + 1\n"
    )
    assert "Warning" not in said
    source = recorded(workspace)
    for kept in ("SCALE = 1.5  # a constant", "TABLE['a'] = 2", "TABLE.update(b=3)", "    # inside", ".note = 'kept'"):
        assert kept in source
    for dropped in ("result", "print", "for photo", "get_ipython", "%time"):
        assert dropped not in source
    assert load_answer("generate_mean_image")([1, 2]) == 6


def test_names_of_other_cells_get_a_warning_and_are_refused(notebook):
    notebook("FACTOR = 2\ndef helper(x):\n    return FACTOR * x")
    said = " ".join(notebook(MEAN + "    return helper(len(photos)) + FACTOR").split())
    assert "recorded in" in said
    assert "uses `FACTOR`, `helper`, but does not define or import them" in said
    assert "TODO 1 in notebooks/01_mean_image.ipynb" in said
    with pytest.raises(WorkbookError, match="The cell of generate_mean_image uses `FACTOR`, `helper`"):
        load_answer("generate_mean_image")
    said = notebook(
        "FACTOR = 2\ndef helper(x):\n    return FACTOR * x\n" + MEAN + "    return helper(len(photos)) + FACTOR"
    )
    assert "Warning" not in said
    assert load_answer("generate_mean_image")([1]) == 4


def test_cell_magics_and_cells_outside_the_history_are_recorded(notebook):
    notebook("%%time\n" + MEAN + "    return 'timed'")
    assert load_answer("generate_mean_image")([]) == "timed"
    notebook(MEAN + "    return 'silent'", store_history=False)
    assert load_answer("generate_mean_image")([]) == "silent"


def test_answers_depend_on_answers_of_the_same_folder(notebook, workspace):
    for name in ("head_loss", "PoseLoss"):
        notebook(SOLUTIONS[name])
    assert "import head_loss" not in recorded(workspace, "PoseLoss")
    assert run_checks(load_answer("PoseLoss")).passed
    (workspace / "answers" / "head_loss.py").unlink()
    with pytest.raises(WorkbookError, match=r"No answer for head_loss yet: finish TODO 2 in notebooks/04_loss.ipynb"):
        load_answer("PoseLoss")


def test_two_answers_in_one_cell(notebook, workspace):
    notebook("\n".join(SOLUTIONS[name] for name in ("head_loss", "PoseLoss")))
    assert "class PoseLoss" not in recorded(workspace, "head_loss")
    assert "def head_loss" in recorded(workspace, "PoseLoss")
    (workspace / "answers" / "head_loss.py").unlink()
    assert run_checks(load_answer("PoseLoss")).passed


def test_a_folder_of_questions_is_a_folder_of_answers(workspace, tmp_path):
    """`<name>/solution.py` counts where there is no `<name>.py`; messages name the file that is meant."""
    assert missing_answers(ANSWERS) == []
    assert answer_source("head_loss", ANSWERS) == SOLUTIONS["head_loss"]
    assert load_answer("PoseLoss", ANSWERS).__name__ == "PoseLoss"
    (tmp_path / "head_loss").mkdir()
    (tmp_path / "head_loss" / "solution.py").write_text("def head_loss(:")
    with pytest.raises(WorkbookError, match=r"head_loss/solution\.py is not valid Python"):
        load_answer("head_loss", tmp_path)
    (tmp_path / "head_loss.py").write_text("def head_loss():\n    return 7\n")
    assert load_answer("head_loss", tmp_path)() == 7


def test_answers_that_need_each_other_are_refused(tmp_path):
    (tmp_path / "head_loss.py").write_text("def head_loss(p, t, b):\n    return PoseLoss\n")
    (tmp_path / "PoseLoss.py").write_text("class PoseLoss:\n    x = head_loss\n")
    with pytest.raises(WorkbookError, match="each use the other"):
        load_answer("PoseLoss", tmp_path)


def test_loading_inside_an_answer_uses_its_own_folder(workspace):
    (workspace / "mine").mkdir(parents=True)
    (workspace / "mine" / "head_loss.py").write_text("def head_loss(p, t, b):\n    return 'mine'\n")
    (workspace / "mine" / "PoseLoss.py").write_text(
        "from posenet_lib.workbook import load_answer\ninner = load_answer('head_loss')\nPoseLoss = inner\n"
    )
    assert load_answer("PoseLoss", workspace / "mine")(0, 0, 0) == "mine"
    assert not (workspace / "answers").exists()


def test_loading_records_nothing(workspace):
    for name in BY_ID:
        load_answer(name, ANSWERS)
    assert not workspace.exists()


def test_star_imports_can_bring_any_name(notebook, workspace):
    for name in ("head_loss", "PoseLoss"):
        notebook("from math import *\n" + SOLUTIONS[name])
    assert run_checks(load_answer("PoseLoss")).passed, "head_loss is found although a star import could bring it"
    assert "Warning" not in notebook("from math import *\n" + MEAN + "    return pi")
    assert load_answer("generate_mean_image")([]) > 3


def test_a_right_answer_that_is_not_recorded_gets_a_reminder(notebook):
    notebook("from posenet_lib.workbook import check")
    source = SOLUTIONS["generate_mean_image"]
    assert "put `@answer` above" in notebook(source.replace("@answer\n", "") + "\ncheck(generate_mean_image)")
    assert "put `@answer` above" not in notebook(source + "\ncheck(generate_mean_image)")


def test_a_name_that_is_no_todo_is_refused(notebook):
    with pytest.raises(WorkbookError, match="Keep the name that the TODO gives: generate_mean_image, head_loss"):
        notebook("@answer\ndef mean_image(photos):\n    return 1")
    with pytest.raises(WorkbookError, match="`mean_image` is not the name of a TODO"):
        load_answer("mean_image")


def test_missing_answers(workspace, tmp_path):
    assert [question.grade_id for question in missing_answers()] == GRADED
    assert missing_answers(ANSWERS) == []
    (tmp_path / "head_loss.py").write_text("def head_loss(p, t, b):\n    raise NotImplementedError\n")
    (tmp_path / "PoseLoss.py").write_text("class PoseLoss(\n")
    assert [question.number for question in missing_answers(tmp_path)] == [1, 2]
    with pytest.raises(WorkbookError) as caught:
        load_answer("PoseLoss", workspace / "answers")
    assert str(caught.value) == "No answer for PoseLoss yet: finish TODO 3 in notebooks/04_loss.ipynb and run its cell."


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            b"def head_loss(:\n    return 1\n",
            r"head_loss.py is not valid Python \(invalid syntax\), line 1: `def head_loss",
        ),
        (b"def head_loss(p):\nreturn 1\n", "is not valid Python .*line 2"),
        (b"x = 1\n\0", "is not valid Python"),
        (b"def loss(p, t, b):\n    return 1\n", "does not define `head_loss`"),
        (b"import torch\ndef head_loss(p):\n    'Doc.'\n    raise NotImplementedError()\n", "still raises NotImpl"),
        (b"x = 1\ny = 1 / 0\ndef head_loss(p): return 1\n", "line 2: `y = 1 / 0` raised ZeroDivisionError"),
        (b"import no_such_thing\ndef head_loss(p): return 1\n", "line 1: `import no_such_thing` raised ModuleNotFound"),
        (b"def head_loss(p): return '\xff'\n", "cannot be read"),
        (b"def head_loss(p): return nm.stack(p)\n", "uses `nm`, but does not define or import it"),
    ],
)
def test_broken_answers_say_what_to_mend(source, message, tmp_path):
    (tmp_path / "head_loss.py").write_bytes(source)
    with pytest.raises(WorkbookError, match=message) as caught:
        load_answer("head_loss", tmp_path)
    assert "TODO 2 in notebooks/04_loss.ipynb" in str(caught.value)


def test_tracebacks_show_the_answers_own_lines(tmp_path):
    (tmp_path / "head_loss.py").write_bytes(b"def head_loss(p, t, b):\r\n    values = []\r\n    return values[3]\r\n")
    try:
        load_answer("head_loss", tmp_path)(0, 0, 0)
    except IndexError as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        assert (last.lineno, last.line) == (3, "return values[3]")


def test_definitions_know_their_module(tmp_path):
    (tmp_path / "PoseLoss.py").write_text(
        "from __future__ import annotations\nfrom dataclasses import KW_ONLY, dataclass\n\n"
        "@dataclass\nclass PoseLoss:\n    beta: float = 2.0\n    _: KW_ONLY\n    weight: float = 1.0\n"
    )
    assert load_answer("PoseLoss", tmp_path)(3.0, weight=2.0).weight == 2.0


def test_an_unwritable_folder_does_not_stop_the_cell(notebook, workspace):
    workspace.write_text("a file, where the folder should be")
    said = " ".join(notebook(MEAN + "    return 7\nvalue = generate_mean_image([])").split())
    assert "works in this notebook, and check(generate_mean_image) too, but it could not be recorded" in said
    assert "POSENET_WORKSPACE" in said
    assert "7" in notebook("print(generate_mean_image([]))")
    assert "not attempted" in notebook(STUB)
    with pytest.raises(WorkbookError, match="No answer for generate_mean_image yet"):
        load_answer("generate_mean_image")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_does_not_stop_the_cell(notebook, workspace):
    workspace.mkdir()
    workspace.chmod(0o555)
    assert "could not be recorded" in " ".join(notebook(MEAN + "    return 7").split())


def test_outside_a_clone_the_cell_works_too(notebook, monkeypatch):
    def nowhere():
        raise WorkbookError("not inside a clone of the workbook")

    monkeypatch.delenv("POSENET_WORKSPACE")
    monkeypatch.setattr("posenet_lib.core.workspace.repository_root", nowhere)
    assert "not inside a clone" in " ".join(notebook(MEAN + "    return 7").split())


def test_two_workspaces_do_not_disturb_one_another(notebook, workspace, monkeypatch):
    notebook(MEAN + "    return 'first'")
    first = workspace / "answers"
    monkeypatch.setenv("POSENET_WORKSPACE", str(workspace.parent / "other"))
    notebook(MEAN + "    return 'second'")
    in_first, in_second = load_answer("generate_mean_image", first), load_answer("generate_mean_image")
    assert (in_first([]), in_second([])) == ("first", "second")
    assert in_first.__module__ != in_second.__module__


def test_outside_ipython_the_definition_is_recorded(workspace, tmp_path):
    file = tmp_path / "script.py"
    file.write_text("import numpy as np\n" + DECORATOR + "\n\n" + MEAN + "    return np.float32(3)\n\nprint('rest')\n")
    spec = importlib.util.spec_from_file_location("script", file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert recorded(workspace).startswith("from posenet_lib.workbook import answer\nimport numpy as np\n")
    assert "rest" not in recorded(workspace)
    assert load_answer("generate_mean_image")([]) == 3


def _notebook_of(*cells: str) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


CHECKED = "from posenet_lib.workbook import check, hint\ncheck(generate_mean_image)"


def test_in_a_real_kernel(workspace):
    right = SOLUTIONS["generate_mean_image"]
    wrong = right.replace("total / count", "total / count / 255")
    raising = right.replace("        count += 1\n", "        count += 1\n        print('photo'), photo.colour\n")
    line = raising[: raising.index("photo.colour")].count("\n") + 1
    notebook = _notebook_of(
        STUB, CHECKED, wrong, CHECKED, raising, CHECKED, "%%time\n" + right, CHECKED, "hint('head_loss')"
    )
    nbclient.NotebookClient(notebook, allow_errors=True, timeout=60).execute()
    cells = [cell.outputs for cell in notebook.cells]
    assert "not attempted yet" in cells[0][0].data["text/plain"]
    for outputs, shown in zip(
        cells[1:6:2],
        ("Replace that line", "Your values lie in 0..1", f"no attribute 'colour' in line {line} of the cell"),
        strict=True,
    ):
        report, *said, error = outputs
        assert [one.data["text/plain"] for one in said] == ["generate_mean_image: recorded, not right yet."] * (
            shown != "Replace that line"
        )
        assert "<b>" in report.data["text/html"] and shown in " ".join(report.data["text/plain"].split())
        assert error.ename == "CheckFailed"
        assert shown in " ".join(" ".join(error.traceback).split())
        assert "posenet_lib" not in "".join(error.traceback), "no stack of ours"
    assert "`print('photo'), photo.colour`" in cells[5][0].data["text/plain"]
    assert "all 11 checks passed" in cells[7][0].data["text/plain"]
    assert "Hint 1 of 4" in cells[8][0].data["text/plain"]
    assert cells[8][0].data["text/markdown"].startswith("Hint 1 of 4 for head_loss: ")
    assert run_checks(load_answer("generate_mean_image")).passed


def test_nbval_fails_on_a_wrong_answer_and_passes_a_right_one(workspace, tmp_path):
    right = SOLUTIONS["generate_mean_image"]
    wrong = right.replace("resize_smaller_side(photo, smaller_side)", "photo.resize((smaller_side, smaller_side))")
    for name, source in (("right", right), ("wrong", wrong)):
        nbformat.write(_notebook_of(source, CHECKED), tmp_path / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--rootdir", str(tmp_path)]
    done = subprocess.run([*command, *map(str, tmp_path.glob("*.ipynb"))], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert "1 failed, 3 passed" in done.stdout, done.stdout
    assert (
        "CheckFailed: generate_mean_image: 3 of 11 checks passed." in done.stdout
        or "resized to a square" in done.stdout
    )
