"""Made-up hand-ins of every kind: whatever they hold, each student gets a result with a reason and the class goes on.

Short here. For longer: `POSENET_FUZZ_EXAMPLES=20000 pytest tests/grading/outside/test_fuzzing.py`.
"""

import csv
import html
import io
import json
import os
import tempfile
import unicodedata
import warnings
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.grade_one import Course, _answers, empty_result
from posenet_lib.grading.outside.hand_ins.answer_cells import Unreadable, find_answers, read_cells
from posenet_lib.grading.outside.hand_ins.plain_text import plain
from posenet_lib.grading.outside.hand_ins.student_names import safe_name
from posenet_lib.grading.outside.hand_ins.submissions import digest, find_submissions, read_files
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.pages.feedback_page import feedback_page
from posenet_lib.grading.outside.pages.gradescope import gradescope_json
from posenet_lib.grading.outside.pages.report import grades_csv
from posenet_lib.grading.outside.pages.similar import fingerprint, similar_csv
from posenet_lib.grading.outside.results import load_result
from tests.support.places import NOTEBOOKS, SOLUTIONS

EXAMPLES = int(os.environ.get("POSENET_FUZZ_EXAMPLES", "40"))
COURSE = Course(load_questions(), {}, Limits())
NAMES = [data.grade_id for data in COURSE.questions]
PRISTINE = {name: (NOTEBOOKS / name).read_bytes() for name in ("01_mean_image.ipynb", "04_loss.ipynb")}
fuzz = settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True
)

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
file_names = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=40)
suffixes = st.sampled_from([".ipynb", ".zip", ".ZIP", ".IPYNB", ".tar.gz", ".7z", "", ".txt", "__04_loss.ipynb"])
leaves = st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=30)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner))
PIECES = ["@answer\n", "@x\n", "\n", "def head_loss():\n", "    pass\n", "# TODO 3: PoseLoss\n", "("]
WHOLE = ["# TODO 2: head_loss\n", "@answer\n", "%%script true\n", "def head_loss(", "\x1b[2J", *SOLUTIONS.values()]
sources = st.one_of(anything, st.sampled_from(WHOLE), st.lists(st.sampled_from(PIECES)).map("".join))
cells = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", 3]), "source": sources},
    optional={"id": st.sampled_from([*NAMES, "x"]) | leaves, "outputs": anything, "metadata": anything},
)
notebooks = st.one_of(
    st.fixed_dictionaries({"nbformat": st.sampled_from([4, 4, 4, 3, "4", None]), "cells": st.lists(cells | anything)}),
    anything,
).map(lambda made: json.dumps(made).encode())


@st.composite
def broken(draw: st.DrawFn, data: st.SearchStrategy[bytes]) -> bytes:
    """Bytes of a file with some of them changed, cut out or repeated."""
    made = bytearray(draw(data))
    for _ in range(draw(st.integers(0, 4))):
        if made:
            place = draw(st.integers(0, len(made) - 1))
            if draw(st.booleans()):
                made[place] = draw(st.integers(0, 255))
            else:
                made[place : place + draw(st.integers(0, 50))] = draw(st.binary(max_size=20))
    return bytes(made)


@st.composite
def zips(draw: st.DrawFn) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", draw(st.sampled_from(METHODS))) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(draw(st.integers(0, 4))):
            name = draw(st.sampled_from(["a/", "Week 3: loss/", "../", "C:/", "", "__MACOSX/"])) + draw(file_names)
            content = draw(notebooks | st.sampled_from(list(PRISTINE.values())) | st.binary(max_size=100))
            archive.writestr(name + draw(suffixes), content)
    return out.getvalue()


contents = st.one_of(broken(zips()), zips(), broken(notebooks), notebooks, st.binary(max_size=300))


def grade_without_running(folder: Path) -> None:
    """Everything that is done with a class but for running its answers; then everything that is written about it."""
    try:
        submissions = find_submissions(folder)
    except WorkbookError:
        return
    assert len({submission.student for submission in submissions}) == len(submissions)
    results = []
    for submission in submissions:
        digest(submission)
        files = read_files(submission)
        found = _answers(files, COURSE.questions)
        result = empty_result(submission.student, COURSE.key(submission), COURSE)
        result.problems = files.problems + found.remarks
        for row in result.questions:
            if row.grade_id in found.sources:
                row.status, row.fingerprint = "graded", fingerprint(found.sources[row.grade_id])
        result.save(folder.parent / "results")
        assert load_result(folder.parent / "results", result.student) == result
        for text in (feedback_page(result), gradescope_json(result)):
            assert plain(html.unescape(text)) == html.unescape(text)
        results.append(result)
    table = grades_csv(results)
    assert plain(table) == table
    rows = list(csv.reader(io.StringIO(table)))
    assert len(rows) == 1 + len(results) and {len(row) for row in rows} == {len(rows[0])}
    assert plain(similar_csv(results, {})) == similar_csv(results, {})


@fuzz
@given(st.lists(st.tuples(file_names, suffixes, contents), max_size=4))
def test_files_of_every_kind_end_in_a_result(files):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "class"
        folder.mkdir()
        for name, suffix, content in files:
            try:
                (folder / f"{name}{suffix}").write_bytes(content)
            except OSError:
                continue  # too long a name, or one of the system's own
        grade_without_running(folder)


@fuzz
@given(st.lists(st.tuples(file_names, suffixes, contents), max_size=4))
def test_folders_of_every_kind_end_in_a_result(files):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "class" / "ada"
        folder.mkdir(parents=True)
        for name, suffix, content in files:
            try:
                (folder / f"{name}{suffix}").write_bytes(content)
            except OSError:
                continue
        grade_without_running(folder.parent)


@fuzz
@given(notebooks | broken(st.sampled_from(list(PRISTINE.values()))))
def test_notebooks_of_every_kind_are_read_or_refused(data):
    try:
        code = read_cells(data)
    except Unreadable as reason:
        assert str(reason)
        return
    found = find_answers([("a.ipynb", code)], NAMES)
    assert set(found.sources) <= set(NAMES)
    for source in found.sources.values():
        source.encode()
        fingerprint(source)


@fuzz
@given(st.lists(st.text(min_size=1, max_size=90), min_size=2, max_size=2, unique=True))
def test_names_stay_apart_and_are_safe(names):
    safe = [safe_name(name) for name in names]
    for name in safe:
        assert name and "/" not in name and name[0] != "." and len(name.encode()) <= 120
        assert plain(name) == name and not set(name) & set('\n\t"<>?*:|\\')
    composed = {unicodedata.normalize("NFC", name) for name in names}
    assert len(set(safe)) == len(composed)


@fuzz
@given(st.text(max_size=200))
def test_nothing_of_a_text_is_obeyed(text):
    shown = plain(text)
    assert not [
        letter
        for letter in shown
        if letter in "\x1b\r\x7f\x9b\u202e\u2066\u200f\u2028" or "\ud800" <= letter <= "\udfff"
    ]
    shown.encode()
