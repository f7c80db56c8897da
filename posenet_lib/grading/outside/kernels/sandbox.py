"""The sandbox: a bubblewrap around the warm process, and the control socket that starts and ends kernels in it."""

import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import repository_root
from posenet_lib.grading.inside.kernel_terms import KernelLimits
from posenet_lib.grading.outside.kernels.bubblewrap import (
    SCRATCH,
    WRITABLE,
    bwrap_command,
    kernel_environment,
    visible_paths,
)
from posenet_lib.grading.outside.kernels.user_ids import UserIds

_START_SECONDS = 120
_STOP_SECONDS = 15
HOW_TO = """\
Grading runs students' code in bubblewrap, and {problem}
  Debian, Ubuntu:        sudo apt-get install bubblewrap
  Fedora: sudo dnf install bubblewrap      Arch: sudo pacman -S bubblewrap
  Ubuntu 24.04 or newer forbids it to normal users at first. Allow it:
                         sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0
                         (or an AppArmor profile for /usr/bin/bwrap that has `userns,`)
  Debian before 11:      sudo sysctl -w kernel.unprivileged_userns_clone=1
  macOS, Windows, or where neither is possible: grade in a container, see notebooks/README.md, 'Grade'
  In a container or virtual machine that is itself the sandbox: posenet grade --no-sandbox"""


_NOT_AS_ROOT = (
    "--no-sandbox as root runs students' code as an unprivileged user, and that user can't get at {python}. "
    "Use a Python that all users can read (not one in /root), or run posenet grade as a normal user."
)


_NO_FILTERS = (
    "system calls can't be forbidden to them here: that needs Linux on x86-64 or aarch64 with seccomp filters, which "
    "some containers take away (docker run --security-opt seccomp=unconfined gives them back)."
)


class SandboxDied(Exception):  # noqa: N818 - it says what happened
    """The warm process is gone, or does not answer; a new sandbox has to be started."""


