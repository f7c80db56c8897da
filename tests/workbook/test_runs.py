"""How long a run was, in words: the text promises other things of a short run."""

import dataclasses

import pytest

from posenet_lib.training.history import EpochRecord, read_history, write_history
from posenet_lib.workbook.runs import FULL_RUN_PASSES, run_length


def history(epochs: int, last_share: float = 1.0) -> list[EpochRecord]:
    records = [EpochRecord(n + 1, 1.0, 1.0, 1.0, 1.0, 1e-3, 60.0, 30.0) for n in range(epochs)]
    return [*records[:-1], dataclasses.replace(records[-1], share=last_share)]


@pytest.mark.parametrize(
    ("epochs", "share", "words"),
    [
        (1, 1.0, "1 epoch"),
        (36, 1.0, "36 epochs"),
        (1, 0.4, "1 epoch, ended by the clock after 40 % of its photos"),
        (7, 0.25, "7 epochs, the last one ended by the clock after 25 % of its photos"),
    ],
)
def test_an_epoch_that_the_clock_cut_short_is_said(epochs, share, words):
    assert run_length(history(epochs, share)).epochs_in_words == words


def test_a_full_run_is_told_from_a_short_one():
    full, short = (run_length(history(FULL_RUN_PASSES, share)) for share in (1.0, 0.5))
    assert full.is_full and str(full).startswith("a full run")
    assert not short.is_full and f"it takes {FULL_RUN_PASSES}" in str(short)


def test_the_share_is_kept_in_the_table_and_may_be_missing_in_an_old_one(tmp_path):
    write_history(tmp_path / "history.csv", history(3, 0.4))
    assert read_history(tmp_path / "history.csv") == history(3, 0.4)
    lines = (tmp_path / "history.csv").read_text().splitlines()
    (tmp_path / "old.csv").write_text("\n".join(line.rpartition(",")[0] for line in lines) + "\n")
    assert read_history(tmp_path / "old.csv") == history(3)
