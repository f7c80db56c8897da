"""A student's results: saved, read, counted."""

from posenet_lib.grading.outside.results import CheckLine, GroupResult, QuestionResult, StudentResult, load_result


def result(student="ada", passed=(True, False), **more) -> StudentResult:
    groups = [GroupResult(f"g{n}", f"Title {n}", 1.5, ok, "mend `this`") for n, ok in enumerate(passed)]
    row = QuestionResult("head_loss", 2, "The loss", 3.0, "graded", "", groups, [], "abc")
    for name, value in more.items():
        setattr(row, name, value)
    return StudentResult(student, "key", [row])


def test_results_survive_writing(tmp_path):
    saved = result(checks=[CheckLine("a", "wrong", "because")])
    saved.save(tmp_path)
    assert load_result(tmp_path, "ada") == saved
    (tmp_path / "ada.json").write_text('{"student": "ada"')
    assert load_result(tmp_path, "ada") is None


def test_incomplete_run_has_no_points():
    broken = result(passed=(True, True), status="incomplete", reason="took too long")
    assert broken.points == 0 and broken.status == "incomplete" and broken.needs_a_look
    assert "took too long" in broken.reason
