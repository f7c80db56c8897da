"""Compiling the layers: once, whole, privately; and machines where that cannot be."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from compiled_layers import compiled
from posenet_lib.cpu_kernels import build

PROBE = """
import torch
from posenet_lib.cpu_kernels.build import library
from posenet_lib.cpu_kernels.batch_norm import BatchNormReLU
from posenet_lib.cpu_kernels.max_pool import MaxPool3x3
x = torch.randn(2, 64, 8, 8).bfloat16().contiguous(memory_format=torch.channels_last).requires_grad_()
MaxPool3x3(2)(BatchNormReLU(64)(x)).float().sum().backward()
print(library() is not None, bool(x.grad.isfinite().all()))
"""


def probe(cache: Path, **environment: str) -> str:
    """Run in a process of its own, with a cache of its own."""
    settings = {**os.environ, "XDG_CACHE_HOME": str(cache), **environment}
    done = subprocess.run([sys.executable, "-c", PROBE], env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_without_a_compiler_pytorch_does_it(tmp_path):
    assert probe(tmp_path, CC="no-such-compiler") == "False True"
    assert probe(tmp_path, CC="false") == "False True"  # one that fails
    assert probe(tmp_path, POSENET_CPU_KERNELS="off") == "False True"


@compiled
def test_a_cache_that_cannot_be_used_does_no_harm(tmp_path):
    (tmp_path / "file").write_text("a file where a folder should be")
    assert probe(tmp_path / "file") == "False True"


@compiled
def test_it_is_compiled_once_and_whole(tmp_path):
    assert probe(tmp_path) == "True True"
    (built,) = (tmp_path / "posenet-kernels").iterdir()
    before, whole = built.stat().st_mtime_ns, built.read_bytes()
    assert probe(tmp_path) == "True True"
    assert built.stat().st_mtime_ns == before
    built.write_bytes(whole[: len(whole) // 2])  # a machine that lost power, say
    assert probe(tmp_path) == "True True"


@compiled
def test_a_cache_that_others_can_write_is_not_used(tmp_path):
    assert probe(tmp_path) == "True True"
    (tmp_path / "posenet-kernels").chmod(0o777)
    assert probe(tmp_path) == "False True"


@compiled
def test_a_compiler_may_come_with_flags(tmp_path):
    assert probe(tmp_path, CC="cc -pipe") == "True True"


def test_a_user_without_a_home_has_no_cache(monkeypatch):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert build.library.__wrapped__() is None


def test_a_macs_own_compiler_is_not_asked(monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a window opens"))
    assert build.library.__wrapped__() is None


@compiled
def test_a_compiler_that_hangs_is_given_up(monkeypatch, tmp_path):
    compiler = tmp_path / "slow"
    compiler.write_text('#!/bin/sh\n[ "$1" = --version ] || exec sleep 60\n')
    compiler.chmod(0o700)
    monkeypatch.setenv("CC", str(compiler))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(build, "_COMPILE_S", 0.5)
    began = time.monotonic()
    assert build.library.__wrapped__() is None
    assert time.monotonic() - began < 30
    assert not list((tmp_path / "posenet-kernels").iterdir())
