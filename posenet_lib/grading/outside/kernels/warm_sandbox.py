"""A sandbox that stays warm from one submission to the next, each of which is graded in a forked process of its own.

The fork keeps `grade_class`, which drives several of these, safe from what a submission does to the process that grades
it (memory, a crash, a hang). The driver keeps the clock: a process that does not finish is killed, and the sandbox with
it; the next submission gets a new one.
"""

import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from posenet_lib.grading.outside.kernels.sandbox import Sandbox

_FINE, _BROKEN, _SANDBOX_LOST = 0, 1, 3


class WarmSandbox:
    """Grades one submission at a time: `start`, then `poll` until it says that it is over."""

    def __init__(self, sandbox: Sandbox, log: Path, memory_mib: int):
        """`log`: what an unexpected error in a grading process is written to. `memory_mib`: of that process."""
        self._sandbox, self._log, self._memory_mib = sandbox, log, memory_mib
        self._pid = 0
        self._deadline = 0.0
        self._late = False

    def start(self, grade: Callable[[Sandbox], None], seconds: float) -> None:
        """Call `grade(sandbox)` in a fork, for at most `seconds`."""
        if self._sandbox.warm_process is None:
            self._sandbox.start()
        self._late, self._deadline = False, time.monotonic() + seconds
        self._folder = tempfile.TemporaryDirectory(prefix="posenet-submission-")
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            os._exit(self._in_the_fork(grade))

    def _in_the_fork(self, grade: Callable[[Sandbox], None]) -> int:
        """Returns the fork's exit status."""
        from posenet_lib.grading.inside.isolation import die_with_parent  # Linux alone has what it imports

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver decides
        die_with_parent()
        tempfile.tempdir = self._folder.name
        _limit_memory(self._memory_mib)
        process = self._sandbox.warm_process
        try:
            grade(self._sandbox)
        except BaseException:
            with self._log.open("a", encoding="utf-8") as log:
                traceback.print_exc(file=log)
            return _BROKEN
        finally:
            if self._sandbox.warm_process != process:
                self._sandbox.close()  # this fork has started another one; the driver does not know it
        return _FINE if self._sandbox.warm_process == process else _SANDBOX_LOST

    def poll(self) -> str | None:
        """None while it runs; then "" or what went wrong with the grading process."""
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        if not pid:
            if time.monotonic() > self._deadline:
                self._late = True
                os.kill(self._pid, signal.SIGKILL)
            return None
        self._pid = 0
        self._folder.cleanup()
        code = os.waitstatus_to_exitcode(status)
        if code == _FINE:
            return ""
        self._sandbox.close()
        if code == _SANDBOX_LOST:
            return ""
        if self._late:
            return "grading it took too long"
        return "the grading process broke off" + (f" ({signal.Signals(-code).name})" if code < 0 else "")

    def close(self) -> None:
        """Stop at once, and leave nothing behind."""
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0
            self._folder.cleanup()
        self._sandbox.close()


def _limit_memory(mib: int) -> None:
    """So much on top of what the driver holds when it forks."""
    import resource  # Windows has none, and has to get as far as the advice about a container

    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    held = int(status["VmData"].split()[0]) << 10
    resource.setrlimit(resource.RLIMIT_DATA, (held + (mib << 20), resource.getrlimit(resource.RLIMIT_DATA)[1]))
