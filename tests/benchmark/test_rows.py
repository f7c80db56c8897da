"""The table, and what it says about the claims."""

from posenet_lib.benchmark.rows import Row, cost_row, rate_row, table, verdict

FASTER, CHEAPER = rate_row("steps", 10, 33, "photos/s", 3.0), cost_row("waiting", 8.0, 2.0, "s", None, "a note")


def test_rows_and_their_table():
    assert (FASTER.ratio, CHEAPER.ratio) == (3.3, 4.0)
    text = table([FASTER, CHEAPER, Row("grading", None, 30.0, "a minute", None, None)])
    assert "3.30" in text
    assert "a note" in text
    assert "nan" not in text.lower()
    assert "None" not in text


def test_the_verdict_counts_the_rows_that_claim_something():
    assert verdict([FASTER, CHEAPER]).startswith("1 of 1 claims")
    text = verdict([FASTER, CHEAPER, rate_row("crops", 10, 15, "photos/s", 2.0)])
    assert text.startswith("1 of 2 claims")
    assert "crops: 1.50 in place of 2.00 (25 % less)" in text
    assert "steps" not in text
    assert "No row" in verdict([CHEAPER])
