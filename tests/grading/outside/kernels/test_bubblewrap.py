"""What the sandbox shows of this computer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from posenet_lib.grading.outside.kernels.bubblewrap import bwrap_command, kernel_environment
from tests.support.places import ROOT
from tests.support.sandboxes import skip_without_sandbox


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


NEEDED = ("environment.yml", "notebooks/00_start_here.ipynb", "data/PracticeCourt/dataset_train.txt")
SECRET = (".git/config", "graded/grades.csv", "submissions/ada/x.ipynb", "tests/questions/x.py", "notebooks/y.ipynb")


@pytest.mark.parametrize("where", ["around", "within", "the same"])
def test_a_repository_within_the_environment_is_covered(where, tmp_path, monkeypatch):
    """An environment shows as a whole, with what else lies in it; one within the repository shows all the same."""
    skip_without_sandbox()
    environment = tmp_path / "environment"
    root = environment if where == "the same" else environment / "src" / "course"
    for name in (*NEEDED, *SECRET, "lib/module.py", ".venv/lib/module.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (environment / "lib").mkdir(exist_ok=True)
    (environment / "lib" / "module.py").touch()
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "base_prefix", str(environment))
    if where == "within":
        monkeypatch.setattr(sys, "exec_prefix", str(root / ".venv"))
    command = [*bwrap_command(kernel_environment("/scratch")), "find", str(environment), "-type", "f"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]})
    shown = set(done.stdout.split())
    environments = {"around": [environment], "within": [environment, root / ".venv"], "the same": [environment]}[where]
    assert shown == {*(str(root / name) for name in NEEDED), *(f"{path}/lib/module.py" for path in environments)}
