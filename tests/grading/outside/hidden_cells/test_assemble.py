"""The notebook that is graded."""

import nbformat

from posenet_lib.grading.outside.hidden_cells.assemble import ExpectedOutput, assemble, others_used
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions

QUESTIONS = load_questions()


def expected_for(data):
    return {group.name: ExpectedOutput([[0]], f"secret of {group.name}\n") for group in data.groups}


def test_assembled_notebook_has_only_ours_and_one_cell_of_theirs():
    data = QUESTIONS[1]
    answer = "# NBVAL_SKIP\n%%script true\nanything 'at' all"
    notebook = assemble(data, answer, QUESTIONS, expected_for(data))
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == ["setup", "head_loss", *(f"probe_{g.name}" for g in data.groups)]
    assert notebook.cells[1].source == answer
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert all(cell.execution_count is None and not cell.outputs for cell in notebook.cells[:2])
    assert all(cell.execution_count == 1 and len(cell.outputs) == 1 for cell in notebook.cells[2:])


def test_no_cell_source_holds_an_expected_output():
    for data in QUESTIONS:
        for cell in assemble(data, data.reference, QUESTIONS, expected_for(data)).cells:
            assert "secret of" not in cell.source


def test_reference_stands_in_for_earlier_questions_that_are_used():
    first, second, third = QUESTIONS
    assert others_used(third, third.reference, QUESTIONS) == [second]
    assert others_used(third, "class PoseLoss: pass", QUESTIONS) == []
    assert others_used(second, "uses PoseLoss and head_loss_old", QUESTIONS) == []
    assert others_used(third, "generate_mean_image head_loss", QUESTIONS) == [first, second]
