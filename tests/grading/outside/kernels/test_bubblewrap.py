"""What the sandbox shows of this computer."""

import sys
from pathlib import Path

import pytest

from posenet_lib.grading.outside.kernels.bubblewrap import bwrap_command, kernel_environment
from tests.support.places import ROOT


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
