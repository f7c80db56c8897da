"""Practice: each check and each hidden cell against the stub, the reference, other right styles and wrong answers."""

import functools
import re
from pathlib import Path

import pytest

from posenet_lib.grading.outside.hidden_cells.question_data import all_questions
from posenet_lib.workbook import CheckFailed, check, load_answer, run_checks
from posenet_lib.workbook.feedback import NOT_ATTEMPTED, WRONG
from posenet_lib.workbook.parts import own_or
from posenet_lib.workbook.questions import PRACTICE
from posenet_lib.workbook.walkthrough import choose_answers
from tests.support.places import (
    ANSWERS,
    GRADED,
    PRACTICE_NAMES,
    PRACTICE_RIGHT,
    PRACTICE_WRONG,
    SOLUTIONS,
    question_of,
)
from tests.support.probes import lost_groups

DATA = {data.grade_id: data for data in all_questions()}


def of(file: Path) -> str:
    return f"{question_of(file)}-{file.stem}"


WHOLE_NETWORKS = {"replace_classifiers"}  # seconds for each answer: in CI


def some_are_slow(files: list[Path], every: int) -> list:
    """Every so many of a question's answers always run, the others in CI."""
    params = []
    for name in PRACTICE_NAMES:
        for number, file in enumerate(one for one in files if question_of(one) == name):
            is_slow = number % every or name in WHOLE_NETWORKS
            params.append(pytest.param(file, marks=[pytest.mark.slow] if is_slow else [], id=of(file)))
    return params


def header(file: Path, key: str) -> str | None:
    found = re.search(rf"^# {key}: (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else None


@pytest.fixture
def define(tmp_path):
    """Source of an answer -> the function or class, as it is loaded from a folder of answers."""

    def run(name: str, source: str) -> object:
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        return load_answer(name, tmp_path)

    return run


@functools.cache
def reference(name: str) -> object:
    return load_answer(name, ANSWERS)


def stub(name: str) -> object:
    """As it is in the notebook; a stub can't be loaded as an answer."""
    namespace: dict[str, object] = {"__name__": "stub"}
    exec(DATA[name].stub.replace("@answer\n", ""), namespace)
    return namespace[name]


@pytest.mark.parametrize("name", PRACTICE_NAMES)
def test_an_untouched_stub_stops_nobody(name, capsys):
    report = run_checks(stub(name))
    assert {result.outcome for result in report.results} == {NOT_ATTEMPTED}
    check(stub(name))
    assert f"{name} is practice" in capsys.readouterr().out
    with pytest.raises(CheckFailed, match="not attempted"):
        check(stub(name), required=True)


@pytest.mark.parametrize("name", PRACTICE_NAMES)
def test_the_reference_passes(name, capsys):
    check(reference(name), required=True)
    shown = capsys.readouterr().out
    assert "Practice is done" in shown
    assert "advice" not in shown


@pytest.mark.parametrize("file", some_are_slow(PRACTICE_RIGHT, 3))
def test_a_right_answer_in_another_style_passes(file, define):
    answer = define(question_of(file), file.read_text(encoding="utf-8"))
    report = run_checks(answer)
    assert report.passed, report.text
    assert lost_groups(DATA[question_of(file)], reference(question_of(file)), answer, 7) == []


@pytest.mark.parametrize("file", some_are_slow(PRACTICE_WRONG, 5))
def test_a_wrong_answer_gets_its_message_and_loses_its_points(file, define):
    answer = define(question_of(file), file.read_text(encoding="utf-8"))
    report = run_checks(answer)
    expected = header(file, "expect")
    found = [result for result in report.results if expected in result.message]
    assert found, f"expected '{expected}' in:\n{report.text}"
    assert found[0].outcome == (header(file, "outcome") or WRONG), report.text
    sub_check = header(file, "sub-check")
    assert sub_check is None or sub_check in [result.name for result in found]
    assert expected in str(report.failure()), report.text  # what a student reads first names the cause
    unsaid = header(file, "unsaid")
    assert unsaid is None or unsaid not in report.text, report.text  # what would mislead here
    lost = lost_groups(DATA[question_of(file)], reference(question_of(file)), answer, 8)
    assert lost == header(file, "loses").split(", ")


@pytest.mark.parametrize("name", PRACTICE_NAMES)
def test_there_are_enough_answers_and_hidden_cells(name):
    wrong = [file for file in PRACTICE_WRONG if question_of(file) == name]
    assert len(wrong) >= 10
    assert sum(question_of(file) == name for file in PRACTICE_RIGHT) >= 6
    lost = {group for file in wrong for group in header(file, "loses").split(", ")}
    assert lost == {group.name for group in DATA[name].groups}, "a hidden cell that no wrong answer loses"
    for seed in range(2):  # whatever the seed is, some number of each result can be shown
        assert lost_groups(DATA[name], reference(name), reference(name), seed) == []


@pytest.mark.parametrize("value", ["None", "object()", "float('nan')"])
@pytest.mark.parametrize("name", PRACTICE_NAMES)
def test_any_type_of_result_gets_a_verdict(name, value, define):
    kept = DATA[name].stub.replace("super().__init__()\n        raise NotImplementedError", "super().__init__()")
    report = run_checks(define(name, kept.replace("raise NotImplementedError", f"return {value}")))
    assert report.results[0].outcome == WRONG, report.text


def test_practice_uses_the_students_part_where_it_passes(tmp_path, monkeypatch, capsys):
    name = PRACTICE[0].grade_id
    folder = Path(tmp_path) / "workspace" / "answers"
    folder.mkdir(parents=True)
    assert own_or("library", name) == "library"
    assert "yours is not recorded" in capsys.readouterr().out
    wrong = next(file for file in PRACTICE_WRONG if question_of(file) == name)
    (folder / f"{name}.py").write_bytes(wrong.read_bytes())
    assert own_or("library", name) == "library"
    assert "recorded, not right yet" in capsys.readouterr().out
    (folder / f"{name}.py").write_text("x = 1 / 0\n" + SOLUTIONS[name])
    assert own_or("library", name) == "library"
    assert "ZeroDivisionError" in capsys.readouterr().out
    (folder / f"{name}.py").write_text(SOLUTIONS[name])
    assert own_or("library", name).__name__ == name
    assert f"{name}: yours." in capsys.readouterr().out


def test_the_walkthrough_takes_the_practice_that_passes(tmp_path):
    for name in (*GRADED, *PRACTICE_NAMES[:2]):
        (tmp_path / f"{name}.py").write_text(SOLUTIONS[name], encoding="utf-8")
    wrong = next(file for file in PRACTICE_WRONG if question_of(file) == PRACTICE_NAMES[1])
    (tmp_path / f"{PRACTICE_NAMES[1]}.py").write_bytes(wrong.read_bytes())
    assert set(choose_answers(tmp_path)[0]) == {*GRADED, PRACTICE_NAMES[0]}
