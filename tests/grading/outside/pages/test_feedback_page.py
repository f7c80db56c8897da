"""The page that a student gets."""

from posenet_lib.grading.outside.pages.feedback_page import feedback_page
from posenet_lib.grading.outside.results import CheckLine
from tests.support.results import a_result


def test_feedback_escapes_and_names_causes():
    page = feedback_page(
        a_result(
            "<script>x</script>",
            checks=[CheckLine("one", "wrong", "use `x < y`, <b>now</b>\x00"), CheckLine("two", "passed", "")],
        )
    )
    assert "<script>" not in page and "<b>now" not in page and "\x00" not in page
    assert "<code>x &lt; y</code>" in page and "✘ lost" in page and "✔ passed" in page
    assert "mend <code>this</code>" in page
    assert "1 of 2 passed" in page
