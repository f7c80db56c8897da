"""The walkthrough's progress can be read in a terminal and in a file."""

import io

from posenet_lib.workbook import progress
from posenet_lib.workbook.progress import WalkthroughProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(out) -> str:
    with WalkthroughProgress(3, out) as shown:
        shown.notebook("00_start_here")
        shown.cell()
        shown.notebook("05_training")
        shown.say("epoch 1, held out 2.00 m 9.0 deg")
        shown.cell()
    return out.getvalue()


def test_a_file_gets_whole_lines():
    text = run(io.StringIO())
    assert "\r" not in text
    assert text.splitlines() == [
        "[00:00] 0 of 3 cells; 00_start_here begins",
        "[00:00] 1 of 3 cells; 05_training begins",
    ]


def test_a_long_cell_says_in_a_file_where_it_is(monkeypatch):
    monkeypatch.setattr(progress, "_LINE_EVERY_S", 0.0)
    assert "1 of 3 cells; epoch 1, held out 2.00 m 9.0 deg" in run(io.StringIO())


def test_a_terminal_gets_a_bar():
    text = run(Terminal())
    assert "05_training" in text and "2/3 cells" in text and "epoch 1, held out 2.00 m" in text
