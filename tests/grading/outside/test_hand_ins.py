"""Odd hand-ins, graded for real as one class: names, archives, cells that were copied, split or left behind."""

import csv
import io
import json
import os
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest

from posenet_lib.grading.outside.grade_class import ClassGrading, grade_class
from posenet_lib.grading.outside.hand_ins.plain_text import plain
from posenet_lib.grading.outside.hand_ins.student_names import safe_name
from posenet_lib.workbook.notebook_files import read_notebook
from tests.support.places import NOTEBOOKS, SOLUTIONS
from tests.support.sandboxes import skip_without_sandbox

pytestmark = pytest.mark.slow  # 58 hand-ins: a minute

NAME = "generate_mean_image"
RIGHT = SOLUTIONS[NAME]
IMPORTS, DEFINITION = RIGHT.split("\n@answer\n")
DEFINITION = f"@answer\n{DEFINITION}"
WRONG = """\
from posenet_lib.workbook import answer

@answer
def generate_mean_image(photos, smaller_side=256):
    return 0
"""
STUB = next(cell.source for cell in read_notebook(NOTEBOOKS / "01_mean_image.ipynb").cells if cell.get("id") == NAME)


def code(source: str, cell_id: str | None = None) -> dict:
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
    return cell | ({"id": cell_id} if cell_id else {})


def notebook(*cells: dict, **more) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}).encode()


GOOD = notebook(code(RIGHT, NAME))
LARGE = notebook(code(RIGHT, NAME), {"cell_type": "raw", "source": "x" * (30 << 20)})

# Cells of one notebook, and the points that they get.
CELLS: dict[str, tuple[list[dict], int, str]] = {
    "answer_below_the_stub": ([code(STUB, NAME), code(RIGHT, "new")], 3, "the last complete one, code cell 2"),
    "answer_above_the_stub": ([code(RIGHT, "new"), code(STUB, NAME)], 3, "the last complete one, code cell 1"),
    "copied_then_filled_in": ([code(STUB, NAME), code(f"# TODO 1: {NAME}\n{RIGHT}", "copy")], 3, "code cell 2"),
    "copied_with_its_id": ([code(STUB, NAME), code(RIGHT, NAME)], 3, "code cell 2"),
    "split_id_with_the_imports": ([code(IMPORTS, NAME), code(f"{IMPORTS}\n{DEFINITION}", "x")], 3, "code cell 2"),
    "split_id_with_the_rest": ([code(RIGHT, "x"), code("print('tried')", NAME)], 3, "code cell 1"),
    "no_ids_stub_and_answer": ([code(STUB), code(RIGHT)], 3, "code cell 2"),
    "no_ids_answer_then_copy_of_stub": ([code(RIGHT), code(STUB)], 3, "code cell 1"),
    "last_complete_is_wrong": ([code(RIGHT, NAME), code(WRONG, "later")], 0, "the last complete one, code cell 2"),
    "first_was_wrong": ([code(WRONG, NAME), code(RIGHT, "later")], 3, "the last complete one, code cell 2"),
    "unfinished_try_below": ([code(RIGHT, NAME), code("@answer\ndef generate_mean_image(photos", "x")], 3, "the first"),
    "magic_in_the_answer": ([code(STUB, NAME), code(f"%matplotlib inline\n{RIGHT}", "x")], 3, "code cell 2"),
    "the_same_twice": ([code(RIGHT, NAME), code(RIGHT, "x")], 3, ""),
    "many_decorators": ([code(RIGHT, NAME), code("@answer\n" * 8000, "x")], 3, ""),
    "many_cells": ([code(RIGHT, NAME), *[code("x = 1")] * 6000], 0, "too many or too long"),
    "answer_in_a_text_cell": ([{**code(RIGHT, NAME), "cell_type": "markdown"}], 0, "no answer cell"),
    "stub_with_a_comment": ([code(STUB.replace('"""', '"""My notes.', 1), NAME)], 0, "not attempted"),
    "stub_with_a_print": ([code(STUB.replace("raise Not", "print(photos); raise Not"), NAME)], 0, "not attempted"),
    "stub_alone": ([code(STUB, NAME)], 0, "not attempted"),
}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def damaged(data: bytes) -> bytes:
    """With bytes of the first file's content turned over; the list of files at the end stays."""
    start = 30 + sum(struct.unpack("<HH", data[26:30]))
    return data[: start + 20] + bytes(255 - byte for byte in data[start + 20 : start + 60]) + data[start + 60 :]


