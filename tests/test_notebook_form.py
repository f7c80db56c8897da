"""The notebook files themselves: what their form promises to students, instructors and nbgrader. Runs nothing."""

import ast
import importlib
import itertools
import json
import re
import statistics
import subprocess
import sys

import nbformat
import pytest

from posenet_lib.workbook import hints, questions
from tests.support.places import NOTEBOOKS

NAMES = (
    "00_start_here",
    "01_mean_image",
    "02_transforms",
    "03_googlenet",
    "04_loss",
    "05_training",
    "06_visualization",
    "07_variants",
    "08_your_own_scene",
    "09_view_synthesis",
    "10_depth_from_stereo",
    "11_depth_and_motion_from_video",
)
GRADE_IDS = set(questions.BY_ID)


@pytest.fixture(params=NAMES)
def path(request):
    return NOTEBOOKS / f"{request.param}.ipynb"


@pytest.fixture
def notebook(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cells(notebook, kind):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def prose(notebook):
    """Markdown without code blocks, whose `#` are no headings."""
    return [re.sub(r"```.*?```", "", source(cell), flags=re.DOTALL) for cell in cells(notebook, "markdown")]


def nbgrader(cell):
    return cell["metadata"].get("nbgrader", {})


def test_what_it_imports_from_the_library_is_there(notebook):
    """Renamed functions break notebooks, which otherwise only slow tests run."""
    code = [line for cell in cells(notebook, "code") for line in source(cell).splitlines() if line[:1] not in "%!"]
    for node in ast.walk(ast.parse("\n".join(code))):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("posenet_lib"):
            module = importlib.import_module(node.module)
            for name in node.names:
                if not hasattr(module, name.name):
                    importlib.import_module(f"{node.module}.{name.name}")  # a module


def test_all_notebooks_are_there():
    assert tuple(sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))) == NAMES


def test_valid_with_kernel_and_unique_readable_ids(path, notebook):
    nbformat.validate(nbformat.from_dict(notebook))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{2,}", name) for name in ids)
    assert not [name for name in ids if re.fullmatch(r"[0-9a-f]{8}", name)], "ids made by a machine"


def test_no_outputs(notebook):
    for cell in cells(notebook, "code"):
        assert cell["outputs"] == [], cell["id"]
        assert cell["execution_count"] is None, cell["id"]


def test_code_parses_and_leaves_the_process_alone(notebook):
    for cell in cells(notebook, "code"):
        code = "\n".join(line for line in source(cell).splitlines() if not line.startswith("%"))
        ast.parse(code)
        assert not re.search(r"sys\.path|os\.chdir|^%cd|^!", source(cell), flags=re.MULTILINE), cell["id"]


def test_first_code_cell_holds_the_imports(notebook):
    statements = ast.parse(source(cells(notebook, "code")[0])).body
    assert isinstance(statements[0], ast.Import | ast.ImportFrom)
    assert all(isinstance(one, ast.Import | ast.ImportFrom | ast.Assign) for one in statements), "no work done here"


def test_cells_are_short_and_prose_stands_between_them(notebook):
    lengths = [len(source(cell).splitlines()) for cell in cells(notebook, "code") if cell["id"] not in GRADE_IDS]
    assert statistics.median(lengths) < 10
    assert len(cells(notebook, "markdown")) >= 0.7 * len(lengths)
    assert max(len(line) for cell in cells(notebook, "code") for line in source(cell).splitlines()) <= 120


