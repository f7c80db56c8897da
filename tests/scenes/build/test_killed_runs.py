"""`kill -9` in each stage, then the same command again: the scene comes out, and nothing that was done is lost."""

import os
import signal
import subprocess
import sys
import time

import pytest

from posenet_lib.scenes.build.build import work_folder
from posenet_lib.scenes.scene import load_scene
from tests.scenes.build.conftest import SMALL, WALK, court_photos
from tests.support.places import ROOT

STAGES = ("photos", "features", "matches", "map", "frame of reference", "pinhole photos")


def processes_with(words: str) -> list[int]:
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                if words.encode() in file.read() and int(name) != os.getpid():
                    found.append(int(name))
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for processes in /proc")
def test_killed_in_every_stage(tmp_path):
    court_photos(tmp_path / "court", "train", WALK, slice(0, 20, 2))
    out = tmp_path / "scene"
    command = [sys.executable, "-m", "posenet_lib.cli", "scene", "build", str(tmp_path / "court"), "--out", str(out)]
    mark = f"POSENET_TEST_MARK={tmp_path}"
    environment = {**os.environ, "POSENET_TEST_MARK": str(tmp_path)}
    for stage in STAGES:
        with subprocess.Popen([*command, *SMALL], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as running:
            while not (work_folder(out) / f"{stage}.begun").is_file():
                assert running.poll() is None, f"it ended before {stage}"
                time.sleep(0.005)
            running.send_signal(signal.SIGKILL)
        assert not out.exists(), "nothing half-written"
        for _ in range(100):
            if not processes_with(mark):
                break
            time.sleep(0.1)
        assert not processes_with(mark), f"a process outlived its caller in {stage}"
    shown = subprocess.run([*command, *SMALL], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "Going on with" in shown.stdout
    for stage in STAGES[:-1]:  # the last one may have been killed before or after its mark
        assert any(stage in line and "(earlier)" in line for line in shown.stdout.splitlines()), shown.stdout
    scene = load_scene(out)
    assert len(scene.train) + len(scene.test) == 10
    assert not work_folder(out).exists()
