"""One lane of the driver: a warm sandbox, and a forked process for each submission that goes through it.

The fork keeps the driver safe from what a submission does to the grading process (memory, a crash, a hang), and the
driver keeps the clock: a process that does not finish is killed, and the sandbox with it.
"""

import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from posenet_lib.grading.inside.isolation import die_with_parent
from posenet_lib.grading.outside.sandbox import Sandbox

_FINE, _BROKEN, _SANDBOX_LOST = 0, 1, 3
_GRADER_BYTES = 3 << 28  # on top of what the driver holds when it forks (0.17 GB in `posenet grade`)


class Lane:
    """Runs one job at a time; `poll` says when it is over."""

    def __init__(self, sandbox: Sandbox, log: Path):
        self._sandbox, self._log = sandbox, log
        self._pid = 0
        self._deadline = 0.0
        self._late = False

    def start(self, job: Callable[[Sandbox], None], seconds: float) -> None:
        """Run `job(sandbox)` in a fork, for at most `seconds`."""
        if self._sandbox.process_id is None:
            self._sandbox.start()
        self._late, self._deadline = False, time.monotonic() + seconds
        self._folder = tempfile.TemporaryDirectory(prefix="posenet-lane-")
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            os._exit(self._run(job))

    def _run(self, job: Callable[[Sandbox], None]) -> int:
        """In the fork."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver decides
        die_with_parent()
        tempfile.tempdir = self._folder.name
        _limit_memory()
        process = self._sandbox.process_id
        try:
            job(self._sandbox)
        except BaseException:
            with self._log.open("a", encoding="utf-8") as log:
                traceback.print_exc(file=log)
            return _BROKEN
        finally:
            if self._sandbox.process_id != process:
                self._sandbox.close()  # this fork has started another one; the driver does not know it
        return _FINE if self._sandbox.process_id == process else _SANDBOX_LOST

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


def _limit_memory() -> None:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    held = int(status["VmData"].split()[0]) << 10
    resource.setrlimit(resource.RLIMIT_DATA, (held + _GRADER_BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))
