"""Numbers of the reference, made once."""

from posenet_lib.grading.outside.expected_outputs import fingerprint as bake_fingerprint
from posenet_lib.grading.outside.question_data import load_questions

QUESTIONS = load_questions()


def test_baked_numbers_are_made_again_when_something_changes():
    assert bake_fingerprint(QUESTIONS) == bake_fingerprint(QUESTIONS)
    assert bake_fingerprint(QUESTIONS[:2]) != bake_fingerprint(QUESTIONS)
