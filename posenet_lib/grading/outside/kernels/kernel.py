"""What nbval takes for a Jupyter kernel: cells go into the sandbox, bounded messages come out.

nbval's own kernel would wait 2000 s for a dead kernel, and keep every byte that a cell prints. Here a dead kernel is
known at once, a cell has a deadline and a number of bytes, and whoever exceeds them loses the kernel: the run is
incomplete then, and `reason` says why.
"""

import contextlib
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from posenet_lib.grading.inside import wire
from posenet_lib.grading.outside.hand_ins.plain_text import plain
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.sandbox import Sandbox, SandboxDied

_DEAD = {
    "memory": "used more memory than it may",
    "cpu": "used more CPU time than it may",
    "SIGKILL": "was killed: it used more memory or CPU time than it may, or killed itself",
    "SIGXFSZ": "wrote a larger file than it may",
    "": "ended its own process",
}
_WIRE = {"large": "sent a message that is too large", "garbled": "sent something that is no message"}


class RunEnded(Exception):  # noqa: N818 - it says what happened
    """The kernel is gone before the run was complete."""


class SandboxKernel:
    """Has the methods of `nbval.kernel.RunningKernel` that nbval calls."""

    language = "python"

    def __init__(self, sandbox: Sandbox, limits: Limits):
        self._sandbox, self._limits = sandbox, limits
        self.reason = ""  # why the run is incomplete; empty while it is well
        self.messages: deque[dict[str, Any]] = deque()  # what nbval is given: errors, and the output of hidden cells
        self.raised = False  # whether the last cell ended with an error
        self._printed: deque[str] = deque()  # the end of what the cell has printed itself
        self._probed: list[str] = []
        self._sizes = {"printed": 0, "probed": 0}
        self._number = 0
        self._connection = sandbox.start_kernel(limits.kernel())
        self._deadline = time.monotonic() + limits.question_seconds

    def execute_cell_input(self, source: str, allow_stdin: bool | None = None) -> str:
        """Send a cell; its outputs are collected until it is done."""
        if self.reason:
            raise RunEnded(self.reason)
        self._number += 1
        for kept in (self.messages, self._printed, self._probed):
            kept.clear()
        self.raised = False
        self._sizes = dict.fromkeys(self._sizes, 0)
        cell_deadline = min(self._deadline, time.monotonic() + self._limits.cell_seconds)
        try:
            self._connection.settimeout(max(0.1, cell_deadline - time.monotonic()))
            wire.send(self._connection, {"source": source})
            self._collect(cell_deadline)
        except wire.WireError as error:
            self._end(error.kind)
        except OSError:  # includes a kernel that does not read
            self._end("closed")
        return str(self._number)

    def _collect(self, deadline: float) -> None:
        received = 0
        while True:
            message = wire.receive(self._connection, self._limits.output_bytes, deadline)
            kind = message.get("type")
            text = message.get("text") if kind in ("stream", "probe") else ""
            if kind == "done":
                return
            if kind not in ("stream", "probe", "error") or not isinstance(text, str):
                raise wire.WireError("garbled")
            received += len(text) + 200  # messages without text count too
            if received > self._limits.output_bytes:
                raise wire.WireError("large")
            if kind == "error":
                self.messages.append(_error(message))
                self.raised = True
            elif kind == "probe":
                self._keep_probed(plain(text))
            elif message.get("name") != "stderr":
                self._keep_printed(plain(text))

    def _keep_probed(self, text: str) -> None:
        if self._sizes["probed"] < self._limits.kept_bytes:
            self._sizes["probed"] += len(text)
            self._probed.append(text)
            self.messages.append({"msg_type": "stream", "content": {"name": "stdout", "text": text}})

    def _keep_printed(self, text: str) -> None:
        self._sizes["printed"] += len(text)
        self._printed.append(text)
        while self._sizes["printed"] - len(self._printed[0]) > self._limits.printed_bytes:
            self._sizes["printed"] -= len(self._printed.popleft())

    def _end(self, kind: str) -> None:
        died = self.stop()
        seconds = min(self._limits.cell_seconds, self._limits.question_seconds)
        if kind == "late":
            self.reason = f"took longer than {seconds:g} s"
        elif kind == "large":
            self.reason = f"printed more than {self._limits.output_bytes >> 20} MB in one cell"
        elif kind == "garbled":
            self.reason = _WIRE[kind]
        elif died.startswith("SIG") and died not in _DEAD:
            self.reason = f"crashed ({died})"
        else:
            self.reason = _DEAD.get(died, _DEAD[""])
        raise RunEnded(self.reason)

    def errors(self) -> list[dict[str, Any]]:
        """What the last cell raised: at most one, with ename, evalue and traceback."""
        return [message["content"] for message in self.messages if message["msg_type"] == "error"]

    def printed(self) -> str:
        """The end of what the last cell printed to stdout."""
        return "".join(self._printed)

    def probed(self) -> str:
        """The output of the last cell, if it was a hidden one."""
        return "".join(self._probed)

    def await_reply(self, msg_id: str, timeout: float | None = None) -> None:
        """The cell is done already."""

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """The next of the cell's outputs, then 'idle'."""
        message = self.messages.popleft() if self.messages else {"msg_type": "status", "content": _IDLE}
        return {**message, "parent_header": {"msg_id": str(self._number)}}

    def await_idle(self, parent_id: str, timeout: float | None) -> None:
        """Leave out the rest of the cell's outputs."""
        self.messages.clear()

    def is_alive(self) -> bool:
        """Whether the next cell can run."""
        return self._connection is not None

    def interrupt(self) -> None:
        """Never needed: a cell that is late has lost its kernel."""

    def stop(self) -> str:
        """End the kernel and all that it started; returns why it had ended before."""
        if self._connection is None:
            return ""
        # Whatever closed the connection, the guardian may need a moment to see the end of the process.
        self._connection.close()
        self._connection = None
        try:
            return self._sandbox.stop_kernel().get("killed") or ""
        except SandboxDied:
            self.reason = self.reason or "ended the sandbox"
            self._sandbox.start()
            return ""


_IDLE = {"execution_state": "idle"}


def _error(message: dict[str, Any]) -> dict[str, Any]:
    texts = {name: plain(str(message.get(name, ""))[:2000]) for name in ("ename", "evalue")}
    lines = message.get("traceback")
    traceback = [plain(str(line)[:6000]) for line in lines[:5]] if isinstance(lines, list) else []
    return {"msg_type": "error", "content": {**texts, "traceback": traceback}}


@contextlib.contextmanager
def running(sandbox: Sandbox, limits: Limits) -> Iterator[SandboxKernel]:
    """A kernel that is ended whatever happens."""
    kernel = SandboxKernel(sandbox, limits)
    try:
        yield kernel
    finally:
        kernel.stop()
