"""A student's results: saved, read, counted."""

from posenet_lib.grading.outside.results import CheckLine, load_result
from tests.support.results import a_result


def test_results_survive_writing(tmp_path):
    saved = a_result(checks=[CheckLine("a", "wrong", "because")])
    saved.save(tmp_path)
    assert load_result(tmp_path, "ada") == saved
    (tmp_path / "ada.json").write_text('{"student": "ada"')
    assert load_result(tmp_path, "ada") is None


def test_incomplete_run_has_no_points():
    broken = a_result(passed=(True, True), status="incomplete", reason="took too long")
    assert broken.points == 0 and broken.status == "incomplete" and broken.needs_a_look
    assert "took too long" in broken.reason
