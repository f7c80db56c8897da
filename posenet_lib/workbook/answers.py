"""Recorded answers: load one, find what is missing. (`recording` writes them.)

Files are replaced whole, so two notebooks that are open at once never see half an answer of one another's.
"""

import contextvars
import hashlib
import sys
import traceback
import types
from pathlib import Path

from posenet_lib.core import workspace
from posenet_lib.core.errors import WorkbookError
from posenet_lib.workbook import cell_source
from posenet_lib.workbook.questions import BY_ID, QUESTIONS, Question, question, usable_in

# The folder whose answer is being loaded: `@answer` then records nothing, and what it loads comes from there too.
_loading_from: contextvars.ContextVar[Path | None] = contextvars.ContextVar("loading_from", default=None)


def is_loading() -> bool:
    """Whether a recorded answer is being run right now, so that its `@answer` has nothing to record."""
    return _loading_from.get() is not None


def load_answer(name: str, answers_dir: str | Path | None = None) -> object:
    """Run a recorded answer and return its function or class.

    Other answers that it uses (`head_loss` in `PoseLoss`) are loaded from the same folder.

    Args:
        name: one of the TODOs' names, such as "PoseLoss".
        answers_dir: a folder of answers, see `answer_file`; the workspace's `answers/` by default.

    Raises:
        WorkbookError: the answer is missing, unfinished or does not run. The message names the notebook to finish.
    """
    return _load(name, _folder(answers_dir), users=())


def _load(name: str, folder: Path, users: tuple[str, ...]) -> object:
    asked, file = question(name), answer_file(name, folder)
    source = answer_source(name, folder)
    again = f"Mend the cell of {asked.place} and run it again."
    try:
        code = compile(source, str(file), "exec")
    except (SyntaxError, ValueError) as error:
        where = f"line {getattr(error, 'lineno', '?')}: `{(getattr(error, 'text', None) or '').strip()}`"
        raise WorkbookError(f"{_short(file)} is not valid Python ({error.args[0]}), {where}. {again}") from None
    if cell_source.is_stub(cell_source.definition_of(source, name)):
        raise WorkbookError(f"The answer {name} still raises NotImplementedError: finish {asked.place}.")

    # Tracebacks find the source lines by the file's name; dataclasses, pickle and inspect by the module's.
    module = types.ModuleType(f"answer_{name}_{hashlib.sha1(str(file).encode()).hexdigest()[:8]}")
    module.__file__ = str(file)
    sys.modules[module.__name__] = module
    missing = cell_source.unbound_names(source)
    usable = usable_in(asked)
    elsewhere = missing - usable
    if elsewhere and not cell_source.has_star_import(source):
        raise WorkbookError(_capital(move_advice(elsewhere, asked)))
    for other in sorted(missing & usable):
        if other in users:
            raise WorkbookError(f"{other} and {name} each use the other, so neither can be loaded. {again}")
        setattr(module, other, _load(other, folder, (*users, name)))
    _execute(code, module, folder, again)
    if not hasattr(module, name):
        raise WorkbookError(f"{_short(file)} does not define `{name}`. {again}")
    return getattr(module, name)


def _execute(code: types.CodeType, module: types.ModuleType, folder: Path, again: str) -> None:
    token = _loading_from.set(folder)
    try:
        exec(code, vars(module))
    except WorkbookError:
        raise
    except Exception as error:
        line = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == code.co_filename][-1]
        place = f"{_short(Path(code.co_filename))}, line {line.lineno}: `{line.line}`"
        raise WorkbookError(f"{place} raised {type(error).__name__}: {error}. {again}") from error
    finally:
        _loading_from.reset(token)


def answer_file(name: str, folder: Path) -> Path:
    """Where a folder of answers holds one of them, or would hold it.

    `<name>.py`, as `@answer` records it; or `<name>/solution.py`, as in `tests/questions`, where the reference is.
    """
    recorded, reference = folder / f"{name}.py", folder / name / "solution.py"
    return reference if reference.is_file() and not recorded.exists() else recorded


def is_answer_file(file: Path) -> bool:
    """Whether a path is one of those that `answer_file` gives, in whatever folder."""
    name = file.parent.name if file.name == "solution.py" else file.stem
    return name in BY_ID


def answer_source(name: str, answers_dir: str | Path | None = None) -> str:
    """The recorded file's text.

    Raises:
        WorkbookError: there is none, or it cannot be read.
    """
    asked, file = question(name), answer_file(name, _folder(answers_dir))
    try:
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise WorkbookError(f"No answer for {name} yet: finish {asked.place} and run its cell.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbookError(f"{_short(file)} cannot be read ({error}): run the cell of {asked.place} again.") from None


def missing_answers(answers_dir: str | Path | None = None) -> list[Question]:
    """The TODOs that have no answer yet in the folder, in the order of the notebooks; a stub is no answer."""
    return [asked for asked in QUESTIONS if not is_recorded(asked, answers_dir)]


def is_recorded(asked: Question, answers_dir: str | Path | None = None) -> bool:
    """Whether the folder has an answer to a question, right or wrong; a stub is none."""
    name = asked.grade_id
    try:
        return not cell_source.is_stub(cell_source.definition_of(answer_source(name, answers_dir), name))
    except WorkbookError:
        return False
    except (SyntaxError, ValueError):
        return True  # there is an answer: load_answer says what is wrong with it


def move_advice(names: set[str], asked: Question) -> str:
    """What to do about names that the answer's cell takes from other cells."""
    listed, it = ", ".join(f"`{name}`" for name in sorted(names)), "it" if len(names) == 1 else "them"
    return (
        f"the cell of {asked.grade_id} uses {listed}, but does not define or import {it}. Training runs this one cell "
        f"without the rest of the notebook: move {listed} into the cell of {asked.place} and run it again."
    )


def _folder(answers_dir: str | Path | None) -> Path:
    return Path(answers_dir) if answers_dir is not None else _loading_from.get() or workspace.answers_dir()


def _short(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
