"""The class's tables."""

from posenet_lib.grading.outside.hand_ins.plain_text import cell_text
from posenet_lib.grading.outside.pages.report import grades_csv, histogram_text
from tests.support.results import a_result


def test_grades_csv_runs_no_formula():
    text = grades_csv([a_result("=1+1"), a_result("ok", reason='a "quoted", reason\nof two lines')])
    assert "'=1+1" in text and text.count("\n") == 3
    assert cell_text("@x") == "'@x" and cell_text("x@y") == "x@y"


def test_histogram_counts_everyone():
    text = histogram_text([a_result(passed=(n % 2 == 0, True)) for n in range(9)])
    assert "9 students" in text and text.count("#") == 9
