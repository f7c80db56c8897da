"""Tries a student bundle: nothing secret in it, it installs, and its notebooks run up to the first TODO."""

import os
import subprocess
import sys
import tempfile
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

import posenet_lib
from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hidden_cells.question_data import all_questions
from posenet_lib.grading.release.thinking import read_answers, thinking_dir
from posenet_lib.workbook.notebook_files import notebook_paths, read_notebook

_TELLING = 22  # characters of a line, without spaces, from which on it can't be there by chance
# Folders (with a slash) and files that no bundle may hold, wherever they lie in it.
_SECRET_NAMES = (
    "tests/", "questions/", "thinking/", "solution.py", "probes.py", "right/", "wrong/", "hostile/", ".cache/",
    "answers/",
)  # fmt: skip
# What instructors make in their clone (see notebooks/README.md): it was tracked by accident if it is in a bundle.
_INSTRUCTORS_FOLDERS = ("submissions", "graded")
_INSTRUCTORS_FILES = (
    "*secret*", "*.zip", "*seeds*.csv", "*students*.csv", "*roster*.csv", "*grades*.csv", "runs.csv", "late.toml",
    "runs.toml",
)  # fmt: skip
_BUILD = "import setuptools.build_meta as backend, sys; print(backend.build_wheel(sys.argv[1]))"


def check_bundle(bundle: Path, *, run: bool = True) -> str:
    """Returns what was found good.

    Raises:
        WorkbookError: an answer is in it, or it does not install or run; it says where.
    """
    with zipfile.ZipFile(bundle) as archive:
        _check_secrets(archive)
        said = "No reference answer in it"
        if not run:
            return f"{said}; not tried (--no-check)."
        with tempfile.TemporaryDirectory(prefix="posenet-bundle-") as name:
            archive.extractall(name)  # made by ourselves a moment ago
            root = Path(name) / "posenet-workbook"
            _install(root, Path(name))
            count = _run_notebooks(root, Path(name))
    return f"{said}; it installs; its {count} notebooks run up to the first TODO."


def telling_lines() -> dict[str, set[str]]:
    """Lines of each reference, without spaces, that are not in the stub that students get."""
    lines, shown = {}, _lines_for_students()
    for data in all_questions():
        stub = {"".join(line.split()) for line in data.stub.splitlines()}
        own = {"".join(line.partition("  #")[0].split()) for line in data.reference.splitlines()}
        secret = own - stub - (shown if data.question.is_practice else set())
        lines[data.grade_id] = {line for line in secret if len(line) >= _TELLING and not line.startswith("#")}
    return lines


def _lines_for_students() -> set[str]:
    """Lines of the library, without spaces: practice builds by hand what the library has, too."""
    texts = (file.read_text(encoding="utf-8") for file in Path(posenet_lib.__file__).parent.rglob("*.py"))
    return {"".join(line.partition("  #")[0].split()) for text in texts for line in text.splitlines()}


def _check_secrets(archive: zipfile.ZipFile) -> None:
    secrets = telling_lines()
    hidden = {line for data in all_questions() for group in data.groups for line in _long_lines(group.code)}
    hidden |= {"".join(answer.split()) for path in thinking_dir().glob("*.md") for answer in read_answers(path)}
    for entry in archive.namelist():
        inside = entry.partition("/")[2]
        if any(f"/{name}" in f"/{inside}" for name in _SECRET_NAMES):
            raise WorkbookError(f"the bundle holds {inside}, which is not for students")
        if _is_an_instructors(inside):
            raise WorkbookError(
                f"the bundle holds {inside}, which looks like an instructor's: secrets, marks, hand-ins and zips are "
                f"not for students. git tracks it; take it out: git rm --cached '{inside}'"
            )
        text = "".join(archive.read(entry).decode("utf-8", "replace").replace('\\"', '"').split())
        for grade_id, lines in secrets.items():
            for line in sorted(lines):
                if line in text:
                    raise WorkbookError(f"the bundle's {inside} holds a line of the reference of {grade_id}: {line}")
        for line in sorted(hidden):
            if line in text:
                raise WorkbookError(f"the bundle's {inside} holds a line of a hidden cell: {line}")


def _is_an_instructors(inside: str) -> bool:
    *folders, name = inside.casefold().split("/")
    if any(folder in _INSTRUCTORS_FOLDERS for folder in folders):
        return True
    return any(fnmatchcase(part, form) for part in (*folders, name) for form in _INSTRUCTORS_FILES)


def _long_lines(code: str) -> set[str]:
    lines = {"".join(line.split()) for line in code.splitlines() if not line.startswith(("import", "from", "#"))}
    return {line for line in lines if len(line) >= 40}


def _install(root: Path, work: Path) -> None:
    """Build the wheel and put it where the notebooks' kernels look first; dependencies are this environment's."""
    build = [sys.executable, "-c", _BUILD, str(work)]
    done = subprocess.run(build, cwd=root, capture_output=True, text=True, check=False)
    if "No module named 'setuptools'" in done.stderr:
        pip = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(work), "."]
        done = subprocess.run([sys.executable, *pip], cwd=root, capture_output=True, text=True, check=False)
    wheels = list(work.glob("*.whl"))
    if done.returncode or not wheels:
        raise WorkbookError(f"the bundle does not install: {done.stderr.strip()[-800:]}")
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(work / "installed")


def _run_notebooks(root: Path, work: Path) -> int:
    environment = os.environ | {"PYTHONPATH": str(work / "installed"), "POSENET_WORKSPACE": str(work / "workspace")}
    environment["POSENET_TRAIN_MINUTES"] = "0.1"  # notebooks 10 and 11 train without an answer
    first = f"import posenet_lib\nassert posenet_lib.__file__.startswith({str(work)!r}), posenet_lib.__file__"
    paths = notebook_paths(root / "notebooks")
    for path in paths:
        notebook = read_notebook(path)
        cells = notebook.cells
        todo = [n for n, cell in enumerate(cells) if _needs_an_answer(cell)]
        notebook.cells = [nbformat.v4.new_code_cell(first), *(cells[: todo[0]] if todo else cells)]
        client = NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
        )
        try:
            client.execute(env=environment, stderr=subprocess.DEVNULL)
        except (CellExecutionError, DeadKernelError, TimeoutError) as error:
            raise WorkbookError(f"the bundle's {path.name} does not run: {str(error)[-800:]}") from None
    return len(paths)


def _needs_an_answer(cell: nbformat.NotebookNode) -> bool:
    """Practice that has no points stops nobody."""
    return bool(cell.metadata.get("nbgrader", {}).get("points") or cell.metadata.get("posenet", {}).get("needs"))
