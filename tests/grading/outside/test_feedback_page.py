"""The page that a student gets."""

from posenet_lib.grading.outside.feedback_page import feedback_page
from posenet_lib.grading.outside.results import CheckLine, GroupResult, QuestionResult, StudentResult


def result(student="ada", passed=(True, False), **more) -> StudentResult:
    groups = [GroupResult(f"g{n}", f"Title {n}", 1.5, ok, "mend `this`") for n, ok in enumerate(passed)]
    row = QuestionResult("head_loss", 2, "The loss", 3.0, "graded", "", groups, [], "abc")
    for name, value in more.items():
        setattr(row, name, value)
    return StudentResult(student, "key", [row])


def test_feedback_escapes_and_names_causes():
    page = feedback_page(
        result(
            "<script>x</script>",
            checks=[CheckLine("one", "wrong", "use `x < y`, <b>now</b>\x00"), CheckLine("two", "passed", "")],
        )
    )
    assert "<script>" not in page and "<b>now" not in page and "\x00" not in page
    assert "<code>x &lt; y</code>" in page and "✘ lost" in page and "✔ passed" in page
    assert "mend <code>this</code>" in page
    assert "1 of 2 passed" in page
