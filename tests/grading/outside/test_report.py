"""The class's tables."""

from posenet_lib.grading.outside.report import grades_csv, histogram_text
from posenet_lib.grading.outside.results import GroupResult, QuestionResult, StudentResult
from posenet_lib.grading.outside.similar import cell_text


def result(student="ada", passed=(True, False), **more) -> StudentResult:
    groups = [GroupResult(f"g{n}", f"Title {n}", 1.5, ok, "mend `this`") for n, ok in enumerate(passed)]
    row = QuestionResult("head_loss", 2, "The loss", 3.0, "graded", "", groups, [], "abc")
    for name, value in more.items():
        setattr(row, name, value)
    return StudentResult(student, "key", [row])


def test_grades_csv_runs_no_formula():
    text = grades_csv([result("=1+1"), result("ok", reason='a "quoted", reason\nof two lines')])
    assert "'=1+1" in text and text.count("\n") == 3
    assert cell_text("@x") == "'@x" and cell_text("x@y") == "x@y"


def test_histogram_counts_everyone():
    text = histogram_text([result(passed=(n % 2 == 0, True)) for n in range(9)])
    assert "9 students" in text and text.count("#") == 9
