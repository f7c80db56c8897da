"""Nothing that one kernel leaves reaches the next one of the same sandbox. Each channel is really tried."""

import functools
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.grading.channels import CHANNELS, SECRET, carried, carried_between_forks, code
from tests.support.places import ROOT
from tests.support.sandboxes import skip_without_sandbox

_AS_A_NORMAL_USER = """
set -e
python="$(readlink -f "$PYTHON")"
case "$python" in /root/*)  # a Python in root's home: show that part of it to everybody, in this mount namespace alone
  mkdir "$DIR/python"; mount --bind "$(dirname "$(dirname "$python")")" "$DIR/python"
  mount -t tmpfs -o mode=755 tmpfs /root; mkdir -p "$(dirname "$(dirname "$python")")"
  mount --bind "$DIR/python" "$(dirname "$(dirname "$python")")" ;;
esac
exec setpriv --reuid 12345 --regid 12345 --clear-groups "$PYTHON" -m tests.grading.channels
"""


@pytest.fixture(scope="module", autouse=True)
def sandbox_possible():
    skip_without_sandbox()


@functools.cache
def found_here() -> dict[str, str]:
    time.sleep(max(0, 20 - (time.time() - os.stat("/dev/null").st_mtime)))  # its time may be another test's
    return carried(list(CHANNELS))


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_carries_nothing_to_the_next_kernel(name):
    assert found_here()[name] == ""


def test_nor_to_a_kernel_that_is_graded_beside_it():
    time.sleep(max(0, 20 - (time.time() - os.stat("/dev/null").st_mtime)))
    assert carried_between_forks(list(CHANNELS)) == dict.fromkeys(CHANNELS, "")


def copy_of_the_workbook(folder: Path) -> Path:
    """What a kernel may see, and these tests, somewhere else."""
    for name in ("posenet_lib", "tests/grading", "tests/support"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "data" / "PracticeCourt").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    for name in ("environment.yml", "notebooks/00_start_here.ipynb", "tests/__init__.py"):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.mark.slow
def test_nor_where_the_workbook_lies_below_the_temporary_folder(tmp_path):
    if not tmp_path.resolve().is_relative_to("/tmp"):
        pytest.skip("the temporary files of these tests are not below /tmp")
    copy = copy_of_the_workbook(tmp_path / "course")
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "tests.grading.channels", "files", "posix_shared_memory"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {"files": "", "posix_shared_memory": ""}
    assert not list(tmp_path.rglob(".left-here"))


@pytest.mark.slow
def test_nor_for_a_normal_user(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("the other tests have run as a normal user already")
    for folder in (tmp_path, *tmp_path.parents):
        if folder != Path("/tmp") and folder.is_relative_to("/tmp"):
            folder.chmod(0o755)
    environment = {**os.environ, "PYTHON": sys.executable, "DIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    time.sleep(max(0, 20 - (time.time() - os.stat("/dev/null").st_mtime)))
    command = ["unshare", "--mount", "bash", "-c", _AS_A_NORMAL_USER]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, check=False)
    if "blocked here" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"normal users may not make namespaces here: {done.stderr[:200]}")
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == dict.fromkeys(CHANNELS, "")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CHANNELS if name not in ("times_of_devices", "host_name")])
def test_the_channel_itself_works_where_nothing_is_closed(name, tmp_path):
    """Without this, a channel with a slip in it would pass for a closed one."""
    environment = {**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    if name == "files":
        pytest.skip("it would write all over this machine")
    if name == "proc_of_others":
        pytest.skip("it would change every process of this machine")
    first = subprocess.run([sys.executable, "-c", code(name, 0)], env=environment, cwd=tmp_path, check=False)
    second = subprocess.run(
        [sys.executable, "-c", code(name, 1)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    if first.returncode or second.returncode:
        pytest.skip(f"this machine has no such channel: {second.stderr[-300:]}")
    assert SECRET in second.stdout or "Operation not permitted" in second.stderr, second.stdout
