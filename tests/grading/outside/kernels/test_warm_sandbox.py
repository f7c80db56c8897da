"""A process that grades has its own memory limit, whatever the process that starts it holds."""

import time
from types import SimpleNamespace

import pytest

from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.warm_sandbox import WarmSandbox

_MB = 1 << 20


def run_in_a_fork(tmp_path, megabytes: int) -> str:
    sandbox = SimpleNamespace(warm_process=1, close=lambda: None)
    warm = WarmSandbox(sandbox, tmp_path / "grader.log", Limits().grader_memory_mib)
    warm.start(lambda _: bytearray(megabytes * _MB) and None, seconds=60)
    while (trouble := warm.poll()) is None:
        time.sleep(0.02)
    return trouble


def test_what_the_driver_holds_does_not_count(tmp_path):
    held = bytearray(1200 * _MB)  # as a long test session does
    assert run_in_a_fork(tmp_path, 300) == ""
    del held


@pytest.mark.parametrize("megabytes", [1000, 100_000])
def test_a_submission_cannot_take_more(tmp_path, megabytes):
    assert "broke off" in run_in_a_fork(tmp_path, megabytes)
    assert "MemoryError" in (tmp_path / "grader.log").read_text()
