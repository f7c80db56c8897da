"""The kernel itself: runs cells with IPython and sends what they print. The student's code runs in this process.

So nothing here is trusted by the grader, which only ever reads the messages: text, a hidden cell's output, an error,
'done'. Figures and other displays are dropped, because no point depends on them.
"""

import contextlib
import io
import os
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from posenet_lib.grading.inside import probe_kit, wire

_CHUNK = 4096
_REQUEST_LIMIT = 4 << 20


class _QuietHook(DisplayHook):
    """The value of a cell's last line is not shown."""

    def __call__(self, result: Any = None) -> None:
        pass


class _QuietPublisher(DisplayPublisher):
    """Figures and widgets are not shown."""

    def publish(self, *_: Any, **__: Any) -> None:
        pass


class CellShell(InteractiveShell):
    """IPython without a terminal; errors go to the grader as messages."""

    displayhook_class = _QuietHook
    display_pub_class = _QuietPublisher
    send_error = None

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        if self.send_error is not None:
            self.send_error(etype.__name__, str(evalue)[:2000], "\n".join(stb)[-6000:])

    def enable_gui(self, gui: object = None) -> None:
        """There is no window system (`%matplotlib inline` asks)."""

    def ask_exit(self) -> None:
        """`exit` in a cell ends nothing."""


def make_shell() -> CellShell:
    """The shell, made once in the warm process; every kernel is a fork of it."""
    shell = CellShell.instance()
    shell.history_manager.enabled = False
    shell.colors = "nocolor"
    return shell


class _Stream(io.TextIOBase):
    """`sys.stdout` and `sys.stderr` as messages. Forked children of the student's code are not heard."""

    encoding = "utf-8"

    def __init__(self, name: str, connection: socket.socket, lock: threading.Lock):
        self._name, self._connection, self._lock, self._owner = name, connection, lock, os.getpid()
        self._text: list[str] = []
        self._size = 0
        self.muted = False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if os.getpid() == self._owner and not self.muted:
            self._text.append(text)
            self._size += len(text)
            if self._size > _CHUNK:
                self.flush()
        return len(text)

    def flush(self) -> None:
        text, self._text, self._size = "".join(self._text), [], 0
        if not text or os.getpid() != self._owner:
            return
        with self._lock:
            for start in range(0, len(text), _CHUNK):
                wire.send(
                    self._connection, {"type": "stream", "name": self._name, "text": text[start : start + _CHUNK]}
                )


class _ProbeChannel:
    """Output of hidden cells, as messages of their own kind."""

    def __init__(self, connection: socket.socket, lock: threading.Lock, streams: Sequence[_Stream]):
        self._connection, self._lock, self._streams = connection, lock, streams

    def send(self, text: str) -> None:
        with self._lock:
            wire.send(self._connection, {"type": "probe", "text": text})

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        for stream in self._streams:
            stream.muted = True
        try:
            yield
        finally:
            for stream in self._streams:
                stream.muted = False


def serve(shell: CellShell, connection: socket.socket) -> None:
    """Run cells until the grader hangs up."""
    lock = threading.Lock()
    sys.stdout, sys.stderr = _Stream("stdout", connection, lock), _Stream("stderr", connection, lock)
    streams = (sys.stdout, sys.stderr)
    probe_kit.connect(_ProbeChannel(connection, lock, streams))

    def send_error(name: str, value: str, traceback: str) -> None:
        with lock:
            wire.send(connection, {"type": "error", "ename": name, "evalue": value, "traceback": [traceback]})

    shell.send_error = send_error
    while True:
        try:
            request = wire.receive(connection, _REQUEST_LIMIT)
        except wire.WireError:
            return
        result = shell.run_cell(request["source"], store_history=False)
        for stream in streams:
            stream.flush()
        with lock:
            wire.send(connection, {"type": "done", "status": "ok" if result.success else "error"})
