"""What hidden cells run with, inside the student's kernel: they print numbers, never a verdict.

A probe calls the answer on inputs of its own and shows what came, as whole multiples of a step. The expected text is
elsewhere, in the process that compares, so there is nothing here that could be read or patched to pass: a changed
`show` prints other numbers. What the answer itself prints, logs or warns of goes elsewhere, and is not compared.
"""

import contextlib
import io
import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from posenet_lib.grading.inside.library_settings import LibrarySettings


class Channel(Protocol):
    """The way to the process that compares."""

    def send(self, text: str) -> None:
        """One hidden cell's output."""

    def quiet(self) -> contextlib.AbstractContextManager:
        """Within it, what the answer prints is dropped, also where it has kept the stream from before."""


class _Print:
    """Outside a kernel."""

    def send(self, text: str) -> None:
        print(text)

    def quiet(self) -> contextlib.AbstractContextManager:
        return contextlib.nullcontext()


_channel: Channel = _Print()


def connect(channel: Channel) -> None:
    """Where the output of hidden cells goes from now on."""
    global _channel
    _channel = channel


class _Nowhere(io.TextIOBase):
    """Debug prints of an answer cost nothing and disturb nothing."""

    def write(self, text: str) -> int:
        return len(text)


class Probe:
    """One hidden cell's output, in the making.

    `chosen` says for each `show` which of its numbers to print. Without it, when the expected outputs are made from the
    reference, all numbers are recorded, and `outside.hidden_cells.expected_outputs` chooses among them.
    """

    def __init__(self, chosen: Sequence[Sequence[int]] | None):
        self._chosen = chosen
        self.lines: list[str] = []
        self.recorded: list[dict[str, Any]] = []  # a line each
        self._shown = 0
        self._kind = ""

    def about(self, kind: str) -> None:
        """Name the kind of input that the following lines are about; a student reads it if they are wrong."""
        self._kind = kind

    def show(self, value: Any, step: float) -> None:
        """Print numbers of an array, tensor or number, each divided by `step` and rounded."""
        array = to_array(value)
        steps = array.reshape(-1).astype(np.float64) / step
        if self._chosen is None:
            numbers = [float(number) for number in steps]
            self.recorded.append({"kind": self._kind, "shape": list(array.shape), "steps": numbers})
        else:
            chosen = self._chosen[self._shown]
            # A result of another size has no number in some places, and the cell goes on to what comes next.
            numbers = [steps[index] if index < len(steps) else np.nan for index in chosen]
            self.lines.append(shown_line(self._shown, array.shape, numbers))
        self._shown += 1

    def say(self, text: object) -> None:
        """Print a fact that is no number, such as a dtype."""
        line = f"- {text}"[:200]
        self.lines.append(line)
        self.recorded.append({"kind": self._kind, "said": line})


def shown_line(number: int, shape: Sequence[int], steps: Sequence[float]) -> str:
    """What `show` prints: which of the cell's results, its shape, some of its numbers in steps."""
    return f"{number}: {tuple(shape)} {' '.join(_whole(step) for step in steps)}"


def _whole(number: float) -> str:
    return str(int(np.rint(number))) if np.isfinite(number) and abs(number) < 1e15 else "none"


def to_array(value: Any) -> np.ndarray:
    """A result as an array, wherever it was computed."""
    if type(value).__module__.split(".")[0] == "torch":
        value = value.detach().cpu().numpy()
    return np.asarray(value)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        stack.enter_context(_channel.quiet())
        for redirect in (contextlib.redirect_stdout, contextlib.redirect_stderr):
            stack.enter_context(redirect(_Nowhere()))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        yield


def run_probe(
    code: str, answer: Callable[..., Any], chosen: Sequence[Sequence[int]] | None = None, seed: int = 0
) -> None:
    """Run one probe on `answer`, and send what it has shown; up to the error if the answer raises one."""
    probe, settings = Probe(chosen), LibrarySettings()
    names = {"show": probe.show, "say": probe.say, "about": probe.about, "seed": seed}
    try:
        with _undisturbed(), settings.usual():
            # A namespace of its own: the probe's names neither hide the student's nor are hidden by them.
            exec(compile(code, "<probe>", "exec"), names | {"answer": settings.own_in(answer)})
    finally:
        _channel.send("\n".join(probe.lines) if chosen is not None else json.dumps(probe.recorded))
