"""What surrounds the code: dependency lists in step, the top level as promised, nothing that should not be in git."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from posenet_lib.workbook.questions import QUESTIONS
from tests.support.places import ANSWERS, ROOT

CONDA_NAMES = {"torch": "pytorch"}  # the one package that conda-forge calls otherwise


def requirement(text: str) -> tuple[str, str]:
    """Name and version, without extras: conda has none."""
    name, version = re.fullmatch(r"([\w-]+)(?:\[\w+\])?\s*(.*)", text).groups()
    return name, version


def tracked_files() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone (a downloaded archive): what is tracked cannot be asked")
    return subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_environment_yml_and_pyproject_are_in_step():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {CONDA_NAMES.get(name, name): version for name, version in map(requirement, project["dependencies"])}
    wanted["python"] = project["requires-python"]
    text = (ROOT / "environment.yml").read_text()
    lines = re.findall(r"^  - ([^:\n]+)$", text.split("dependencies:")[1], re.MULTILINE)
    listed = dict(requirement(line) for line in lines)
    assert listed.pop("pip") == ""
    assert listed == wanted
    assert "--editable .[test]" in text


def test_every_dependency_has_its_reason():
    block = re.search(r"^dependencies = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL | re.MULTILINE)[
        1
    ]
    without = [line for line in block.splitlines() if line.strip().startswith('"') and "# " not in line]
    assert not without


def test_every_dependency_is_used():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    modules = {"pillow": "PIL"}
    places = [*ROOT.glob("posenet_lib/**/*.py"), *ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("tests/**/*.py")]
    code = "\n".join(path.read_text() for path in places)
    for text in project["dependencies"]:
        name = requirement(text)[0]
        name = modules.get(name, name)
        # tensorboard is used through torch, nbval through pytest, jupyterlab as a module that is run
        pattern = rf'(import|from) {name}\b|"{name}"|"--{name}"|torch\.utils\.{name}\b'
        assert re.search(pattern, code), f"{name} is declared and not used"


def test_top_level_is_as_promised():
    promised = {"notebooks", "posenet_lib", "data", "pretrained_models", "img", "tests"}
    promised |= {"environment.yml", "README.md", "pyproject.toml", "LICENSE"}
    found = {file.split("/")[0] for file in tracked_files()}
    assert {name for name in found if not name.startswith(".")} == promised


def test_nothing_large_or_private_is_tracked():
    files = [ROOT / file for file in tracked_files()]
    assert sum(path.stat().st_size for path in files if "PracticeCourt" in path.parts) <= 12e6
    trunk = ROOT / "pretrained_models" / "courts-googlenet-bn.safetensors"  # the one set of weights that is shipped
    assert trunk.stat().st_size <= 13e6
    others = [path for path in files if "PracticeCourt" not in path.parts and path.is_file() and path != trunk]
    assert max(path.stat().st_size for path in others) < 2e6
    assert not [path for path in others if ".image_store" in path.parts or path.suffix == ".safetensors"]


def test_downloads_are_ignored_but_their_readmes_are_not():
    for folder in ("data/datasets", "pretrained_models"):
        assert (ROOT / folder / "README.md").is_file()
        checked = [f"{folder}/KingsCollege/seq1/frame00001.png", f"{folder}/weights.pickle"]
        done = subprocess.run(["git", "check-ignore", *checked], cwd=ROOT, capture_output=True, text=True)
        if done.returncode == 128:
            pytest.skip("not a git clone (a downloaded archive): what is ignored cannot be asked")
        assert done.stdout.split() == checked


def test_no_solution_in_the_library_or_the_notebooks():
    """The statements of the answers that are graded appear nowhere but in tests/."""
    places = [*ROOT.glob("posenet_lib/**/*.py"), *ROOT.glob("notebooks/*.ipynb")]
    text = ""
    for path in places:
        if path.suffix == ".ipynb":
            text += "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text())["cells"])
        else:
            text += path.read_text()
    squeezed = re.sub(r"\s+", "", text)
    for question in QUESTIONS:  # practice is done beside the library's own part, which stands there to be read
        solution = ANSWERS / question.grade_id / "solution.py"
        found = [line for line in telling_statements(solution) if re.sub(r"\s+", "", line) in squeezed]
        assert not found, question.grade_id


def telling_statements(solution: Path) -> list[str]:
    """The lines of an answer that are work, not signature, docstring or import."""
    tree = ast.parse(solution.read_text())
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AugAssign | ast.Return)]
    return [ast.unparse(node) for node in statements if len(ast.unparse(node)) > 30]
