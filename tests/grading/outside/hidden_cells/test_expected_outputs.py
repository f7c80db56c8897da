"""Numbers of the reference, made once."""

from posenet_lib.grading.outside.hidden_cells.expected_outputs import fingerprint
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions

QUESTIONS = load_questions()


def test_expected_numbers_are_made_again_when_something_changes():
    assert fingerprint(QUESTIONS) == fingerprint(QUESTIONS)
    assert fingerprint(QUESTIONS[:2]) != fingerprint(QUESTIONS)
