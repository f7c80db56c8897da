"""How far a walkthrough is: one bar in a terminal, plain lines where the output goes into a file."""

import sys
import time
from typing import TextIO

from tqdm import tqdm

_LINE_EVERY_S = 60.0  # of a cell that takes minutes, in a file


class WalkthroughProgress:
    """Cells that are done, and what the current one reports.

    Args:
        cells: how many there are in all notebooks.
        out: where to; a terminal gets the bar.
    """

    def __init__(self, cells: int, out: TextIO | None = None):
        self._out = out or sys.stderr
        self._cells, self._done = cells, 0
        self._bar: tqdm | None = None
        if self._out.isatty():
            form = "{desc}{bar}| {n_fmt}/{total_fmt} cells [{elapsed}]{postfix}"
            self._bar = tqdm(total=cells, unit="cell", bar_format=form, file=self._out)
        self._began = self._last_line = time.monotonic()

    def __enter__(self) -> "WalkthroughProgress":
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def notebook(self, name: str) -> None:
        """A notebook begins."""
        if self._bar is not None:
            self._bar.set_description_str(f"{name:18}")
        else:
            self._line(f"{name} begins")

    def cell(self) -> None:
        """One more cell is done."""
        self._done += 1
        if self._bar is not None:
            self._bar.update()

    def say(self, text: str) -> None:
        """What the running cell has reached."""
        if self._bar is not None:
            self._bar.set_postfix_str(text)
        elif time.monotonic() - self._last_line > _LINE_EVERY_S:
            self._line(text)

    def _line(self, text: str) -> None:
        self._last_line = time.monotonic()
        minutes, seconds = divmod(round(self._last_line - self._began), 60)
        print(f"[{minutes:02d}:{seconds:02d}] {self._done} of {self._cells} cells; {text}", file=self._out, flush=True)
