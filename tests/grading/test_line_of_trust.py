"""The line of trust is a folder: what runs with a submission neither imports nor sees what knows the answers."""

import ast
import json
from pathlib import Path

import pytest

import posenet_lib
from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hidden_cells.question_data import modules_to_preload
from posenet_lib.grading.outside.kernels.kernel import running
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.sandbox import Sandbox
from tests.support.places import ROOT

PACKAGE = Path(posenet_lib.__file__).parent
GRADING = "posenet_lib.grading"


def file_of(module: str) -> Path | None:
    """The file of a module of ours; None for a name that is no module, or not ours."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def imported_by(file: Path) -> set[str]:
    """Names of ours that a file imports, wherever in it: `from a import b` may mean the module a.b."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            folder = ".".join(file.relative_to(PACKAGE.parent).parts[: -node.level]) if node.level else ""
            base = ".".join(filter(None, (folder, node.module)))
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.split(".")[0] == "posenet_lib"}


def all_imported_by(files: list[Path]) -> dict[Path, Path]:
    """Files of ours that these import, directly or through others, each with one that imports it."""
    found, waiting = {}, list(files)
    while waiting:
        importer = waiting.pop()
        for file in filter(None, map(file_of, imported_by(importer))):
            if file not in found:
                found[file] = importer
                waiting.append(file)
    return found


def test_inside_imports_nothing_of_outside():
    inside = sorted((PACKAGE / "grading" / "inside").glob("*.py"))
    preloaded = [file for file in map(file_of, modules_to_preload()) if file]
    assert len(inside) > 5 and len(preloaded) > 5
    imported = all_imported_by([*inside, *preloaded])
    for folder in ("outside", "release"):
        assert not {file: by for file, by in imported.items() if (PACKAGE / "grading" / folder) in file.parents}


def test_the_search_for_imports_finds_them():
    """Of a module outside, everything that it needs, through others too."""
    found = all_imported_by([PACKAGE / "grading" / "outside" / "grade_class.py"])
    names = {file.stem for file in found}
    assert {"question_data", "kernel_terms", "questions", "workspace"} <= names


LOOK = """
import importlib, json, os
seen = {}
for folder in FOLDERS:
    try:
        seen[folder] = sorted(name for name in os.listdir(folder) if name != "__pycache__")
    except OSError as error:
        seen[folder] = type(error).__name__
imported = {}
for name in MODULES:
    try:
        importlib.import_module(name)
        imported[name] = True
    except ImportError:
        imported[name] = False
try:
    open(os.path.join(FOLDERS[0], "note"), "w").close()
    writable = True
except OSError:
    writable = False
print(json.dumps([seen, imported, writable]))
"""


def test_the_sandbox_shows_inside_alone():
    folders = [str(PACKAGE / "grading" / name) for name in ("outside", "release", "inside")]
    folders += [str(ROOT / "tests"), str(ROOT / "tests" / "questions")]
    modules = [
        f"{GRADING}.inside.probe_kit",
        f"{GRADING}.outside.hidden_cells.question_data",
        f"{GRADING}.release.release",
    ]
    sandbox = Sandbox(["posenet_lib.grading.inside.probe_kit"])
    try:
        sandbox.start()
    except WorkbookError as error:
        pytest.skip(str(error))
    try:
        with running(sandbox, Limits()) as kernel:
            kernel.execute_cell_input(f"FOLDERS, MODULES = {folders!r}, {modules!r}\n{LOOK}")
            assert not kernel.errors()
            seen, imported, writable = json.loads(kernel.printed())
    finally:
        sandbox.close()
    assert [seen[folder] for folder in folders[:2]] == [[], []]
    assert {"probe_kit.py", "cell_runner.py"} <= set(seen[folders[2]])
    assert [seen[folder] for folder in folders[3:]] == ["FileNotFoundError", "FileNotFoundError"]
    assert imported == {modules[0]: True, modules[1]: False, modules[2]: False}
    assert not writable
