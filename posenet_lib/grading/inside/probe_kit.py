"""What hidden cells run with, inside the student's kernel: they print numbers, never a verdict.

A probe calls the answer on inputs of its own and shows what came, as whole multiples of a step. The expected text is
elsewhere, in the process that compares, so there is nothing here that could be read or patched to pass: a changed
`show` prints other numbers.
"""

import contextlib
import io
import json
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


class _Nowhere(io.TextIOBase):
    """Debug prints of an answer cost nothing and disturb nothing."""

    def write(self, text: str) -> int:
        return len(text)


class Probe:
    """One hidden cell's output, in the making.

    `chosen` says for each `show` which of its numbers to print. Without it, when the expected outputs are made from the
    reference, all numbers are recorded, and `outside.expected_outputs` chooses among them.
    """

    def __init__(self, chosen: Sequence[Sequence[int]] | None):
        self._chosen = chosen
        self.lines: list[str] = []
        self.recorded: list[list[float]] = []
        self._shown = 0

    def show(self, value: Any, step: float) -> None:
        """Print numbers of an array, tensor or number, each divided by `step` and rounded."""
        array = to_array(value)
        steps = array.reshape(-1).astype(np.float64) / step
        if self._chosen is None:
            self.recorded.append([float(number) for number in steps])
        else:
            indices = self._chosen[self._shown]
            numbers = [_whole(steps[index]) for index in indices]
            self.lines.append(f"{self._shown}: {array.shape} {' '.join(numbers)}")
        self._shown += 1

    def say(self, text: object) -> None:
        """Print a fact that is no number, such as a dtype."""
        self.lines.append(f"- {text}"[:200])


def _whole(number: float) -> str:
    return str(int(np.rint(number))) if np.isfinite(number) and abs(number) < 1e15 else "none"


def to_array(value: Any) -> np.ndarray:
    """A result as an array, wherever it was computed."""
    if type(value).__module__.split(".")[0] == "torch":
        value = value.detach().cpu().numpy()
    return np.asarray(value)


def run_probe(code: str, answer: Callable[..., Any], chosen: Sequence[Sequence[int]] | None = None) -> None:
    """Run one probe on `answer`, and print what it has shown; nothing if the answer raises an error."""
    probe = Probe(chosen)
    out = sys.stdout
    with contextlib.ExitStack() as stack:
        for redirect in (contextlib.redirect_stdout, contextlib.redirect_stderr):
            stack.enter_context(redirect(_Nowhere()))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        # A namespace of its own: the probe's names neither hide the student's nor are hidden by them.
        exec(compile(code, "<probe>", "exec"), {"answer": answer, "show": probe.show, "say": probe.say})
    print("\n".join(probe.lines) if chosen is not None else json.dumps(probe.recorded), file=out)