class Sandbox:
    """One warm process; it runs one kernel at a time."""

    def __init__(self, preload: Sequence[str], *, sandboxed: bool = True, fork_of: "Sandbox | None" = None):
        """`preload`: modules that the warm process imports. `fork_of`: a sandbox that runs no kernels itself.

        Two warm processes hold PyTorch twice (300 MB each); two forks of one share it. Each kernel has namespaces of
        its own either way. Where it has none, or where that sandbox has died, this one starts a process of its own.
        """
        self._preload, self._sandboxed, self._fork_of = list(preload), sandboxed, fork_of
        self._users = UserIds() if sys.platform == "linux" and os.geteuid() == 0 else None
        self._process: subprocess.Popen | None = None  # None for a fork, too
        self._control: socket.socket | None = None  # to the warm process, while there is one
        self._private: tempfile.TemporaryDirectory | None = None
        self._starts = 0
        self._kernels = 0  # started so far by this process
        self.isolates = True  # each kernel has namespaces of its own

    @property
    def warm_process(self) -> int | None:
        """Which one it is: another number after each start, None while there is none."""
        return self._starts if self._control else None

    def start(self) -> None:
        """Start the warm process and wait until it has imported everything.

        Raises:
            WorkbookError: it does not start; the message says what to install or to allow.
        """
        self.close()
        self._starts += 1
        if self._fork_of and self._begin_as_fork(self._fork_of):
            return
        if sys.platform != "linux":
            raise WorkbookError(HOW_TO.format(problem="that is for Linux alone."))
        if self._sandboxed and not shutil.which("bwrap"):
            raise WorkbookError(HOW_TO.format(problem="it is not installed."))
        if not self._sandboxed and self._users is not None and not _readable_by_all(Path(sys.executable).resolve()):
            raise WorkbookError(_NOT_AS_ROOT.format(python=Path(sys.executable).resolve()))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        module = "posenet_lib.grading.inside.warm_process"
        self._private = tempfile.TemporaryDirectory(prefix="posenet-kernel-") if not self._sandboxed else None
        if self._private:
            os.chmod(self._private.name, 0o1777)  # an unprivileged kernel writes here
        writable = self._private.name if self._private else SCRATCH
        folders = WRITABLE if self._sandboxed else (writable, "/dev/shm")
        kept = [str(path) for path in visible_paths() if path.exists()]
        settings = {"preload": self._preload, "folders": folders, "kept": kept}
        command = [sys.executable, "-P", "-m", module, str(theirs.fileno()), json.dumps(settings)]
        environment = kernel_environment(writable)
        with tempfile.TemporaryFile() as errors:
            self._process = subprocess.Popen(
                [*bwrap_command(environment), *command] if self._sandboxed else command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={"PATH": os.environ.get("PATH", "")} if self._sandboxed else environment,
                cwd=str(repository_root() / "notebooks"),
                pass_fds=[theirs.fileno()],
            )
            theirs.close()
            self._control = ours
            try:
                began = self._answer(_START_SECONDS)
                self.isolates = began["isolates"]
            except SandboxDied:
                self.close()
                errors.seek(0)
                said = errors.read()[-2000:].decode(errors="replace").strip() or "it said nothing"
                self._refuse(said)
        if self._sandboxed and not began["filters"]:
            self.close()
            raise WorkbookError(HOW_TO.format(problem=_NO_FILTERS))

    def _begin_as_fork(self, warm: "Sandbox") -> bool:
        """Whether `warm` has forked a process for this sandbox. It answers on a socket of its own: several may ask."""
        if not warm._control or not (warm._sandboxed and warm.isolates):
            return False
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            socket.send_fds(warm._control, [json.dumps({"do": "fork"}).encode()], [theirs.fileno()])
            self._control = ours
            theirs.close()
            self._answer(_STOP_SECONDS)
        except (OSError, SandboxDied):
            theirs.close()
            ours.close()
            self._control = None
            return False
        return True

    def _refuse(self, said: str) -> None:
        blocked = ("bwrap:", "setting up uid map", "Creating new namespace", "Operation not permitted")
        if self._sandboxed and any(part in said for part in blocked):
            raise WorkbookError(HOW_TO.format(problem=f"it is blocked here: {said}"))
        raise WorkbookError(f"the grading kernel does not start: {said}")

    def start_kernel(self, limits: KernelLimits) -> socket.socket:
        """A fresh kernel; the socket is the only way to it. `stop_kernel` has to follow.

        Raises:
            SandboxDied: call `start` and try again.
        """
        ours, theirs = socket.socketpair()
        self._kernels += 1
        uid = None if self._users is None else self._users.take()
        request = {"do": "start", "id": self._kernels, "limits": asdict(limits), "uid": uid}
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno()])
            self._answer(_STOP_SECONDS)
        except OSError as error:
            raise SandboxDied(str(error)) from error
        finally:
            theirs.close()
        return ours

    def stop_kernel(self) -> dict[str, Any]:
        """End the kernel with everything it started. Returns why it was killed, if it was: "memory", "SIGSEGV", ...

        Raises:
            SandboxDied: call `start` before the next kernel.
        """
        try:
            self._control.send(json.dumps({"do": "stop"}).encode())
        except OSError as error:
            raise SandboxDied(str(error)) from error
        report = self._answer(_STOP_SECONDS)
        if self._sandboxed and not self.isolates:
            self.start()  # no namespaces for each kernel here: a fresh sandbox for each
        return report

    def _answer(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if select.select([self._control], [], [], 0.5)[0]:
                data = self._control.recv(65536)
                if not data:
                    raise SandboxDied("the grading kernel's process ended")
                return json.loads(data)
        raise SandboxDied(f"the grading kernel's process did not answer for {seconds:g} s")

    def close(self) -> None:
        """End the warm process and everything in it."""
        if self._control is not None:
            self._control.close()  # the warm process ends by itself when it sees that
            self._control = None
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        self._process.kill()
        self._process.wait()
        self._process = None
        if self._private:
            with contextlib.suppress(OSError):
                self._private.cleanup()


def _readable_by_all(path: Path) -> bool:
    """Whether an unprivileged user gets there: a Python in /root, say, needs root."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))
