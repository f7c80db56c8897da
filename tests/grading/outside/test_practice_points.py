"""One number in a question's own folder makes practice count: in grading, in the bundle, in what is handed in."""

import json
import re
import shutil

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.grade_class import ClassGrading, grade_class
from posenet_lib.grading.outside.hand_ins.hand_in import hand_in
from posenet_lib.grading.outside.hidden_cells import question_data
from posenet_lib.grading.outside.pages.gradescope import gradescope_json
from posenet_lib.grading.outside.results import GRADED as GRADED_STATUS
from posenet_lib.grading.outside.results import GroupResult, QuestionResult
from posenet_lib.grading.release.release import with_points
from posenet_lib.workbook.notebook_files import fill_answers, read_notebook
from tests.support.places import ANSWERS, GRADED, NOTEBOOKS, PRACTICE_NAMES, SOLUTIONS
from tests.support.sandboxes import skip_without_sandbox

NAME = "rotation_error_deg"
WRONG = (ANSWERS / NAME / "wrong" / "no_absolute_value.py").read_text(encoding="utf-8")


@pytest.fixture
def give_points(tmp_path, monkeypatch):
    """Write the line `# points:` of some questions, in a copy of their folders."""

    def give(**points: object) -> None:
        folder = tmp_path / "questions"
        for name in (*GRADED, *PRACTICE_NAMES):
            (folder / name).mkdir(parents=True, exist_ok=True)
            for file in ("solution.py", "probes.py"):
                shutil.copyfile(ANSWERS / name / file, folder / name / file)
        for name, number in points.items():
            file = folder / name / "probes.py"
            text = re.sub(r"^# points: .*$", f"# points: {number}", file.read_text(encoding="utf-8"), flags=re.M)
            file.write_text(text, encoding="utf-8")
        monkeypatch.setattr(question_data, "questions_dir", lambda: folder)
        question_data.all_questions.cache_clear()

    yield give
    question_data.all_questions.cache_clear()


def test_without_points_only_the_todos_are_graded(give_points):
    given = [(data.grade_id, data.points, data.groups) for data in question_data.load_questions()]
    assert [name for name, *_ in given] == GRADED
    assert sum(points for _, points, _ in given) == 10
    give_points(**{NAME: 3})
    assert [(d.grade_id, d.points, d.groups) for d in question_data.load_questions()[:-1]] == given


def test_the_hidden_cells_share_the_points(give_points):
    give_points(to_network_input=2)
    data = question_data.load_questions()[-1]
    assert (data.grade_id, data.points) == ("to_network_input", 2)
    assert [(group.name, group.points) for group in data.groups] == [
        ("values", pytest.approx(4 / 3)), ("form", pytest.approx(2 / 3)),
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["1", "0.1", "2.2"])
def test_all_parts_together_are_the_whole(number, give_points):
    """Thirds and sixths of a point too, or a right answer would count as one that has lost something."""
    give_points(**dict.fromkeys(PRACTICE_NAMES, number))
    practice = question_data.load_questions()[len(GRADED) :]
    assert len(practice) == len(PRACTICE_NAMES)
    for data in practice:
        groups = [GroupResult(group.name, group.title, group.points, True, group.lost) for group in data.groups]
        assert QuestionResult(data.grade_id, None, "", data.points, GRADED_STATUS, groups=groups).points == data.points


@pytest.mark.parametrize("number", ["-1", "many", "1e9", "nan"])
def test_a_number_that_can_not_be_is_refused(number, give_points):
    give_points(**{NAME: number})
    with pytest.raises(WorkbookError, match=rf"{NAME}/probes\.py: the line '# points: {re.escape(number)}' needs"):
        question_data.load_questions()


def test_the_students_notebooks_carry_the_points(give_points, tmp_path):
    pristine = json.loads((NOTEBOOKS / "06_visualization.ipynb").read_text(encoding="utf-8"))
    assert not with_points(json.loads(json.dumps(pristine)))
    give_points(**{NAME: 3})
    notebook = json.loads(json.dumps(pristine))
    assert with_points(notebook)
    check = next(cell for cell in notebook["cells"] if cell["id"] == f"check_{NAME}")
    assert check["metadata"]["nbgrader"]["points"] == 3
    assert check["source"] == f"check({NAME}, required=True)"
    folder = tmp_path / "notebooks"
    shutil.copytree(NOTEBOOKS, folder)
    assert NAME not in hand_in(folder, tmp_path / "without.zip", run_checks=False)
    (folder / "06_visualization.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    said = hand_in(folder, tmp_path / "with.zip", run_checks=False)
    assert f"Practice {NAME} in 06_visualization.ipynb: not attempted" in said


@pytest.mark.slow
def test_practice_with_points_is_graded(give_points, tmp_path):
    """A right answer, a wrong one and none; without points all three have what they had."""
    skip_without_sandbox()
    for student, source in {"right": SOLUTIONS[NAME], "wrong": WRONG, "none": None}.items():
        folder = tmp_path / "class" / student
        folder.mkdir(parents=True)
        for name in ("01_mean_image.ipynb", "04_loss.ipynb", "06_visualization.ipynb"):
            notebook = read_notebook(NOTEBOOKS / name)
            fill_answers(notebook, {**{name: SOLUTIONS[name] for name in GRADED}, **({NAME: source} if source else {})})
            (folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    scores = {}
    for points in (0, 4):
        give_points(**{NAME: points})
        grading = ClassGrading(tmp_path / "class", tmp_path / f"out{points}", expected_outputs_cache=tmp_path / "made")
        results = grade_class(grading)
        scores[points] = {result.student: (result.points, result.max_points) for result in results}
    assert scores[0] == {"none": (10, 10), "right": (10, 10), "wrong": (10, 10)}
    assert scores[4] == {"none": (10, 14), "right": (14, 14), "wrong": (13, 14)}
    document = json.loads(gradescope_json(results[-1]))
    assert document["score"] == 13
    assert sum(test["max_score"] for test in document["tests"]) == 14
