"""Messages of the checks that may be passed on."""

from posenet_lib.grading.outside import check_messages
from posenet_lib.grading.outside.results import CheckLine


def test_only_known_texts_pass_when_a_reference_is_in_the_kernel():
    known = "beta multiplies both errors. It belongs to the orientation error alone."
    assert check_messages._known(CheckLine("gradient", "wrong", known + " Expected 7, got 3.")).message == known
    leak = check_messages._known(
        CheckLine("def head_loss(...)", "raised", "RuntimeError: def head_loss(predicted, ...")
    )
    assert leak == CheckLine("a check", "raised", check_messages._WITHHELD)
