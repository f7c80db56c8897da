"""COLMAP runs in another process, which cannot crash this one and does not outlive it."""

import importlib.util
import os
import signal
import subprocess
import sys
import time

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.build import own_process
from posenet_lib.scenes.build.extra import require, use
from posenet_lib.scenes.build.own_process import run_colmap
from tests.support.places import ROOT


def test_a_missing_extra_is_one_clear_line(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WorkbookError, match=r"needs pycolmap and av, .*pip install -e '\.\[sfm\]'"):
        require("pycolmap", "av")
    with pytest.raises(WorkbookError, match="pillow-heif"):
        use("pillow_heif")


def test_pycolmap_is_never_imported_here(tmp_path):
    code = "import torch, sys; import posenet_lib.scenes.build.build, posenet_lib.scenes.build.register_in_scene\n"
    code += "assert 'pycolmap' not in sys.modules and 'av' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_process_that_dies_is_a_message_with_its_log(tmp_path, monkeypatch):
    monkeypatch.setattr(own_process, "_MODULE", "posenet_lib.no_such_module")
    with pytest.raises(WorkbookError, match=r"ended without a result \(exit status 1\); .*colmap\.log says more"):
        run_colmap("map", tmp_path)
    assert "no_such_module" in (tmp_path / "colmap.log").read_text()


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for the process in /proc")
def test_the_process_ends_with_its_caller(tmp_path):
    """Even if the caller is killed without a chance to say so."""
    code = (
        "import sys, time\n"
        "from posenet_lib.scenes.build.own_process import _MODULE\n"
        "import subprocess\n"
        "child = subprocess.Popen([sys.executable, '-m', _MODULE], stdin=subprocess.PIPE)\n"
        'child.stdin.write(b\'{"job": "wait"\'); child.stdin.flush()\n'
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    child = int(caller.stdout.readline())
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    for _ in range(100):
        if not _alive(child):
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the process went on without its caller")


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
