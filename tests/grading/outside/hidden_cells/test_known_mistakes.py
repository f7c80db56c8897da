"""What a known mistake costs stands in its file, and a slip there is named."""

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hidden_cells.known_mistakes import read_mistakes
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions

CELLS = ("layout", "mean", "details")
GOOD = "# expect: batches of 4 photos\n# loses: mean, details\n# costs: mean\n# also: 4 -> 8, 16\nx = f4(4, 14, 0.4)\n"


def write(folder, text, name="one.py"):
    (folder / name).write_text(text)
    return folder


def test_the_numbers_of_also_are_put_in_as_whole_numbers(tmp_path):
    first, eight, sixteen = read_mistakes(write(tmp_path, GOOD), CELLS)
    assert first.name == "one" and first.costs == eight.costs == ("mean",)
    assert "x = f4(8, 14, 0.4)" in eight.source and eight.message == "batches of 8 photos"
    assert "x = f4(16, 14, 0.4)" in sixteen.source


def test_an_answer_without_costs_is_no_known_mistake(tmp_path):
    assert read_mistakes(write(tmp_path, GOOD.replace("# costs: mean\n", "")), CELLS) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# costs: mean", "# costs: means", "has to name some of those in '# loses: mean, details'"),
        ("# costs: mean", "# costs: layout", "has to name some of those"),
        ("# costs: mean", "# costs: mean, details", "not all of them"),  # then the line says nothing
        ("# loses: mean, details", "# loses: mean, other", "the hidden cells are layout, mean, details"),
        ("# expect: batches of 4 photos\n", "", "needs a line '# expect:"),
        ("# also: 4 -> 8, 16", "# also: 8, 16", "has to be like '# also: 4 -> 2, 8, 16'"),
        ("# also: 4 -> 8, 16", "# also: 5 -> 8, 16", "with a number of the code first"),
    ],
)
def test_a_wrong_header_is_named_with_its_file(tmp_path, old, new, said):
    assert old in GOOD
    with pytest.raises(WorkbookError, match=r"one\.py: ") as error:
        read_mistakes(write(tmp_path, GOOD.replace(old, new)), CELLS)
    assert said in str(error.value)


def test_every_graded_question_has_many_and_none_is_free():
    for data in load_questions():
        assert len(data.mistakes) > 25
        assert all(known.costs for known in data.mistakes)
