"""The checks are tested themselves: untouched stub, reference, other correct styles, wrong answers, raising answers."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.workbook import CheckFailed, check, load_answer, run_checks
from posenet_lib.workbook.feedback import NOT_ATTEMPTED, RAISED, WRONG, CheckReport
from posenet_lib.workbook.questions import BY_ID
from tests.support.places import ANSWERS, GRADED, RIGHT_ANSWERS, SOLUTIONS, WRONG_ANSWERS, question_of

WRONG_FILES = list(itertools.chain(*WRONG_ANSWERS.values()))
NO_CELL_OF_ITS_OWN = "names_from_the_notebook"
RIGHT_FILES = [file for file in itertools.chain(*RIGHT_ANSWERS.values()) if file.stem != NO_CELL_OF_ITS_OWN]
NAMES = GRADED

IMPORTS = """import numpy as np
import torch
from torch import nn
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer
"""
STUBS = {
    "generate_mean_image": "def generate_mean_image(photos, smaller_side=256):\n    raise NotImplementedError\n",
    "head_loss": "def head_loss(predicted, target, beta):\n    raise NotImplementedError\n",
    "PoseLoss": (
        "class PoseLoss(nn.Module):\n"
        "    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):\n"
        "        super().__init__()\n        raise NotImplementedError\n\n"
        "    def forward(self, output, target):\n        raise NotImplementedError\n"
    ),
}


@pytest.fixture
def define(tmp_path):
    """Source of an answer -> the function or class, with the reference for the answers it uses."""

    def run(name: str, source: str) -> object:
        for other in NAMES:
            (tmp_path / f"{other}.py").write_text(SOLUTIONS[other], encoding="utf-8")
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        return load_answer(name, tmp_path)

    return run


def define_stub(name: str) -> object:
    namespace = {}
    exec(IMPORTS.replace("from posenet_lib.workbook import answer\n", "") + STUBS[name], namespace)
    return namespace[name]


def outcomes(report: CheckReport) -> set[str]:
    return {result.outcome for result in report.results}


@pytest.mark.parametrize("name", NAMES)
def test_untouched_stub_is_not_attempted(name):
    report = run_checks(define_stub(name))
    assert outcomes(report) == {NOT_ATTEMPTED}
    assert report.summary == f"{name}: not attempted yet."
    assert report.text.count("Replace that line") == 1


@pytest.mark.parametrize("name", NAMES)
def test_reference_passes(name, capsys):
    check(load_answer(name, ANSWERS))
    shown = capsys.readouterr().out
    assert f"TODO {BY_ID[name].number} is done" in shown
    assert "advice" not in shown


def _header(file: Path, key: str) -> str | None:
    found = re.search(rf"^# {key}: (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else None


@pytest.mark.parametrize("file", WRONG_FILES, ids=lambda file: f"{question_of(file)}-{file.stem}")
def test_wrong_answer_gets_its_message(file, define):
    report = run_checks(define(question_of(file), file.read_text(encoding="utf-8")))
    expected = _header(file, "expect")
    found = [result for result in report.results if expected in result.message]
    assert found, f"expected '{expected}' in:\n{report.text}"
    assert found[0].outcome == (_header(file, "outcome") or WRONG)
    assert not report.passed
    sub_check = _header(file, "sub-check")
    assert sub_check is None or sub_check in [result.name for result in found]
    # What a student reads first names the cause, not a follow-up of it.
    assert expected in str(report.failure()), report.text


@pytest.mark.parametrize("file", RIGHT_FILES, ids=lambda file: f"{question_of(file)}-{file.stem}")
def test_right_answer_in_another_style_passes(file, define):
    report = run_checks(define(question_of(file), file.read_text(encoding="utf-8")))
    assert report.passed, report.text


def test_there_are_enough_wrong_answers():
    for name in NAMES:
        files = WRONG_ANSWERS[name]
        assert len(files) >= 16
        assert all(file.read_text(encoding="utf-8").startswith("# expect: ") for file in files)


MEAN_IMAGE_STYLES = {
    "float32 sum": "total = 0\n    for n, p in enumerate(photos, 1):\n"
    "        total = total + np.asarray(resize_smaller_side(p, smaller_side), np.float32)\n    return total / n",
    "stacked": "return np.stack([np.asarray(resize_smaller_side(p, smaller_side)) for p in photos])"
    ".mean(axis=0).astype('float32')",
    "running mean": "mean = 0.0\n    for n, p in enumerate(photos, 1):\n"
    "        mean = mean + (np.array(resize_smaller_side(p, smaller_side), dtype=float) - mean) / n\n"
    "    return np.float32(mean)",
    "int64 sum": "total = 0\n    for n, p in enumerate(photos, 1):\n"
    "        total = total + np.asarray(resize_smaller_side(p, smaller_side)).astype(np.int64)\n"
    "    return (total / n).astype(np.float32)",
    "torch": "images = [torch.from_numpy(np.array(resize_smaller_side(p, smaller_side))).double() for p in photos]\n"
    "    return torch.stack(images).mean(dim=0).float().numpy()",
    "torchvision": "from torchvision.transforms.functional import resize\n"
    "    images = [np.asarray(resize(p, smaller_side), dtype=np.float64) for p in photos]\n"
    "    return (sum(images) / len(images)).astype(np.float32)",
    "by hand": "total, n = None, 0\n    for p in photos:\n        s = smaller_side / min(p.size)\n"
    "        w, h = (int(side * smaller_side / min(p.size)) for side in p.size)\n"
    "        a = np.asarray(p.resize((w, h), 2), dtype=np.float64)\n"
    "        total = a if total is None else total + a\n        n += 1\n    return (total / n).astype(np.float32)",
}
UNIT = "u = target.quaternion_wxyz / target.quaternion_wxyz.norm(dim=1, keepdim=True)\n    "
HEAD_LOSS_STYLES = {
    "loop": UNIT + "losses = [torch.norm(predicted.position_m[i] - target.position_m[i]) + beta * "
    "torch.norm(predicted.quaternion_wxyz[i] - u[i]) for i in range(len(u))]\n    return sum(losses) / len(losses)",
    "float64": UNIT + "p = (predicted.position_m.double() - target.position_m.double()).norm(dim=-1)\n"
    "    q = (predicted.quaternion_wxyz.double() - u.double()).norm(dim=-1)\n    return (p + beta * q).mean()",
    "pairwise": "q = nn.functional.normalize(target.quaternion_wxyz)\n"
    "    d = nn.PairwiseDistance(eps=0)\n"
    "    return d(predicted[0], target[0]).mean() + beta * d(predicted[1], q).mean()",
    "square root": UNIT + "(x, q), (y, _) = predicted, target\n"
    "    return (((x - y) ** 2).sum(1).sqrt() + beta * ((q - u) ** 2).sum(1).sqrt()).mean()",
    "einsum": UNIT + "d, e = predicted[0] - target[0], predicted[1] - u\n"
    "    return (torch.einsum('bi,bi->b', d, d) ** 0.5 + beta * torch.einsum('bi,bi->b', e, e) ** 0.5).mean()",
}
INIT = (
    "    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):\n"
    "        super().__init__()\n        self.beta, self.w = beta, head_weights\n\n"
    "    def forward(self, output, target):\n"
)
POSE_LOSS_STYLES = {
    "list": INIT + "        heads = zip(self.w, (output.aux1, output.aux2, output.main))\n"
    "        return sum(w * head_loss(h, target, self.beta) for w, h in heads if h is not None)\n",
    "own formula": INIT + "        q = nn.functional.normalize(target[1], dim=1)\n        total = 0.0\n"
    "        for w, h in zip(self.w, (output[1], output[2], output[0])):\n            if h:\n"
    "                total = total + w * (torch.norm(h[0] - target[0], dim=1)\n"
    "                                     + self.beta * torch.norm(h[1] - q, dim=1)).mean()\n        return total\n",
    "buffers": INIT.replace("self.beta, self.w = beta, head_weights", "self.beta = beta\n        "
    "self.register_buffer('w', torch.tensor(head_weights))")
    + "        heads = dict(enumerate((output.aux1, output.aux2, output.main)))\n"
    "        return torch.stack([self.w[i] * head_loss(h, target, self.beta) for i, h in heads.items() if h]).sum()\n",
}  # fmt: skip
STYLES = [
    *(
        ("generate_mean_image", "def generate_mean_image(photos, smaller_side=256):\n    ", s)
        for s in MEAN_IMAGE_STYLES.items()
    ),
    *(("head_loss", "def head_loss(predicted, target, beta):\n    ", s) for s in HEAD_LOSS_STYLES.items()),
    *(("PoseLoss", "class PoseLoss(nn.Module):\n", s) for s in POSE_LOSS_STYLES.items()),
]


@pytest.mark.parametrize(("name", "head", "style"), STYLES, ids=[f"{name}-{style[0]}" for name, _, style in STYLES])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_other_correct_styles_pass(name, head, style, line_end, define):
    source = (IMPORTS + "@answer\n" + head + style[1] + "\n").replace("\n", line_end)
    report = run_checks(define(name, source))
    assert report.passed, report.text


def test_holding_all_photos_is_right_but_gets_advice(define):
    source = IMPORTS + "@answer\ndef generate_mean_image(photos, smaller_side=256):\n    "
    report = run_checks(define("generate_mean_image", source + MEAN_IMAGE_STYLES["stacked"] + "\n"))
    assert "in memory at the same time" in report.text


def test_square_root_is_right_but_gets_advice(define):
    source = IMPORTS + "@answer\ndef head_loss(predicted, target, beta):\n    "
    report = run_checks(define("head_loss", source + HEAD_LOSS_STYLES["square root"] + "\n"))
    assert report.passed
    assert "your gradient is NaN" in report.text


@pytest.mark.parametrize("name", NAMES)
def test_raising_answer_shows_the_students_line(name, define):
    source = SOLUTIONS[name]
    returns = list(re.finditer(r"^( +)return ", source, re.MULTILINE))[-1]
    line = source[: returns.start()].count("\n") + 1
    source = f"{source[: returns.start()]}{returns[1]}value = {{}}['missing']\n{source[returns.start() :]}"
    report = run_checks(define(name, source))
    assert outcomes(report) == {RAISED}
    assert f"KeyError: 'missing' in line {line} of " in report.results[0].message
    assert "`value = {}['missing']`" in report.results[0].message
    assert report.text.count("KeyError") == 1, "the same error is explained once"


def test_error_inside_a_library_is_shown_at_the_students_line(define):
    source = IMPORTS + "@answer\ndef generate_mean_image(photos, smaller_side=256):\n    return np.stack([])\n"
    message = run_checks(define("generate_mean_image", source)).results[0].message
    assert "line 8 of" in message and "`return np.stack([])`" in message


def test_wrong_signature_is_raised_at_the_call(define):
    source = IMPORTS + "@answer\ndef head_loss(predicted):\n    return 0\n"
    message = run_checks(define("head_loss", source)).results[0].message
    assert "takes 1 positional argument but 3 were given when the check called it" in message


def test_wrong_head_loss_is_named_as_the_cause(define, tmp_path):
    define("PoseLoss", SOLUTIONS["PoseLoss"])
    for wrong in ("mse", "beta_hard_coded"):
        (tmp_path / "head_loss.py").write_bytes((ANSWERS / "head_loss" / "wrong" / f"{wrong}.py").read_bytes())
        report = run_checks(load_answer("PoseLoss", tmp_path))
        assert "finish TODO 2" in str(report.failure())
    pose_loss = load_answer("PoseLoss", ANSWERS)
    pose_loss.forward.__globals__["head_loss"] = define_stub("head_loss")
    assert "finish TODO 2" in str(run_checks(pose_loss).failure())


@pytest.mark.parametrize("value", ["None", "'text'", "[[1, 2], [3]]", "{}", "object()", "float('nan')", "np.zeros(0)"])
@pytest.mark.parametrize("name", NAMES)
def test_any_type_of_result_gets_a_verdict(name, value, define):
    if name == "PoseLoss":
        source = (
            STUBS[name]
            .replace("        raise NotImplementedError\n\n", "\n")
            .replace("raise NotImplementedError", f"return {value}")
        )
    else:
        source = STUBS[name].replace("raise NotImplementedError", f"return {value}")
    report = run_checks(define(name, IMPORTS + "@answer\n" + source))
    assert report.results[0].outcome == WRONG, report.text


@pytest.mark.parametrize("dtype", ["object", "str", "bool", "complex64", "int8"])
def test_any_dtype_gets_a_verdict(dtype, define):
    source = SOLUTIONS["generate_mean_image"].replace("astype(np.float32)", f"astype('{dtype}')")
    assert WRONG in outcomes(run_checks(define("generate_mean_image", source)))


def test_nan_and_infinity_are_named(define):
    loss = IMPORTS + "@answer\ndef head_loss(predicted, target, beta):\n    return predicted[0].sum() * float('nan')\n"
    assert "The loss is nan" in run_checks(define("head_loss", loss)).text
    mean = SOLUTIONS["generate_mean_image"].replace("total / count", "total / 0")
    assert "contains" in str(run_checks(define("generate_mean_image", mean)).failure())


def test_prints_are_kept_short_and_do_not_disturb(define, capsys):
    source = SOLUTIONS["head_loss"]
    source = source.replace("    return", "    print('shape', position_error.shape, 'x' * 100_000)\n    return")
    report = run_checks(define("head_loss", source))
    assert report.passed
    assert "shape torch.Size([3])" in report.text
    assert len(report.text) < 3000
    assert capsys.readouterr().out == ""


def test_gradients_switched_off_in_the_notebook_do_not_matter():
    import torch

    with torch.no_grad():
        assert run_checks(load_answer("head_loss", ANSWERS)).passed
        assert run_checks(load_answer("PoseLoss", ANSWERS)).passed


def test_failure_is_short_and_has_no_stack(capsys):
    with pytest.raises(CheckFailed) as caught:
        check(define_stub("head_loss"))
    lines = caught.value._render_traceback_()
    assert len(lines) <= 5 and all(len(line) <= 100 for line in lines)
    assert "not attempted" in capsys.readouterr().out


def test_check_of_something_else_names_the_valid_answers():
    for thing in (print, lambda: None, 3, None, "mean"):
        with pytest.raises(WorkbookError, match=r"generate_mean_image, head_loss.* PoseLoss"):
            check(thing)
    with pytest.raises(WorkbookError, match="without quotes"):
        check("head_loss")
    with pytest.raises(WorkbookError, match="check the class itself"):
        check(load_answer("PoseLoss", ANSWERS)())


def test_notebook_01_needs_no_torch():
    code = (
        "import sys; from posenet_lib.workbook import answer, check, hint, load_answer, run_checks\n"
        f"assert run_checks(load_answer('generate_mean_image', {str(ANSWERS)!r})).passed\n"
        "assert 'torch' not in sys.modules and 'IPython' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
