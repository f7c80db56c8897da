"""Between the warm process and a kernel: makes the namespaces, forks the kernel, watches it, ends it.

The guardian runs no student's code, and no student's code can signal it: it is outside the kernel's pid namespace.
"""

import contextlib
import json
import os
import select
import signal
import socket
import tempfile
import time
from typing import Any

from posenet_lib.grading.inside.isolation import confine, enter_namespaces, memory_of_descendants
from posenet_lib.grading.inside.kernel_terms import KernelTerms

_WRITABLE = ("HOME", "POSENET_WORKSPACE", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR")
_POLL_SECONDS = 0.1


def guard(shell: Any, connection: socket.socket, terms: KernelTerms, stop: int, report: int) -> None:
    """In the guardian: fork the kernel, watch its memory, end it when asked or when it holds too much."""
    if terms.folders:
        enter_namespaces()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            os.close(stop)
            os.close(report)
            _become_kernel(shell, connection, terms)
        os._exit(0)
    connection.close()
    began = time.monotonic()
    killed, status = _watch(pid, stop, terms.limits.family_memory_mib << 20)
    if not killed and os.WIFSIGNALED(status):
        killed = "cpu" if os.WTERMSIG(status) == signal.SIGXCPU else signal.Signals(os.WTERMSIG(status)).name
    message = {"killed": killed.removeprefix("asked"), "seconds": round(time.monotonic() - began, 3)}
    os.write(report, json.dumps(message).encode())
    os._exit(0)


def _watch(pid: int, stop: int, most: int) -> tuple[str, int]:
    """Wait for the kernel's end, or end it: why ("asked", "memory", or "" for its own end) and its exit status."""
    while True:
        asked, _, _ = select.select([stop], [], [], _POLL_SECONDS)
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return "", status
        if asked or memory_of_descendants(pid) > most:
            # Killing process 1 of a pid namespace kills all of it, and waiting for it waits for all of them.
            os.kill(pid, signal.SIGKILL)
            return "asked" if asked else "memory", os.waitpid(pid, 0)[1]


def _become_kernel(shell: Any, connection: socket.socket, terms: KernelTerms) -> None:
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    for descriptor in range(3, 256):
        if descriptor != connection.fileno():
            with contextlib.suppress(OSError):
                os.close(descriptor)
    confine(terms)
    from posenet_lib.grading.inside.cell_runner import serve

    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.umask(0o077)
    folder = tempfile.mkdtemp(prefix="kernel-")
    for name in _WRITABLE:
        os.environ[name] = f"{folder}/{name.lower()}"
        os.makedirs(os.environ[name], exist_ok=True)
    tempfile.tempdir = None
    serve(shell, connection)
