"""Answers that are identical but for names, comments and formatting. A fact for the instructor, with no verdict."""

import ast
import builtins
import csv
import hashlib
import io
from collections.abc import Sequence

from posenet_lib.grading.outside.hand_ins.magics import NOT_PYTHON, parse_cell
from posenet_lib.grading.outside.hand_ins.plain_text import cell_text
from posenet_lib.grading.outside.results import StudentResult, by_question


def fingerprint(source: str) -> str:
    """Equal for answers that are the same program; empty for what is not Python.

    Left out: comments, formatting, docstrings, type annotations, imports, `pass`, magic lines, and the choice of names.
    """
    try:
        tree = parse_cell(source)
        tree = _Names(_bound(tree)).visit(_Plain().visit(tree))
        return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16]
    except NOT_PYTHON:
        return ""


def _bound(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
    return names - set(dir(builtins))


class _Plain(ast.NodeTransformer):
    """Takes away what changes nothing."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [s for s in body if not isinstance(s, ast.Import | ast.ImportFrom | ast.Pass) and not _is_text(s)]
            node.body = kept or [ast.Pass()]
        for name in ("annotation", "returns"):
            if hasattr(node, name) and not isinstance(node, ast.AnnAssign):
                setattr(node, name, None)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return self.generic_visit(ast.Assign([node.target], node.value))


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


class _Names(ast.NodeTransformer):
    """Names that the answer binds become v0, v1, ... in the order in which they appear."""

    def __init__(self, bound: set[str]):
        self._bound, self._new = bound, {}

    def _rename(self, name: str) -> str:
        return self._new.setdefault(name, f"v{len(self._new)}") if name in self._bound else name

    def visit(self, node: ast.AST) -> ast.AST:
        for field in ("id", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str) and not (isinstance(node, ast.keyword | ast.alias)):
                setattr(node, field, self._rename(value))
        return self.generic_visit(node)


def similar_csv(results: Sequence[StudentResult], references: dict[str, str]) -> str:
    """One line for each group of students: question, how many, who; the reference counts as one more.

    Names stand one beside the other, with a blank between them: `ada "Lee, Ann" bob`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["question", "identical answers", "students", "same as the reference"])
    for grade_id, answers in by_question(results).items():
        groups: dict[str, list[str]] = {}
        for student, question in answers:
            if question.fingerprint:
                groups.setdefault(question.fingerprint, []).append(student)
        reference = references.get(grade_id, "")
        for print_, students in groups.items():
            if len(students) > 1 or print_ == reference:
                same = "yes" if print_ == reference else "no"
                writer.writerow([grade_id, len(students), " ".join(map(_listed, students)), same])
    return out.getvalue()


def _listed(name: str) -> str:
    """A name among others: in quotes if it is more than one word. (No name holds a quote, see `student_names`.)"""
    return f'"{name}"' if set(name) & set(" ,;") else cell_text(name)
