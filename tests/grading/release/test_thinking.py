"""Questions to think about: answers for each, folded into the instructors' edition, and in no student's bundle."""

import json
import zipfile

import pytest
from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from posenet_lib import cli
from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.release.bundle_check import check_bundle
from posenet_lib.grading.release.thinking import HEADING, read_answers, thinking_dir, with_answers
from posenet_lib.workbook.notebook_files import notebook_paths
from tests.support.places import ROOT

NOTEBOOKS = notebook_paths(ROOT / "notebooks")


def questions_cell(notebook: dict) -> str:
    (text,) = (cell["source"] for cell in notebook["cells"] if "".join(cell["source"]).startswith(HEADING))
    return "".join(text)


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    out = tmp_path_factory.mktemp("instructors") / "edition.zip"
    assert cli.main(["release", "--instructor", "--out", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_question_has_its_folded_answer(edition, path):
    answers = read_answers(thinking_dir() / f"{path.stem}.md")
    before = questions_cell(json.loads(path.read_text()))
    after = questions_cell(json.loads(edition[f"notebooks/{path.name}"]))
    page = BeautifulSoup(markdown2html_mistune(after), "html.parser")
    items = page.find_all("li", recursive=True)[: len(answers)]
    assert [item.find_parent("ol") is not None for item in items] == [True] * len(answers)
    for item, answer in zip(items, answers, strict=True):
        assert item.details.summary.get_text() == "Answer", "folded, under its own question"
        assert "open" not in item.details.attrs
        assert " ".join(item.details.get_text().split())[:40] == ("Answer " + answer)[:40]
    for line in before.splitlines():
        assert line in after, "nothing of the questions is lost"


def test_the_edition_is_the_whole_clone(edition):
    assert {"notebooks/README.md", "tests/thinking/00_start_here.md", "tests/questions/head_loss/solution.py"} <= set(
        edition
    )


def test_an_answer_in_a_students_bundle_is_found(tmp_path):
    answer = read_answers(thinking_dir() / "04_loss.md")[1]
    spoiled = tmp_path / "bundle.zip"
    with zipfile.ZipFile(spoiled, "w") as archive:
        archive.writestr("posenet-workbook/notebooks/04_loss.ipynb", json.dumps({"cells": [{"source": answer}]}))
    with pytest.raises(WorkbookError, match="holds a line"):
        check_bundle(spoiled, run=False)


def test_answers_that_do_not_fit_are_refused(tmp_path):
    notebook = json.loads(NOTEBOOKS[0].read_text())
    wrong = tmp_path / NOTEBOOKS[0].with_suffix(".md").name
    wrong.write_text("1. Only one.\n")
    with pytest.raises(WorkbookError, match=r"1 answers for 3 questions of 00_start_here\.ipynb"):
        with_answers(notebook, wrong)
    wrong.write_text("1. One.\n3. Three.\n")
    with pytest.raises(WorkbookError, match=r"line 2: '3\. Three\.'; write '2\. '"):
        with_answers(notebook, wrong)


def test_one_kind_of_zip_at_a_time(tmp_path, capsys):
    assert cli.main(["release", "--instructor", "--gradescope", "--out", str(tmp_path / "x.zip")]) == 2
    assert "different zips" in capsys.readouterr().err
