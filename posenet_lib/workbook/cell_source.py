"""What of a notebook cell belongs to an answer: its source, the names it needs, and where those come from.

An answer is run again without its notebook, by later notebooks and by the `posenet` command. So the recorded file
keeps those statements of the cell that define the answer or something it uses, and leaves out what only tries it
(prints, plots, `%magics`, `check(...)`). Names come from Python's own `symtable`, which knows scopes.
"""

import ast
import builtins
import inspect
import linecache
import symtable
import sys
from types import FrameType, ModuleType

_NEEDED_METHODS = ("__init__", "forward", "__call__")  # others may be abstract, or left for later
_OWN_NAMES = {"__name__", "__file__", "__doc__", "__builtins__", "__annotations__", "__class__"}


def cell_source(answer: object, frame: FrameType) -> str:
    """Source of the cell that `frame` is executing, `%magics` as calls; outside IPython, of `answer` alone.

    Raises:
        OSError: no source can be found (code typed into plain `python`, or built with exec).
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or frame.f_globals is not shell.user_global_ns:
        return inspect.getsource(answer)
    # The kernel files every cell under the name that its code is compiled with, whether or not the cell enters the
    # history. Only code that a cell magic compiles itself (%%time) is not there.
    lines = linecache.getlines(frame.f_code.co_filename)
    if lines:
        return "".join(lines)
    raw = shell.history_manager.input_hist_raw[-1]
    if raw.lstrip().startswith("%%"):
        raw = raw.lstrip().partition("\n")[2]
    return shell.transform_cell(raw)


def module_names(source: str) -> tuple[set[str], set[str]]:
    """Names that `source` binds at its top level, and names that it looks up there (builtins included)."""
    bound, used = set(), set()
    tables = [symtable.symtable(source, "<answer>", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if (symbol.is_assigned() or symbol.is_imported()) and (top or symbol.is_declared_global()):
                bound.add(symbol.get_name())
            if symbol.is_referenced() and (top or symbol.is_global()):
                used.add(symbol.get_name())
    return bound, used


def unbound_names(source: str) -> set[str]:
    """Names that `source` uses but neither defines nor imports by name."""
    bound, used = module_names(source)
    return used - bound - set(dir(builtins)) - _OWN_NAMES


def has_star_import(source: str) -> bool:
    """Whether `from x import *` could bring any name."""
    return any(isinstance(s, ast.ImportFrom) and s.names[0].name == "*" for s in ast.parse(source).body)


def _changed_names(statement: ast.stmt) -> set[str]:
    """Names that a top-level statement binds, or whose object it changes (`a.b = 1`, `a[0] = 1`, `a.append(1)`)."""
    targets = [node for node in ast.walk(statement) if isinstance(getattr(node, "ctx", None), ast.Store)]
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        targets += [statement.value.func] if isinstance(statement.value.func, ast.Attribute) else []
    names = module_names(ast.unparse(statement))[0]
    for target in targets:
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
            if isinstance(target, ast.Name) and not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                names.add(target.id)
    return names


def _lines_of(statement: ast.stmt) -> set[int]:
    decorators = [decorator.lineno for decorator in getattr(statement, "decorator_list", [])]
    return set(range(min([statement.lineno, *decorators]), statement.end_lineno + 1))


def needed_source(source: str, name: str) -> str:
    """`source` without the top-level statements that neither import anything nor touch what `name` needs."""
    statements = ast.parse(source).body
    needed, kept = {name}, []
    remaining = list(statements)
    while remaining:
        found = [s for s in remaining if isinstance(s, ast.Import | ast.ImportFrom) or _changed_names(s) & needed]
        if not found:
            break
        kept += found
        remaining = [s for s in remaining if s not in found]
        needed |= set().union(*(module_names(ast.unparse(s))[1] for s in found if not _is_import(s)))
    dropped = set().union(*map(_lines_of, remaining)) - set().union(*map(_lines_of, kept))
    lines = source.splitlines()
    return "\n".join(line for number, line in enumerate(lines, 1) if number not in dropped).strip() + "\n"


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def import_line(name: str, value: object) -> str | None:
    """The import that gives `value` the name `name`, or None for an object that was made in the notebook itself."""
    if isinstance(value, ModuleType):
        return f"import {name}" if value.__name__ == name else f"import {value.__name__} as {name}"
    if not callable(value) or getattr(value, "__module__", None) == "__main__":
        return None
    own_name = getattr(value, "__name__", name)
    home = (getattr(value, "__module__", None) or "").split(".")
    packages = (".".join(home[:length]) for length in range(1, len(home) + 1))
    # Builtin functions of C libraries (torch.stack) name no home: look for the shortest public module that has them.
    public = (m for m in sorted(sys.modules, key=lambda m: (m.count("."), m)) if "._" not in m and m[0] != "_")
    for module in (*packages, *public):
        if module != "__main__" and getattr(sys.modules.get(module), "__dict__", {}).get(own_name) is value:
            return f"from {module} import {own_name}" + ("" if own_name == name else f" as {name}")
    return None


def is_stub(definition: ast.AST) -> bool:
    """Whether a function only raises NotImplementedError; a class, whether a method that each call needs does."""
    if isinstance(definition, ast.ClassDef):
        methods = {method.name: method for method in definition.body if isinstance(method, ast.FunctionDef)}
        return any(is_stub(methods[name]) for name in _NEEDED_METHODS if name in methods)
    if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    *before, last = definition.body
    raises = last.exc.func if isinstance(last, ast.Raise) and isinstance(last.exc, ast.Call) else last
    raises = raises.exc if isinstance(raises, ast.Raise) else raises
    return (
        isinstance(raises, ast.Name)
        and raises.id == "NotImplementedError"
        and all(isinstance(s, ast.Expr | ast.Pass) for s in before)  # docstring, super().__init__()
    )


def definition_of(source: str, name: str) -> ast.AST | None:
    """The last top-level statement of `source` that defines `name`."""
    found = [s for s in ast.parse(source).body if name in module_names(ast.unparse(s))[0]]
    return found[-1] if found else None
