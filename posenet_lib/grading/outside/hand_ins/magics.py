"""A notebook cell as Python: lines for Jupyter, such as `%matplotlib inline`, `!pip` and `?torch`, become `pass`."""

import ast
import re

NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)  # what `ast.parse` raises for texts of any kind
_AT_THE_MARGIN = re.compile(r"^[%!?].*$", re.MULTILINE)
_ANYWHERE = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)


def parse_cell(source: str) -> ast.Module:
    """The cell's syntax tree.

    Indented lines are tried second: below an open bracket, `% 7` is Python.

    Raises:
        SyntaxError: it is not Python, and neither is it without such lines. Others of `NOT_PYTHON` for odd texts.
    """
    code = _AT_THE_MARGIN.sub("pass", source)
    try:
        return ast.parse(code)
    except SyntaxError:
        return ast.parse(_ANYWHERE.sub(r"\1pass", code))
