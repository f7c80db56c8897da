"""The library's rooms stand in the pipeline's order: a module imports from its own room and from those above it."""

import ast
import graphlib
import itertools
from pathlib import Path

import pytest

from tests.support.places import ROOT

LIBRARY = ROOT / "posenet_lib"
ROOMS = (
    "core",
    "geometry",
    "models",
    "fast",  # speeds up any network, and knows none
    "scenes",
    "download",
    "weights",  # fill networks from files; `download` knows where those are
    "data",
    "evaluation",
    "training",  # judges epochs with `evaluation`, and starts from `weights`
    "pretraining",
    "egomotion",  # depth and motion without labels; the pictures of it are in `plots`
    "plots",
    "workbook",  # what notebooks import, with all that is above
    "grading",
    "experiment",
    "benchmark",  # measures all of it, grading too
    "commands",
    "cli",
)
TOP_LEVEL = {"__init__", "cli", "posenet", "photos"}  # the last two: for answers that were recorded with old imports


def module_name(path: Path) -> str:
    """`posenet_lib.models.heads`; a package's `__init__.py` has the package's name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(LIBRARY.rglob("*.py"))}


def imports(name: str) -> set[str]:
    """Modules of the library that one imports, wherever in its text: in functions and for type checkers too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are absolute, so that rooms can be seen"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {module if module in MODULES else node.module for module in names}
    return {module for module in found if module.split(".")[0] == "posenet_lib"}


def room(module: str) -> str:
    """The second part of its name; the package itself belongs to none."""
    return (*module.split("."), "")[1]


def test_these_rooms_and_no_others():
    folders = {path.name for path in LIBRARY.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(ROOMS) - {"cli"}
    assert {path.stem for path in LIBRARY.glob("*.py")} == TOP_LEVEL
    for module in set(MODULES) - {"posenet_lib"}:
        parent = module.rpartition(".")[0]
        assert parent in MODULES, f"{parent} has no __init__.py"


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_up_only(module):
    if room(module) not in ROOMS:
        return  # the package itself, and the two re-exports, which nothing imports (below)
    above = {"", *ROOMS[: ROOMS.index(room(module)) + 1]}
    down = sorted(imported for imported in imports(module) if room(imported) not in above)
    assert not down, f"{module} imports from below it"


def test_nothing_in_the_library_needs_the_old_names():
    for module in MODULES:
        assert not imports(module) & {"posenet_lib.posenet", "posenet_lib.photos"}, module


def test_what_runs_with_a_submission_knows_nothing_of_the_answers():
    for module in MODULES:
        if module.startswith("posenet_lib.grading.inside"):
            outside = {name for name in imports(module) if name.startswith("posenet_lib.grading.")}
            assert all(name.startswith("posenet_lib.grading.inside") for name in outside), module


def test_no_circle():
    """Not even one that imports inside functions would open."""
    graph = {module: imports(module) - {module} for module in MODULES}
    for module, needed in graph.items():  # importing `a.b.c` runs `a` and `a.b` first
        for name in list(needed):
            needed.update(parent for parent in _packages(name) if not f"{module}.".startswith(f"{parent}."))
    list(graphlib.TopologicalSorter(graph).static_order())  # raises, and names the circle


def _packages(module: str) -> list[str]:
    return list(itertools.accumulate(module.split(".")[:-1], lambda a, b: f"{a}.{b}"))


def test_tests_have_the_same_rooms():
    assert {name for name in ROOMS if not (ROOT / "tests" / name).is_dir()} == {"cli"}
