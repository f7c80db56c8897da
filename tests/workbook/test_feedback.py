"""What a check shows: marks and words, escaped."""

import re

from posenet_lib.workbook.feedback import NOT_ATTEMPTED, PASSED, RAISED, WRONG, CheckReport, CheckResult
from posenet_lib.workbook.questions import QUESTIONS


def test_html_has_marks_and_words_and_escapes():
    results = (
        CheckResult("a <b>", PASSED),
        CheckResult("b", WRONG, "use `x < y`", "use"),
        CheckResult("c", RAISED, "boom", "boom"),
        CheckResult("d", WRONG, "use `x < y` again", "use"),
        CheckResult("e", NOT_ATTEMPTED, "stub", "stub"),
    )
    page = CheckReport(QUESTIONS[0], results, "<script>")._repr_html_()
    for shown in (
        "✔ passed",
        "✘ wrong",
        "! raised",
        "○ not attempted",
        "<code>x &lt; y</code>",
        "a &lt;b&gt;",
        "&lt;script&gt;",
    ):
        assert shown in page
    assert "<script>" not in page
    assert "The same cause as in" in page
    text_colours = re.findall(r"(?<![-\w])(?:color|background[-\w]*):([^;\"]+)", page)
    assert set(text_colours) == {"inherit"}, "text takes the theme's colour"
