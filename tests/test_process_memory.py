"""Memory that a process keeps, counted in page faults."""

import ctypes
import platform
import subprocess
import sys

import pytest
from posenet_lib.fast.kept_memory import memory_kept

PROBE = """
import contextlib
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
after = faults()
with contextlib.suppress(KeyboardInterrupt), memory_kept():
    raise KeyboardInterrupt
print(outside, inside, after, faults(), resource.getpagesize())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives memory back so eagerly")
def test_blocks_are_kept_inside_and_given_back_outside():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    outside, inside, after, after_interrupt, page_bytes = map(int, done.stdout.split())
    pages = 64 * 2**20 // page_bytes
    assert outside > 0.9 * 5 * pages
    assert inside < 0.1 * pages
    # What was kept is given back at the end; how soon new blocks are, glibc decides.
    assert min(after, after_interrupt) > 0.9 * pages


def test_elsewhere_nothing_happens(monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    monkeypatch.setattr(ctypes, "CDLL", lambda name: pytest.fail("another system's library is called"))
    with memory_kept():
        pass
