"""Hidden inputs are other ones in each run and for each student; scores are not."""

import json
from dataclasses import replace

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.grade_class import ClassGrading, grade_class
from posenet_lib.grading.outside.grade_one import Course
from posenet_lib.grading.outside.hidden_cells import expected_outputs as expected_outputs_module
from posenet_lib.grading.outside.hidden_cells.expected_outputs import expected_outputs
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions, modules_to_preload
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.sandbox import Sandbox, SandboxDied
from posenet_lib.grading.outside.results import load_result
from posenet_lib.workbook.notebook_files import fill_answers, read_notebook
from tests.support.places import NOTEBOOKS, RIGHT_ANSWERS, SOLUTIONS, WRONG_ANSWERS

WRONG_HEAD = (
    "from posenet_lib.workbook import answer\n\n@answer\ndef head_loss(predicted, target, beta):\n"
    "    return ((predicted.position_m - target.position_m).norm(dim=1) + beta * "
    "(predicted.quaternion_wxyz - target.quaternion_wxyz).norm(dim=1)).mean()\n"
)


@pytest.fixture(scope="module")
def sandbox():
    made = Sandbox(modules_to_preload())
    try:
        made.start()
    except WorkbookError as error:
        pytest.skip(str(error))
    yield made
    made.close()


def write(folder, answers: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name in ("01_mean_image.ipynb", "04_loss.ipynb"):
        notebook = read_notebook(NOTEBOOKS / name)
        fill_answers(notebook, answers)
        (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


def test_every_hidden_cell_shows_other_numbers_for_another_seed(sandbox, tmp_path):
    made = [expected_outputs(load_questions(), sandbox, tmp_path / str(seed), seed) for seed in (1, 1, 2)]
    assert made[0] == made[1]
    for grade_id, cells in made[0].items():
        for name, output in cells.items():
            other = made[2][grade_id][name]
            assert output.text != other.text and output.kinds == other.kinds
            assert len(output.kinds) == len(output.text.split("\n")) and all(output.kinds)
            assert all(len(indices) >= 3 for indices in output.chosen), (grade_id, name)


def test_each_student_has_inputs_of_their_own(sandbox):
    course = Course(load_questions(), {}, Limits(), seed=5)
    ada, again, bob = (course.of_student(name, sandbox) for name in ("ada", "ada", "bob"))
    assert ada.seed == again.seed and ada.expected == again.expected
    assert ada.seed != bob.seed != course.seed
    for grade_id, cells in ada.expected.items():
        assert all(cells[name].text != bob.expected[grade_id][name].text for name in cells)
    assert replace(course, seed=6).of_student("ada", sandbox).seed != ada.seed


@pytest.mark.parametrize("what", ["late", "dead"])
def test_a_reference_that_does_not_run_to_its_end_is_named_before_anybody_is_graded(what, sandbox, monkeypatch):
    said = "generate_mean_image fails in setup: it took longer"
    if what == "late":
        monkeypatch.setattr(expected_outputs_module, "REFERENCE_LIMITS", Limits(cell_seconds=0))
    else:
        sandbox, said = DeadSandbox(), "generate_mean_image was not run to its end: no answer"
    with pytest.raises(WorkbookError, match=f"the reference of {said}"):
        expected_outputs(load_questions(), sandbox, kept=False)


class DeadSandbox:
    def start_kernel(self, limits):
        raise SandboxDied("no answer")


@pytest.mark.slow
def test_results_keep_the_seed_and_whoever_is_graded_again_gets_the_same_inputs(tmp_path):
    write(tmp_path / "class" / "right", SOLUTIONS)
    write(tmp_path / "class" / "wrong", SOLUTIONS | {"head_loss": WRONG_HEAD})

    def run(**options) -> tuple[ClassGrading, dict[str, float]]:
        grading = ClassGrading(
            tmp_path / "class", tmp_path / "out", expected_outputs_cache=tmp_path / "made", **options
        )
        return grading, {result.student: result.points for result in grade_class(grading)}

    first, points = run()
    assert points == {"right": 10, "wrong": 9} and first.graded_now == 2
    seeds = {load_result(tmp_path / "out" / "results", name).seed for name in points}
    assert len(seeds) == 1 and None not in seeds
    again, points_again = run(regrade=["wrong"])
    assert points_again == points and again.graded_now == 1
    assert load_result(tmp_path / "out" / "results", "wrong").seed in seeds
    other, other_points = run(seed=12345)
    assert other_points == points and other.graded_now == 2
    assert load_result(tmp_path / "out" / "results", "wrong").seed == 12345


@pytest.mark.slow  # all right and wrong answers: five minutes
@pytest.mark.parametrize("seed", [101])
def test_scores_of_all_answers_do_not_depend_on_the_seed(seed, tmp_path):
    cases = {}
    for kind, answers in (("right", RIGHT_ANSWERS), ("wrong", WRONG_ANSWERS)):
        for name, files in answers.items():
            for file in files:
                student = f"{kind}_{name}_{file.stem}"
                write(tmp_path / "class" / student, {name: file.read_text(encoding="utf-8")})
                cases[student] = (name, file)
    results = grade_class(ClassGrading(tmp_path / "class", tmp_path / "out", seed=seed))
    off = {}
    for result in results:
        name, file = cases[result.student]
        row = next(row for row in result.questions if row.grade_id == name)
        text = file.read_text(encoding="utf-8")
        loses = [line.removeprefix("# loses: ") for line in text.splitlines() if line.startswith("# loses: ")]
        lost = ", ".join(group.name for group in row.groups if not group.passed)
        if [lost] != (loses or [""]):
            off[result.student] = (lost, loses, row.reason)
    assert not off