def test_headings_are_in_order(notebook):
    levels = [len(hashes) for text in prose(notebook) for hashes in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_says_goal_time_errors_questions_and_what_is_next(path, notebook):
    text = "\n".join(prose(notebook))
    for part in ("**Goal", "**Time:**", "**Expect", "<details>", "Questions to think about"):
        assert part in text, part
    links = re.findall(r"\]\(([^)#]+\.ipynb)\)", text)
    following = NAMES[(NAMES.index(path.stem) + 1) % len(NAMES)]
    assert f"{following}.ipynb" in links
    assert all((NOTEBOOKS / link).is_file() for link in links)
    assert text.count("<details>") == text.count("</details>")


def test_tables_have_a_word_over_each_column(notebook):
    """A screen reader says the column's word before each cell."""
    for cell in cells(notebook, "markdown"):
        for header in re.findall(r"^(\|.*\|)\n\|[\s:|-]+\|$", source(cell), re.MULTILINE):
            assert all(word.strip() for word in header.strip("|").split("|")), header


def test_images_exist_small_and_with_alt_text(notebook):
    text = "\n".join(prose(notebook))
    assert "<img" not in text
    for alt, target in re.findall(r"!\[(.*?)\]\((.*?)\)", text):
        assert len(alt) >= 30, target
        image = (NOTEBOOKS / target).resolve()
        assert image.is_file(), target
        assert image.stat().st_size < 150_000, target
        assert f"def {image.stem}(" in (image.parent / "make_figures.py").read_text(encoding="utf-8")


def test_todo_cells_and_their_checks(path, notebook):
    code = cells(notebook, "code")
    ids = [cell["id"] for cell in code]
    expected = [question.grade_id for question in questions.BY_ID.values() if question.notebook == path.name]
    assert [nbgrader(cell)["grade_id"] for cell in code if nbgrader(cell).get("solution")] == expected
    for name in expected:
        place = ids.index(name)
        stub, check, hint = code[place : place + 3]
        assert nbgrader(stub) == {
            "grade": False, "grade_id": name, "locked": False, "schema_version": 3, "solution": True, "task": False,
        }  # fmt: skip
        assert nbgrader(check) == {
            "grade": True, "grade_id": f"check_{name}", "locked": True, "points": questions.BY_ID[name].points,
            "schema_version": 3, "solution": False, "task": False,
        }  # fmt: skip
        assert source(check) == f"check({name})"
        assert source(stub).startswith(f"# {questions.BY_ID[name].label}: {name}\n")
        assert source(hint) == f'hint("{name}")'
        assert name in hints.HINTS
    assert sum(bool(nbgrader(cell)) for cell in notebook["cells"]) == 2 * len(expected)


def test_stubs_only_raise(notebook):
    for cell in cells(notebook, "code"):
        if cell["id"] not in GRADE_IDS:
            continue
        *imports, definition = ast.parse(source(cell)).body
        assert all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in imports)
        assert definition.name == cell["id"]
        assert [decorator.id for decorator in definition.decorator_list] == ["answer"]
        assert ast.get_docstring(definition)
        functions = [node for node in ast.walk(definition) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            assert ast.unparse(function.body[-1]) == "raise NotImplementedError"
            assert all(argument.annotation for argument in function.args.args if argument.arg != "self")


def test_needs_name_real_answers(path, notebook):
    for cell in cells(notebook, "code"):
        needs = cell["metadata"].get("posenet", {}).get("needs")
        if cell["id"].startswith("check_") and not questions.BY_ID[cell["id"].removeprefix("check_")].is_practice:
            assert cell["id"].removeprefix("check_") in needs
        if needs is not None:
            assert needs
            assert set(needs) <= {question.grade_id for question in questions.QUESTIONS}, "practice stops nobody"
            assert cell["id"] not in GRADE_IDS, "a stub runs without an answer"


def read_at_once(node):
    """Names that running a piece of code reads: not those in a function's body, which only a call reads."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        parts = [node.args, *getattr(node, "decorator_list", [])]
    else:
        parts = ast.iter_child_nodes(node)
    return set().union(*map(read_at_once, parts))


def defined(tree):
    """Names that running a cell gives a value."""
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def test_a_cell_that_needs_no_answer_reads_nothing_of_one_that_does(notebook):
    """Such a cell would fail for a student without an answer, and the notebook says that it does not."""
    free, waiting = set(), set()
    for cell in cells(notebook, "code"):
        tree = ast.parse(source(cell))
        if cell["metadata"].get("posenet", {}).get("needs"):
            waiting |= defined(tree)
        else:
            free |= defined(tree)
            assert not read_at_once(tree) & (waiting - free), cell["id"]


# What an 'Expect' with a number or an order looks like.
MEASURABLE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|half|twice|none|largest|smallest|larger|smaller|higher|lower|above|below|"
    r"more|less|fewer|better|worse|rises?|falls?|grows?|equal|same|different)\b"
)


def between(notebook, place):
    """The Markdown above a code cell (over other code cells, if they follow each other), and that just below it."""
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    above = place
    while kinds[above] == "code":
        above -= 1
    first = above
    while first >= 0 and kinds[first] == "markdown":
        first -= 1
    after = place + 1
    while after < len(kinds) and kinds[after] == "markdown":
        after += 1
    around = notebook["cells"][first + 1 : above + 1] + notebook["cells"][place + 1 : after]
    return " ".join(" ".join(source(cell) for cell in around).split())


def test_every_expect_with_a_number_or_an_order_carries_its_test(path, notebook):
    cells_ = notebook["cells"]
    for place, cell in enumerate(cells_):
        promises = re.findall(r"\*\*Expect.*?(?=\*\*Time|\n\n|\Z)", source(cell), flags=re.DOTALL)
        if cell["cell_type"] != "markdown" or not MEASURABLE.search(" ".join(promises)):
            continue
        following = itertools.takewhile(
            lambda one: one["cell_type"] == "code",
            itertools.dropwhile(lambda one: one["cell_type"] == "markdown", cells_[place:]),
        )
        tests = [test for one in following for test in one["metadata"].get("posenet", {}).get("expect", [])]
        assert tests, f"{cell['id']}: says what to expect in numbers, and the next code cell's metadata tests nothing"


def test_what_is_tested_is_what_the_text_says(notebook):
    for place, cell in enumerate(notebook["cells"]):
        for test in cell["metadata"].get("posenet", {}).get("expect", []):
            assert set(test) in ({"claim", "holds"}, {"claim", "holds", "when"}), cell["id"]
            assert " ".join(test["claim"].split()) in between(notebook, place), (cell["id"], test["claim"])
            for expression in (test["holds"], test.get("when", "True")):
                tree = ast.parse(expression, mode="eval")
                assert any(isinstance(node, ast.Name) for node in ast.walk(tree)) or expression == "True", expression


def test_the_first_notebook_with_a_todo_starts_without_torch():
    imports = source(cells(json.loads((NOTEBOOKS / "01_mean_image.ipynb").read_text(encoding="utf-8")), "code")[0])
    code = imports.replace("%matplotlib inline\n", "") + "\nimport sys\nassert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=NOTEBOOKS)


@pytest.mark.parametrize("path", [NOTEBOOKS / f"{name}.ipynb" for name in NAMES[:8]])
def test_no_cell_says_metres_of_a_scene_without_scale(notebook):
    """What is printed of a chosen scene takes the scene's own unit."""
    for cell in cells(notebook, "code"):
        if cell["id"] != "loss-of-turns":  # two poses made up in metres
            assert not re.search(r"\} m\b|\(m\)|, \"m\"", source(cell)), cell["id"]