# A file's name in the class's folder, its content, points, and part of the reason.
FILES: list[tuple[str, bytes, int, str]] = [
    ("Ann?.zip", zipped({"01_mean_image.ipynb": GOOD}), 3, ""),
    ("Ann*.zip", zipped({"01_mean_image.ipynb": notebook(code(WRONG, NAME))}), 0, ""),
    ("a:b__01_mean_image.ipynb", GOOD, 3, ""),
    ("a_b__01_mean_image.ipynb", notebook(code(WRONG, NAME)), 0, ""),
    ("esc\x1b[31mred__01_mean_image.ipynb", GOOD, 3, ""),
    ("\u202egnp.exe__01_mean_image.ipynb", GOOD, 3, ""),
    ("two\nlines__01_mean_image.ipynb", GOOD, 3, ""),
    ("=HYPERLINK(1)__01_mean_image.ipynb", GOOD, 3, ""),
    ("Lee, Ann__01_mean_image.ipynb", GOOD, 3, ""),
    ("علی‌رضا__01_mean_image.ipynb", GOOD, 3, ""),
    ("x" * 230 + "__01_mean_image.ipynb", GOOD, 3, ""),
    ("upper.ZIP", zipped({"01_MEAN_IMAGE.IPYNB": GOOD}), 3, ""),
    ("upper2__01_mean_image.IPYNB", GOOD, 3, ""),
    ("colon.zip", zipped({"Week 3: loss/x.ipynb": GOOD}), 3, ""),
    ("drive.zip", zipped({"C:/x.ipynb": GOOD}), 0, "a path that leaves it"),
    ("tar.tar.gz", b"\x1f\x8b rubbish", 0, "archives of this kind are not read"),
    ("seven.7z", b"7z\xbc\xaf rubbish", 0, "archives of this kind are not read"),
    ("lzma.zip", zipped({"01_mean_image.ipynb": GOOD}, zipfile.ZIP_LZMA), 3, ""),
    ("lzma_damaged.zip", damaged(zipped({"01_mean_image.ipynb": GOOD}, zipfile.ZIP_LZMA)), 0, "cannot be unpacked"),
    ("bzip2_damaged.zip", damaged(zipped({"01_mean_image.ipynb": GOOD}, zipfile.ZIP_BZIP2)), 0, "cannot be unpacked"),
    ("deflate_damaged.zip", damaged(zipped({"01_mean_image.ipynb": GOOD})), 0, "cannot be unpacked"),
    ("cut_off.zip", zipped({"01_mean_image.ipynb": GOOD})[:-30], 0, "cannot be opened"),
    ("one_too_large.zip", zipped({"big.ipynb": LARGE, "01_mean_image.ipynb": GOOD}), 3, "big.ipynb: is too large"),
    ("one_damaged.zip", damaged(zipped({"a.ipynb": GOOD, "01_mean_image.ipynb": GOOD})), 3, "a.ipynb: cannot be"),
    ("inner.zip", zipped({"all.zip": zipped({"x.ipynb": GOOD})}), 0, "archives inside of a zip are not read"),
    ("many_files.zip", zipped({f"{n}.txt": b"" for n in range(5001)}), 0, "holds 5,001 files"),
    ("other_encoding__01_mean_image.ipynb", GOOD.decode().encode("utf-16"), 0, "not a notebook"),
    ("with_mark__01_mean_image.ipynb", b"\xef\xbb\xbf" + GOOD, 3, ""),
    ("format5__01_mean_image.ipynb", GOOD.replace(b'"nbformat": 4', b'"nbformat": 5'), 0, "format 5"),
    ("not_json_number__01_mean_image.ipynb", notebook(code(RIGHT, NAME), x=float("nan")), 3, ""),
]


def student_of(file: str) -> str:
    name = file.removesuffix(".tar.gz") if file.endswith(".tar.gz") else file.rpartition(".")[0]
    return safe_name(name.rpartition("__")[0] if "__" in name and file.lower().endswith(".ipynb") else name)


