"""The warm process inside the sandbox: imports torch and the rest once, then forks one kernel for each question.

It runs no student's code itself. For every kernel it forks a guardian, which forks the kernel, see `guardian`.

    warm process --- guardian --- kernel (process 1 of its own pid namespace) --- whatever the student's code starts
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posenet_lib.grading.inside.guardian import guard
from posenet_lib.grading.inside.isolation import die_with_parent, enter_namespaces
from posenet_lib.grading.inside.kernel_terms import KernelLimits, KernelTerms
from posenet_lib.grading.inside.system_calls import forbid

_PR_SET_CHILD_SUBREAPER = 36


def main(arguments: list[str]) -> None:
    """`python -m posenet_lib.grading.inside.warm_process FD SETTINGS`: serve the control socket until it is closed."""
    control = socket.socket(fileno=int(arguments[0]))
    settings = json.loads(arguments[1])
    control.set_inheritable(False)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))  # a grader that restarts it has a limit of its own
    from posenet_lib.grading.inside.cell_runner import make_shell

    shell = make_shell()
    failed = [name for name in settings["preload"] if not _preload(name)]
    gc.collect()
    gc.freeze()  # forks then share these pages instead of copying them at their first collection
    isolates, filters = _works_in_a_fork(enter_namespaces), _works_in_a_fork(forbid)
    if not isolates:
        # Processes that outlive their parent become children of this one, which then ends them.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    _reply(control, {"ready": True, "isolates": isolates, "filters": filters, "not_preloaded": failed})
    while True:
        request, descriptors = _receive(control)
        if request is None:
            return
        if request["do"] == "fork":
            control = _fork(control, socket.socket(fileno=descriptors[0]))
        if request["do"] == "start":
            folders = tuple(settings["folders"]) if isolates else ()
            kept = tuple(settings["kept"])
            terms = KernelTerms(KernelLimits(**request["limits"]), request["uid"], folders, kept, filters)
            kernel = _Kernel(shell, descriptors[0], terms, control, Path(settings["folders"][0]))
            _reply(control, {"id": request["id"], "started": True})
            end, _ = _receive(control)
            _reply(control, {"id": request["id"], **kernel.stop()})
            if end is None:
                return


def _fork(control: socket.socket, forks: socket.socket) -> socket.socket:
    """A process like this one, which serves another socket: each of the two returns its own."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass  # a fork that has ended since
    if os.fork():
        forks.close()
        return control
    die_with_parent()
    control.close()
    forks.set_inheritable(False)
    _reply(forks, {"ready": True})
    return forks


def _preload(module: str) -> bool:
    try:
        importlib.import_module(module)
    except Exception:
        return False
    return True


def _receive(control: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    data, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
    return (json.loads(data) if data else None), list(descriptors)


def _reply(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode())


def _works_in_a_fork(step: Callable[[], None]) -> bool:
    """Try what can't be undone in a fork: some systems allow no namespaces inside a sandbox, or no filters."""
    pid = os.fork()
    if pid == 0:
        try:
            step()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


class _Kernel:
    """One kernel and its guardian, as the warm process sees them."""

    def __init__(self, shell: Any, fd: int, terms: KernelTerms, control: socket.socket, writable: Path):
        self._isolates, self._writable = bool(terms.folders), writable
        stop_reader, self._stop = os.pipe()
        self._report, report_writer = os.pipe()
        self._guardian = os.fork()
        if self._guardian == 0:
            with contextlib.suppress(BaseException):
                control.close()
                os.close(self._stop)
                guard(shell, socket.socket(fileno=fd), terms, stop_reader, report_writer)
            os._exit(1)
        for descriptor in (fd, stop_reader, report_writer):
            os.close(descriptor)

    def stop(self) -> dict[str, Any]:
        """End the kernel and everything that it started; says why it had ended before, if it had."""
        os.close(self._stop)
        with os.fdopen(self._report) as report:
            text = report.read()
        os.waitpid(self._guardian, 0)
        if not self._isolates:
            _end_orphans()
            _empty(self._writable)
        return json.loads(text) if text else {"killed": "guardian"}


def _empty(folder: Path) -> None:
    """What one kernel has written is gone before the next one starts."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def _end_orphans() -> None:
    for _ in range(50):
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            children = [int(name) for name in file.read().split()]
        if not children:
            return
        for child in children:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
