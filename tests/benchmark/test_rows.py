"""Rows, and how they are measured."""

from posenet_lib.benchmark.rows import Row, alternate, cost_row, rate_row, table


def test_rows_and_their_table():
    faster, cheaper = rate_row("steps", 10, 33, "photos/s", 3.0), cost_row("waiting", 8.0, 2.0, "s", None, "a note")
    assert (faster.ratio, cheaper.ratio) == (3.3, 4.0)
    text = table([faster, cheaper, Row("grading", None, 30.0, "a minute", None, None)])
    assert "3.30" in text
    assert "a note" in text
    assert "nan" not in text.lower()
    assert "None" not in text


def test_ways_are_run_in_turns():
    order = []
    seconds = alternate(lambda: order.append("a"), lambda: order.append("b"), repeats=2)
    assert order == ["a", "b"] * 3, "one round to warm up, then two"
    assert len(seconds) == 2
