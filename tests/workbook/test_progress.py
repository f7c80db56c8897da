"""The walkthrough's progress can be read in a terminal and in a file."""

import io
import os
import time

from posenet_lib.workbook import progress, walkthrough
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


class Said(list):
    """A progress that keeps what the cell has reached, each once."""

    def say(self, text: str) -> None:
        if text not in self:
            self.append(text)


def test_a_cell_that_trains_shows_its_own_run_and_not_one_of_an_earlier_notebook(tmp_path, monkeypatch):
    monkeypatch.setattr(walkthrough, "_LOOK_EVERY_S", 0.01)
    posenet, depth = (tmp_path / "runs" / name / "history.csv" for name in ("practice-court-001", "depth-from-stereo"))
    for file in (posenet, depth):
        file.parent.mkdir(parents=True)
    posenet.write_text("epoch,held_out_position_m,held_out_rotation_deg\n50,0.9,5.2\n")
    long_ago = time.time() - 60
    os.utime(posenet, (long_ago, long_ago))
    said = Said()
    with walkthrough._training_shown(tmp_path, said):
        time.sleep(0.1)
        assert said == []
        depth.write_text("step,train_loss,held_out_loss\n300,0.305,0.378918\n")
        os.utime(depth, (time.time() + 1, time.time() + 1))  # file systems count time in coarse steps
        while not said:
            time.sleep(0.01)
    assert said == ["step 300, held-out loss 0.379"]
    said.clear()
    os.utime(posenet, (time.time() + 5, time.time() + 5))
    with walkthrough._training_shown(tmp_path, said):
        while not said:
            time.sleep(0.01)
    assert said == ["epoch 50, held out 0.90 m 5.2 deg"]