def folders(place: Path) -> list[tuple[str, int, str]]:
    """Folders of students, and what they get."""

    def folder(name: str, files: dict[str, bytes]) -> Path:
        for file, data in files.items():
            (place / name / file).parent.mkdir(parents=True, exist_ok=True)
            (place / name / file).write_bytes(data)
        return place / name

    folder("archive_beside", {"01_mean_image.ipynb": GOOD, "all.7z": b"7z"})
    folder("too_deep", {"a/b/c/d/e/01_mean_image.ipynb": GOOD})
    folder("second_download", {"01_mean_image.ipynb": notebook(code(STUB, NAME)), "01_mean_image (1).ipynb": GOOD})
    folder("script_only", {"01_mean_image.py": RIGHT.encode()})
    folder("checkpoint_only", {".ipynb_checkpoints/01_mean_image.ipynb": GOOD})
    os.mkfifo(folder("pipe", {"note.txt": b""}) / "01_mean_image.ipynb")
    (folder("loop", {"01_mean_image.ipynb": GOOD}) / "again").symlink_to(place / "loop")
    large = b'{"nbformat": 4, "cells": [], "x": "' + b"y" * (23 << 20) + b'"}'
    forty = folder("forty_large", {"01_mean_image.ipynb": GOOD, "00.ipynb": large})
    for number in range(1, 40):
        os.link(forty / "00.ipynb", forty / f"{number:02}.ipynb")
    folder("José", {"other.ipynb": notebook()})
    folder(unicodedata.normalize("NFD", "José"), {"01_mean_image.ipynb": GOOD})  # from a Mac: the same student
    return [
        ("archive_beside", 3, "all.7z: archives of this kind"),
        ("too_deep", 0, "only 4 folders deep"),
        ("second_download", 3, "code cell 1 of second_download/01_mean_image (1).ipynb"),
        ("script_only", 0, "no notebook"),
        ("checkpoint_only", 0, "no notebook"),
        ("pipe", 0, "is no regular file"),
        ("loop", 3, "again: is a link"),
        ("forty_large", 3, "more than 64 MB"),
        ("José", 3, ""),
    ]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    skip_without_sandbox()
    tmp = tmp_path_factory.mktemp("hand_ins")
    place, wanted = tmp / "class", {}
    place.mkdir()
    for student, (cells, points, reason) in CELLS.items():
        (place / f"{student}__01_mean_image.ipynb").write_bytes(notebook(*cells))
        wanted[student] = (points, reason)
    for file, data, points, reason in FILES:
        (place / file).write_bytes(data)
        wanted[student_of(file)] = (points, reason)
    for student, points, reason in folders(place):
        wanted[student] = (points, reason)
    results = grade_class(ClassGrading(place, tmp / "out", seed=3, expected_outputs_cache=tmp / "made"))
    return {result.student: result for result in results}, wanted, tmp / "out"


def test_every_hand_in_is_a_student_of_its_own(graded):
    results, wanted, _ = graded
    assert set(results) == set(wanted)
    assert len(wanted) == len(CELLS) + len(FILES) + 9


def test_each_gets_its_points_and_its_reason(graded):
    results, wanted, out = graded
    got = {student: (results[student].questions[0].points, results[student].reason) for student in wanted}
    assert not {
        student: (got[student], expected)
        for student, expected in wanted.items()
        if got[student][0] != expected[0] or expected[1] not in got[student][1]
    }
    assert not (out / "grader.log").exists(), (out / "grader.log").read_text()


def test_time_and_memory_are_bounded(graded):
    results, *_ = graded
    assert (
        max(result.memory_mb for result in results.values())
        < min(result.memory_mb for result in results.values()) + 400
    )
    assert results["many_decorators"].seconds < 15 + 3 * results["the_same_twice"].seconds


def test_nothing_that_a_terminal_or_a_page_obeys_is_written(graded):
    results, _, out = graded
    for file in out.rglob("*"):
        if file.is_file() and file.suffix in (".csv", ".html", ".json", ".xml"):
            text = file.read_text(encoding="utf-8")
            assert plain(text) == text and plain(file.name) == file.name, file
    rows = list(csv.reader((out / "grades.csv").open(encoding="utf-8")))
    assert len(rows) == 1 + len(results)
    assert not [row for row in rows if row[0][0] in "=+-@"]


def test_names_with_blanks_can_be_told_apart_in_similar_csv(graded):
    _, _, out = graded
    line = next(row for row in csv.DictReader((out / "similar.csv").open(encoding="utf-8")) if row["question"] == NAME)
    assert '"Lee, Ann"' in line["students"]
