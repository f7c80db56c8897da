"""Numbers of the reference, made once."""

import numpy as np
import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hidden_cells.expected_outputs import expected_output, fingerprint
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions

QUESTIONS = load_questions()


def test_expected_numbers_are_made_again_when_something_changes():
    assert fingerprint(QUESTIONS) == fingerprint(QUESTIONS)
    assert fingerprint(QUESTIONS[:2]) != fingerprint(QUESTIONS)


def chosen(steps: list[float]) -> list[int]:
    recorded = [{"kind": "a kind", "shape": [len(steps)], "steps": steps}]
    return expected_output(recorded, QUESTIONS[0], "a cell").chosen[0]


@pytest.mark.parametrize("seed", range(20))
def test_shown_numbers_lie_well_inside_their_step(seed):
    steps = np.random.default_rng(seed).uniform(-100, 100, 200)
    off = np.abs(steps - np.rint(steps))[chosen(steps.tolist())]
    assert len(off) == 16 and off.max() <= 0.3


def test_a_result_without_such_numbers_shows_its_best():
    """Inputs are drawn anew for each student: no draw may end the grading of one."""
    assert chosen([0.45, 1.41, 2.53, -3.44, 4.46, 5.42, float("nan"), 7.5]) == [0, 1, 3, 5]
    assert chosen([0.45, 1.0]) == [0, 1]


@pytest.mark.parametrize("steps", [[0.5, 1.495], [float("nan"), float("inf")]])
def test_a_result_that_always_lies_on_the_edge_is_the_authors_mistake(steps):
    with pytest.raises(WorkbookError, match="cell 'a cell': one of its results has no number that is safe to show"):
        chosen(steps)
