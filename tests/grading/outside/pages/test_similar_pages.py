"""The same answers across sections and years."""

import csv

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.pages.similar_pages import earlier_results, similar_pairs, write_similar
from tests.support.results import a_result


def test_pairs_across_the_class_and_years(tmp_path):
    here = [a_result("ada", source="x < 1  # <script>"), a_result("bob", source="y < 1\x1b"), a_result("eve")]
    here[2].questions[0].fingerprint = "other"
    a_result("old one").save(tmp_path / "2025" / "results")
    old = earlier_results(tmp_path / "2025")
    pairs = similar_pairs(here, {"2025": old}, {}, {"ada": "A", "bob": "B"})
    assert [(pair.first.student, pair.second.student, pair.second.course) for pair in pairs] == [
        ("ada", "bob", ""),
        ("ada", "old one", "2025"),
        ("bob", "old one", "2025"),
    ]
    line = write_similar(tmp_path, pairs)
    assert "3 pairs, 3 of them" in line
    page = (tmp_path / "similar" / "001.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page and "<script>" not in page and "\x1b" not in page and "section B" in page
    assert "did not keep the answers" in (tmp_path / "similar" / "002.html").read_text(encoding="utf-8")
    rows = list(csv.DictReader((tmp_path / "similar" / "pairs.csv").open(encoding="utf-8")))
    assert rows[1]["of"] == "2025" and rows[0]["page"] == "001.html"


def test_the_references_answer_goes_last_and_is_marked():
    pairs = similar_pairs([a_result("ada"), a_result("bob")], {}, {"head_loss": "abc"}, {})
    assert [pair.reference for pair in pairs] == [True]


def test_practice_comes_after_the_todos():
    """Practice with points has no number."""
    alike = [a_result(name, number=None, grade_id="turn_label") for name in ("ada", "bob")]
    for result, todo in zip(alike, [a_result("ada"), a_result("bob")], strict=True):
        result.questions += todo.questions
    pairs = similar_pairs(alike, {}, {}, {})
    assert [pair.first.question.grade_id for pair in pairs] == ["head_loss", "turn_label"]


def test_a_folder_without_results_is_named(tmp_path):
    with pytest.raises(WorkbookError, match="no results there"):
        earlier_results(tmp_path)
