"""Numbers with their noun."""

import pytest

from posenet_lib.core.wording import counted, time_in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 epoch"), (1.0, "1 epoch"), (0, "0 epochs"), (36, "36 epochs"), (0.15, "0.15 epochs"), (1.5, "1.5 epochs"),
     (1 / 3, "0.33 epochs"), (1.001, "1 epoch"), (120.0, "120 epochs")],
)  # fmt: skip
def test_one_is_singular_and_fractions_are_short(number, words):
    assert counted(number, "epoch") == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(247, "4 h 07 min"), (59.4, "59 minutes"), (59.6, "1 h 00 min"), (1.2, "1 minute")]
)
def test_times(minutes, words):
    assert time_in_words(minutes) == words
