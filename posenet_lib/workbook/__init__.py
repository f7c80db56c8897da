"""What the notebooks call: `@answer` records a TODO cell, `check` judges it, `hint` helps, `load_answer` uses it later.

Importing this costs milliseconds: torch is imported only by the checks of the loss, so that the notebooks before the
network start at once.
"""

from posenet_lib.workbook.answers import answer_source, load_answer, missing_answers
from posenet_lib.workbook.checks import check, run_checks
from posenet_lib.workbook.feedback import CheckFailed
from posenet_lib.workbook.hints import hint
from posenet_lib.workbook.recording import answer

__all__ = ["CheckFailed", "answer", "answer_source", "check", "hint", "load_answer", "missing_answers", "run_checks"]
