"""The largest size that a process has had: its own, not that of the process that started it."""

import subprocess
import sys

import numpy as np
import pytest

from posenet_lib.core.process_memory import own_peak_mb

PROBE = """
from posenet_lib.core.process_memory import own_peak_mb

before = own_peak_mb()
block = bytearray(b"x") * (100 * 2**20)
with_it = own_peak_mb()
del block
print(before, with_it, own_peak_mb())
"""


def test_it_grows_with_what_is_taken_and_stays_when_that_is_given_back():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    before, with_it, after = map(float, done.stdout.split())
    assert 90 < with_it - before < 150
    assert after > with_it - 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no telling the two apart")
def test_it_does_not_begin_with_the_size_of_the_process_that_started_it():
    held = np.ones(600 * 2**20, np.uint8)
    assert own_peak_mb() > 600
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert float(done.stdout.split()[0]) < 200
    del held
