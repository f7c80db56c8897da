"""Finding a student's answers in notebooks of every form."""

import time

import pytest

from posenet_lib.grading.outside.hand_ins.answer_cells import Unreadable, find_answers, read_cells


def code(source, **more):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **more}


def test_answers_are_found_by_id_then_todo_line_then_decorated_definition():
    by_id = code("x = 1", id="head_loss")
    by_line = code("# TODO 2: head_loss\nx = 2")
    by_name = code("import torch\n\n@answer\n# comment\ndef head_loss(a, b, c):\n    return 3")
    undecorated = code("def head_loss():\n    return 4")
    for cells, expected in (
        ([undecorated, by_name, by_line, by_id], by_id),
        ([undecorated, by_name, by_line], by_line),
        ([undecorated, by_name], by_name),
    ):
        assert find_answers([("a", cells)], ["head_loss"]).sources == {"head_loss": expected["source"]}
    assert find_answers([("a", [undecorated])], ["head_loss"]).sources == {}


@pytest.mark.parametrize(
    "line", ["# TODO 2: head_loss", "#TODO 2 head_loss", "\n\n# TODO 2:head_loss (mine)", "# Practice: head_loss"]
)
def test_todo_line_may_vary_a_little(line):
    assert find_answers([("a", [code(f"{line}\npass")])], ["head_loss"]).sources


def test_todo_line_of_another_name_is_none():
    cells = [code("# TODO 2: head_loss_old\npass"), code("print('# TODO 2: head_loss')")]
    assert not find_answers([("a", cells)], ["head_loss"]).sources


def test_class_and_qualified_decorator_are_found():
    cells = [code("@workbook.answer\n@other(1)\n\nclass PoseLoss(nn.Module):\n    pass")]
    assert find_answers([("a", cells)], ["PoseLoss"]).sources


def test_line_ends_and_lists_of_lines():
    cells = [code(["# TODO 2: head_loss\r\n", "x = 1\r", 7, "y = 2"])]
    assert find_answers([("a", cells)], ["head_loss"]).sources["head_loss"] == "# TODO 2: head_loss\nx = 1\ny = 2"


def test_enormous_cell_is_left_out_with_a_remark():
    found = find_answers([("a", [code("#" * 300_000, id="head_loss")])], ["head_loss"])
    assert not found.sources and "300,000 characters" in found.remarks[0]


def test_pathological_text_does_not_hang():
    began = time.perf_counter()
    for text in ("@" + "a." * 200_000, "@answer\n" + "@x\n" * 100_000, "\n" * 500_000, "#" + " TODO" * 100_000):
        find_answers([("a", [code(text)])], ["head_loss"])
    hung = 60  # it takes a tenth of a second; quadratic time is many minutes
    assert time.perf_counter() - began < hung


@pytest.mark.parametrize("data", [b"", b"  \n", b"{", b"[]", b'"x"', b'{"nbformat": 4}', b'{"nbformat": "4"}', b"\xff"])
def test_what_is_no_notebook_has_a_reason(data):
    with pytest.raises(Unreadable, match=r"\w+ \w+"):
        read_cells(data)


def test_notebook_with_byte_order_mark_is_read():
    assert read_cells(b'\xef\xbb\xbf{"nbformat": 4, "cells": [{"cell_type": "code"}]}')
