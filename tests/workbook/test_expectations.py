"""What the text says to expect is tested after its cell, with the notebook's names; the report names what failed."""

import nbformat
import numpy as np
import pytest

from posenet_lib.workbook.expectations import FALSE, NOT_HERE, TRUE, Expectations, Outcome, judge
from posenet_lib.workbook.walkthrough import run_notebooks


@pytest.mark.parametrize(
    ("holds", "when", "verdict", "found"),
    [
        ("x == 3", "True", TRUE, ""),
        ("x == 4", "True", FALSE, "x == 4 is false (x is 3)"),
        ("x == 4", "x > 5", NOT_HERE, ""),
        ("x > 2 and x * 2 < values.max()", "True", FALSE, "(x * 2 is 6; values.max() is 5.0)"),
        ("(values > 2).all()", "True", FALSE, "(values > 2).all() is false"),
        ("gone > 2", "True", FALSE, "could not be tested: NameError"),
        ("numbers[9] > 2", "True", FALSE, "could not be tested: IndexError"),
        ("x == 3", "gone", FALSE, "could not be tested: NameError"),
        ("numbers == [1, -2.5, 1220, 1e-7]", "True", TRUE, ""),
        ("'walk01' in printed", "True", TRUE, ""),
    ],
)
def test_a_claim_is_judged_by_the_notebooks_names(holds, when, verdict, found):
    names = {"x": 3, "values": np.array([1.0, 5.0])}
    outcome = judge({"claim": "three", "holds": holds, "when": when}, names, "1 and -2.5 m, walk01, 1,220 and 1e-7\n")
    assert outcome.verdict == verdict
    assert found in outcome.found


def test_the_report_counts_and_names():
    kept, broken, away = Outcome("a", TRUE), Outcome("b falls", FALSE, "b is 3"), Outcome("c", NOT_HERE)
    found = Expectations({("05_training", "curves"): [kept, broken], ("06_visualization", "table"): [away]})
    assert found.failed == [("05_training", "curves", broken)]
    assert "1 of 2 came true; 1 speak" in str(found)
    assert "05_training, cell curves: 'b falls': b is 3" in str(found)


def test_a_walkthrough_asks_each_cell_after_it_has_run(tmp_path, monkeypatch):
    """In a clone of one notebook, with a real kernel."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "environment.yml").write_text("")
    promise = [
        {"claim": "7 apples", "holds": "apples == 7 and numbers == [7]"},
        {"claim": "more pears", "holds": "pears > apples"},
        {"claim": "a 'quoted' \"name\"\n", "holds": "printed == \"7 'apples'\\n\""},
    ]
    first = nbformat.v4.new_code_cell("apples, pears = 7, 5\nprint(\"7 'apples'\")", id="fruit")
    first.metadata.posenet = {"expect": promise}
    then = nbformat.v4.new_code_cell("apples = 8", id="later")  # what was asked leaves no trace
    then.metadata.posenet = {"expect": [{"claim": "8", "holds": "apples == 8"}]}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Fruit"), first, then])
    nbformat.write(notebook, tmp_path / "notebooks" / "00_start_here.ipynb")
    monkeypatch.chdir(tmp_path)
    walk = run_notebooks(tmp_path / "out", {})
    assert {cell: [one.verdict for one in found] for (_, cell), found in walk.outcomes.items()} == {
        "fruit": [TRUE, FALSE, TRUE],
        "later": [TRUE],
    }
    (failed,) = walk.expectations.failed
    assert failed[:2] == ("00_start_here", "fruit")
    assert failed[2].found == "pears > apples is false (pears is 5; apples is 7)"
    executed = nbformat.read(tmp_path / "out" / "notebooks" / "00_start_here.ipynb", as_version=4)
    assert [cell.execution_count for cell in executed.cells[1:]] == [1, 2]
