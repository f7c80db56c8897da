"""An answer that loses hidden points fails a visible check, or reads for which kind of input it was lost."""

import json

import pytest

from posenet_lib.grading.outside.grade_class import ClassGrading, grade_class
from posenet_lib.workbook.notebook_files import fill_answers, read_notebook
from tests.support.places import NOTEBOOKS, SOLUTIONS
from tests.support.sandboxes import skip_without_sandbox

SLIPS: dict[str, tuple[str, str, str, str]] = {
    # name: the question, a line of the reference, what stands there instead, part of the sentence
    "first_64_photos": (
        "head_loss",
        "return (position_error + beta * orientation_error).mean()",
        "return (position_error + beta * orientation_error)[:64].mean()",
        "Here it was lost for: a batch of 65 photos.",
    ),
    "position_capped": (
        "head_loss",
        "dim=1)  # [B]\n    orientation",
        "dim=1).clamp(max=100)\n    orientation",
        "Here it was lost for: position errors of hundreds of metres.",
    ),
    "beta_at_least_one": ("PoseLoss", "self.beta = beta", "self.beta = max(beta, 1.0)", "beta 0; beta below 1"),
    "mean_of_batch_means": (
        "generate_mean_image",
        "    return (total / count).astype(np.float32)",
        "    return np.mean(means, axis=0).astype(np.float32)",
        "seven photos, a number that is no multiple of 2, 3, 4 or 5",
    ),
    "first_hundred": (
        "generate_mean_image",
        "for photo in photos:",
        "for photo in __import__('itertools').islice(photos, 100):",
        "421 bright photos, of which every single one counts",
    ),
    "raises_when_smaller": (
        "generate_mean_image",
        "for photo in photos:",
        "for photo in photos:\n        assert min(photo.size) >= smaller_side",
        "a photo that is smaller than smaller_side",
    ),
}


def answer(name: str) -> str:
    question, old, new, _ = SLIPS[name]
    source = SOLUTIONS[question]
    if name == "mean_of_batch_means":
        source = source.replace("total, count = 0.0, 0", "means, batch = [], []")
        source = source.replace("total = total + np", "batch.append(np").replace("dtype=np.float64)", "dtype=float))")
        source = source.replace(
            "        count += 1\n",
            "        if len(batch) == 4:\n            means.append(np.mean(batch, axis=0)); batch = []\n"
            "    if batch:\n        means.append(np.mean(batch, axis=0))\n",
        )
    assert old in source
    return source.replace(old, new)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    skip_without_sandbox()
    tmp = tmp_path_factory.mktemp("kinds")
    for name, (question, *_) in SLIPS.items():
        for file in ("01_mean_image.ipynb", "04_loss.ipynb"):
            notebook = read_notebook(NOTEBOOKS / file)
            fill_answers(notebook, {question: answer(name)})
            (tmp / "class" / name).mkdir(parents=True, exist_ok=True)
            (tmp / "class" / name / file).write_text(json.dumps(notebook), encoding="utf-8")
    results = grade_class(ClassGrading(tmp / "class", tmp / "out", seed=2, expected_outputs_cache=tmp / "made"))
    return {result.student: result for result in results}, tmp / "out"


@pytest.mark.parametrize("name", SLIPS)
def test_the_kind_of_input_is_named(name, graded):
    results, out = graded
    row = next(row for row in results[name].questions if row.grade_id == SLIPS[name][0])
    sentences = " ".join(group.lost for group in row.groups if not group.passed)
    assert 0 < row.points < row.max_points
    assert SLIPS[name][3] in sentences
    assert SLIPS[name][3] in (out / "feedback" / f"{name}.html").read_text(encoding="utf-8")
