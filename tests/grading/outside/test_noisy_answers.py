"""Right answers that print, log, or change settings of the whole process: full points, as none of that is compared.

They are not in `tests/questions/*/right`, whose answers other tests run in their own process.
"""

import json

import pytest

from posenet_lib import cli
from posenet_lib.grading.outside.grade_class import ClassGrading, grade_class
from posenet_lib.workbook.notebook_files import fill_answers, read_notebook
from tests.support.places import GRADED, NOTEBOOKS, ROOT, SOLUTIONS
from tests.support.sandboxes import skip_without_sandbox

NOISY = {name: sorted((ROOT / "tests" / "grading" / "noisy" / name).glob("*.py")) for name in GRADED}
NOTEBOOK_OF = {"generate_mean_image": "01_mean_image.ipynb", "head_loss": "04_loss.ipynb", "PoseLoss": "04_loss.ipynb"}
UNFINISHED = {
    "head_loss": "from posenet_lib.workbook import answer\n\n@answer\ndef head_loss(predicted, target, beta):\n"
    "    print('begun')\n    raise NotImplementedError\n",
    "PoseLoss": "from torch import nn\nfrom posenet_lib.workbook import answer\n\n@answer\nclass PoseLoss(nn.Module):\n"
    "    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):\n        super().__init__()\n\n"
    "    def combine(self):\n        raise NotImplementedError\n\n"
    "    def forward(self, output, target):\n        return self.combine()\n",
}
KOREAN = (
    "from posenet_lib.workbook import answer\n\n@answer\ndef head_loss(predicted, target, beta):\n"
    "    raise ValueError('잘못된 값입니다: 쿼터니언의 길이가 1이 아닙니다. ' * 12)\n"
)


def write(folder, answers: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name in set(NOTEBOOK_OF.values()):
        notebook = read_notebook(NOTEBOOKS / name)
        fill_answers(notebook, answers)
        (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    skip_without_sandbox()
    tmp = tmp_path_factory.mktemp("noisy")
    for index in range(max(map(len, NOISY.values()))):
        chosen = {name: files[index % len(files)].read_text(encoding="utf-8") for name, files in NOISY.items()}
        write(tmp / "class" / f"noisy{index}", chosen)
    for name, source in UNFINISHED.items():
        write(tmp / "class" / f"unfinished_{name}", SOLUTIONS | {name: source})
    write(tmp / "class" / "korean", SOLUTIONS | {"head_loss": KOREAN})
    results = grade_class(ClassGrading(tmp / "class", tmp / "out", seed=11, expected_outputs_cache=tmp / "made"))
    return {result.student: result for result in results}, tmp


def question(result, name):
    return next(row for row in result.questions if row.grade_id == name)


def test_noise_costs_nothing(graded):
    results, _ = graded
    noisy = [result for name, result in results.items() if name.startswith("noisy")]
    assert len(noisy) >= 5
    lost = {r.student: [(q.grade_id, q.reason) for q in r.questions if q.points < q.max_points] for r in noisy}
    assert {r.points for r in noisy} == {10}, lost


@pytest.mark.parametrize("name", UNFINISHED)
def test_grading_and_the_self_check_agree_that_nothing_was_attempted(name, graded, tmp_path, capfd):
    results, tmp = graded
    row = question(results[f"unfinished_{name}"], name)
    assert (row.status, row.points, row.reason) == ("not attempted", 0, "not attempted")
    assert cli.main(["grade", "--self", str(tmp / "class" / f"unfinished_{name}" / NOTEBOOK_OF[name])]) == 1
    assert f"{name}: not attempted yet" in capfd.readouterr().out


def test_messages_in_korean_keep_every_check_line(graded):
    results, tmp = graded
    row = question(results["korean"], "head_loss")
    assert row.status == "graded" and len(row.checks) > 8
    assert any("쿼터니언" in line.message for line in row.checks)
    assert "쿼터니언" in (tmp / "out" / "feedback" / "korean.html").read_text(encoding="utf-8")


def test_the_self_check_of_a_notebook_that_logs(graded, capfd):
    _, tmp = graded
    for name, count in (("04_loss.ipynb", 2), ("01_mean_image.ipynb", 1)):
        assert cli.main(["grade", "--self", str(tmp / "class" / "noisy0" / name)]) == 0
        shown = capfd.readouterr()
        assert shown.out.count(" is done.") == count and "Traceback" not in shown.out + shown.err
