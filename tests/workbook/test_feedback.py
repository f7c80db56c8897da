"""What a check shows: marks and words, escaped."""

import re

from posenet_lib.workbook.feedback import NOT_ATTEMPTED, PASSED, RAISED, WRONG, CheckReport, CheckResult, Paragraph, say
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


def test_a_paragraph_is_wrapped_text_and_markdown_with_its_code():
    said = "Hint: use `x_1 < y`, *not* 2 * x or __init__ of <q1, q2>, in C:\\_a, for $5 and $6. " + "And on. " * 20
    shown = Paragraph(said)._repr_mimebundle_()
    assert set(shown) == {"text/plain", "text/markdown"}
    plain = shown["text/plain"]
    assert max(map(len, plain.splitlines())) <= 100
    assert " ".join(plain.split()) == said.strip(), "a terminal shows what was said"
    assert shown["text/markdown"].startswith(
        r"Hint: use `x_1 < y`, *not* 2 \* x or \_\_init\_\_ of &lt;q1, q2>, in C:\\\_a, for \$5 and \$6. And on."
    )
    assert "\n" not in shown["text/markdown"], "the page breaks the lines"


def test_outside_of_a_notebook_it_is_printed(capsys):
    say("use `x`")
    assert capsys.readouterr().out == "use `x`\n"
