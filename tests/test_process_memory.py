"""Memory that a process keeps, counted in page faults."""

import platform
import resource
import subprocess
import sys

import pytest

from posenet_lib.process_memory import memory_kept

PROBE = """
import resource
import torch
from posenet_lib.process_memory import memory_kept

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(5):
        torch.ones(64 * 2**20, dtype=torch.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

outside = faults()
with memory_kept():
    faults()
    with memory_kept():
        faults()
    inside = faults()
print(outside, inside, faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives memory back so eagerly")
def test_blocks_are_kept_inside_and_given_back_outside():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    outside, inside, after = map(int, done.stdout.split())
    pages = 64 * 2**20 // resource.getpagesize()
    assert outside > 0.9 * 5 * pages
    assert inside < 0.1 * pages
    assert after > 0.9 * pages  # what was kept is given back at the end; how soon new blocks are, glibc decides


def test_elsewhere_nothing_happens(monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    with memory_kept():
        pass
